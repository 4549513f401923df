import AuthEvents
import Challenges
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

/// What happened to deliveries between their attempts.
extension Scene {
    /// The notes of a delivery as one says them: `ready > parked (held)`.
    private func changes(_ id: DeliveryID) async throws -> [String] {
        try await chronicle(id).notes.map { note in
            let why = [note.reason?.name, note.cause?.rawValue].compactMap(\.self)
            return "\(note.from.name) > \(note.to.name)" + (why.isEmpty ? "" : " (\(why.joined(separator: ", ")))")
        }
    }

    private func last(_ id: DeliveryID) async throws -> DeliveryNote {
        try #require(try await chronicle(id).notes.last)
    }

    func leavesNoNoteOnTheUsualWay() async throws {
        let start = time.now()
        let delivery = try await accept(sms("bobby"))
        time.pass(.seconds(1))
        let claimed = try await claimOne(at: Scene.sms)
        #expect(try await chronicle(delivery.id).claim?.carrier == "carrier")
        #expect(try await chronicle(delivery.id).claim?.at == start + .seconds(1))
        time.pass(.seconds(1))
        #expect(try await begin(claimed) == .go)
        time.pass(.seconds(1))
        try await settle(claimed, .accepted, reference: "SM1")
        time.pass(.seconds(60))
        let chronicle = try await chronicle(delivery.id)
        #expect(chronicle.notes.isEmpty && chronicle.lostNotes == 0 && chronicle.claim == nil)
        #expect(chronicle.endedAt == start + .seconds(3))
        let attempt = try #require(chronicle.attempts.first)
        #expect((attempt.carrier, attempt.claimedAt) == ("carrier", start + .seconds(1)))
        #expect((attempt.at, attempt.settledAt) == (start + .seconds(2), start + .seconds(3)))
        #expect((attempt.outcome, attempt.isLate, attempt.gatewayReference) == (.accepted, false, "SM1"))
        #expect(chronicle.bookings.map(\.kind) == [.reserved, .committed])
        #expect(chronicle.bookings.map(\.at) == [start, start + .seconds(2)])
        #expect(chronicle.bookings.map(\.attempt) == [nil, 1])
    }

    func notesWhatParksAndFrees() async throws {
        let delivery = try await accept(text(to: "+12425550100", in: "BS"))
        let hold = try await hold(.prefix, "+1242", reason: "pumping")
        try await sweep()
        let held = try await last(delivery.id)
        #expect(held.stop == DeliveryNote.Stop(scope: .prefix, reason: "pumping", until: hold.until))
        #expect(try await store.removeHold(hold.id, of: nil))
        try await sweep()
        try await store.pause(.sms)
        try await sweep()
        try await store.resume(.sms)
        try await sweep()
        let way = ["ready > parked (held)", "parked > ready", "ready > parked (paused)", "parked > ready"]
        #expect(try await changes(delivery.id) == way)
        try await open([.cents(1)])
        let other = try await begin(beginnable(delivery.id), for: .cents(2))
        #expect(other == .overBudget)
        let over = try await last(delivery.id)
        #expect((over.from, over.reason, over.carrier) == (.leased, .overBudget, "carrier"))
        let budget = try #require(over.budget)
        #expect((budget.name, budget.reserved, budget.committed) == ("all", 10_000, 0))
        #expect((budget.limit, budget.amount) == (.cents(1), .cents(2)))
        try await open([.cents(9)])
        try await sweep()
        #expect(try await changes(delivery.id).last == "parked > ready")
        let bookings = try await chronicle(delivery.id).bookings.map(\.kind)
        #expect(bookings == [.reserved, .released, .reserved])
    }

    private func beginnable(_ id: DeliveryID) async throws -> ClaimedDelivery {
        let claimed = try await claimOne(at: Scene.sms)
        try #require(claimed.token.delivery == id)
        return claimed
    }

    func notesWhatComesBack() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        _ = try await claimOne()
        time.pass(.seconds(5))
        try await sweep()
        let lost = try await last(delivery.id)
        #expect((lost.from, lost.to, lost.carrier, lost.deaths) == (.leased, .ready, "carrier", 1))
        #expect(lost.claimedAt == time.now() - .seconds(5))
        try await settle(claimOne(), .released, retryAfter: .seconds(20))
        let released = try await last(delivery.id)
        #expect((released.carrier, released.deaths, released.due) == ("carrier", nil, time.now() + .seconds(20)))
        time.pass(.seconds(20))
        try await settle(beginOne(), .throttled, retryAfter: .seconds(90))
        let again = try await last(delivery.id)
        #expect((again.from, again.to, again.due) == (.sending, .ready, time.now() + .seconds(90)))
        #expect(again.carrier == nil)
        #expect(try await chronicle(delivery.id).attempts.map(\.outcome) == [.throttled])
        try await takeDown(.email)
        try await sweep()
        let moved = try await last(delivery.id)
        #expect((moved.gateway, moved.formerGateway, moved.obstacle) == ("mail-backup", "mail-main", .down))
    }

    func notesUnknownOutcomes() async throws {
        let lost = try await accept(sms("bobby"))
        _ = try await beginOne(at: Scene.sms)
        time.pass(.seconds(15))
        try await sweep()
        let silence = try await last(lost.id)
        #expect((silence.from, silence.to, silence.cause) == (.sending, .unknown, .silence))
        #expect((silence.due, silence.sequel) == (time.now() + .seconds(120), "give_up"))
        time.pass(.seconds(120))
        try await sweep()
        #expect(try await state(lost.id) == "dead(gave_up)")
        #expect(try await chronicle(lost.id).endedAt == time.now())
        let mail = try await accept(Letter(to: "carol"))
        try await settle(beginOne(), .unknown)
        let reported = try await last(mail.id)
        #expect((reported.cause, reported.sequel) == (nil, "send_again"))
        time.pass(.seconds(35))
        try await sweep()
        #expect(try await changes(mail.id) == ["sending > unknown", "unknown > ready"])
    }

    func notesWhatGatewaysAnswer() async throws {
        try await openAsking()
        let lost = try await loseSMS()
        for outcome in [Outcome.unknown, .refused] {
            time.pass(.seconds(20))
            try await sweep()
            _ = try await answer(try #require(try await questions().first), outcome)
        }
        let notes = try await chronicle(lost.token.delivery).notes
        #expect(notes.map(\.answer) == [nil, .unknown, nil, .refused])
        #expect(notes.map(\.step) == [.askGateway, nil, .askGateway, nil])
        #expect(notes[2].due == notes[1].at + .seconds(20) && notes[2].sequel == "give_up")
        #expect(notes.map(\.gateway) == [String?](repeating: "sms-main", count: 4))
        #expect(try await state(of: lost) == "dead(refused)")
    }

    func notesWhatEndedIt() async throws {
        let cancelled = try await accept(Letter(to: "bobby"))
        #expect(try await store.cancel(cancelled.id, of: nil) == true)
        let suppressed = try await accept(Letter(to: "carol"))
        try await suppress("carol")
        let locked = try await accept(Letter(to: "dora"))
        for _ in 1...5 { _ = try await verify(locked.challengeID, "wrong") }
        let miscounted = try await accept(sms("erin"))
        let claimed = try await claimOne(at: Scene.sms)
        let result = try await store.begin([BeginItem(token: claimed.token, spend: .mismatch)])
        #expect(result == [.mismatch])
        let unwritable = try await accept(Letter(to: "fred"))
        try await store.refuse(claimOne().token)
        let answered = try await accept(Letter(to: "gina"))
        _ = try await verify(answered.challengeID, "1")
        let ends = [cancelled, suppressed, locked, miscounted, unwritable, answered]
        var told: [[String]] = []
        for delivery in ends { told.append(try await changes(delivery.id)) }
        #expect(
            told == [
                ["ready > dead (cancelled, by_hand)"], ["ready > dead (cancelled, suppressed)"],
                ["ready > dead (cancelled, locked)"], ["leased > dead (refused, mismatch)"],
                ["leased > dead (refused, unwritable)"], [],
            ]
        )
        for delivery in ends { #expect(try await chronicle(delivery.id).endedAt == time.now()) }
        #expect(try await chronicle(answered.id).verified == answered.challengeID)
    }

    func keepsTheFirstAndTheLastNotes() async throws {
        var settings = lab.settings
        settings.stories.notes = 5
        try await lab.reopen(with: settings)
        let delivery = try await accept(Letter(to: "bobby"))
        for _ in 1...6 {
            try await store.pause(.email)
            try await sweep()
            time.pass(.seconds(1))
            try await store.resume(.email)
            try await sweep()
        }
        let chronicle = try await chronicle(delivery.id)
        #expect(chronicle.notes.count == 5 && chronicle.lostNotes == 7)
        let start = delivery.id.createdAt
        let seconds = chronicle.notes.map { ($0.at - start).milliseconds / 1000 }
        #expect(seconds == [0, 1, 5, 5, 6])
    }

    func tellsWhatTookItsPlace() async throws {
        let letter = Letter(to: "bobby")
        let first = try await accept(letter)
        let second = try await accept(letter.with { $0.name = "again" })
        let overtaken = try await chronicle(first.id)
        #expect((overtaken.later?.delivery, overtaken.later?.event) == (second.id, "again"))
        #expect(overtaken.replayed == nil && overtaken.origin == nil)
        try await settle(beginOne(), .refused)
        time.pass(.seconds(1))
        try await replay(letter)
        let failed = try await chronicle(second.id)
        let made = try #require(failed.replayed)
        #expect(made.replay != nil && made.at == time.now())
        #expect(try await chronicle(made.delivery).origin?.delivery == second.id)
        #expect(try await chronicle(made.delivery).decision?.opening == .replayed)
        let told = try await accept(Letter(to: "carol", .notice).with { $0.proves = false })
        #expect(try await chronicle(told.id).later == nil)
    }
}
