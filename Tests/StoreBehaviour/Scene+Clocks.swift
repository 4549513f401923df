import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

/// What a wall clock that is set, and ids that come again, must not do.
extension Scene {
    private static let years = Duration.seconds(10 * 365 * 86_400)

    func wallClocksLoseNothing() async throws {
        for jump in [Duration.seconds(-3600), .seconds(3600), Scene.years] {
            let back = Duration.zero - jump
            let isLong = jump == Scene.years
            let delayed = try await accept(Letter(to: "delayed"))
            try await settle(beginOne(), .retry, retryAfter: .seconds(20))
            let leased = try await accept(Letter(to: "leased"))
            let held = try await claimOne()
            #expect(held.token.delivery == leased.id)
            time.setWall(by: jump)
            try await sweep()
            // A lease goes by another clock, and what has one is handed to nobody else.
            #expect(try await state(leased.id) == "leased")
            #expect(try await !claim(by: "another").contains { $0.token.delivery == leased.id })
            // Ten years later a code has expired, and says so.
            #expect(try await begin(held) == (isLong ? .expired : .go))
            if !isLong { #expect(try await settle(held, .accepted) == .applied) }
            time.setWall(by: back)
            time.pass(.seconds(20))
            try await sweep()
            if isLong {
                #expect(try await state(delayed.id) == "dead(expired)")
                #expect(try await claim().isEmpty)
            } else {
                // The clock ran on to where it was due, if it was not handed out before.
                let again = try await claim() + claim(by: "another")
                #expect(again.count <= 1)
                #expect(try await state(delayed.id) == "leased")
                time.pass(GatewayTerms.claimLease)
                try await sweep()
                let last = try await beginOne()
                #expect(last.token.delivery == delayed.id)
                #expect(try await settle(last, .accepted) == .applied)
            }
        }
    }

    func goesOnAfterAClockSetBack() async throws {
        try await sweep()
        let ready = try await accept((1...1200).map { Letter(to: "person-\($0)") })
        let first = try await beginOne()
        try await settle(first, .throttled, retryAfter: .seconds(20))
        time.setWall(by: .seconds(-3600))
        try await sweep()
        // In their order, and before what came later.
        time.pass(.milliseconds(1))
        let later = try await accept(Letter(to: "later"))
        var claimed: [DeliveryID] = []
        while true {
            let more = try await claim(100)
            guard !more.isEmpty else { break }
            claimed += more.map(\.token.delivery)
        }
        #expect(claimed.count == 1200)
        #expect(claimed.last == later.id)
        #expect(Set(claimed) == Set(ready.map(\.id)).subtracting([first.token.delivery]).union([later.id]))
        // A pause is as long as it was meant to be.
        time.pass(.milliseconds(19_998))
        #expect(try await !claim(2000).contains { $0.token.delivery == first.token.delivery })
        time.pass(.milliseconds(1))
        #expect(try await claim(2000).contains { $0.token.delivery == first.token.delivery })
        // Later it counts from where the clock stands now.
        let again = try await accept(Letter(to: "again"))
        time.setWall(by: .seconds(-60))
        try await sweep()
        #expect(try await claim(2000).contains { $0.token.delivery == again.id })
    }

    func endsWaitsAfterAClockSetBack() async throws {
        try await openReporting([.cents(2000)])
        let mail = try await accept(Letter(to: "bobby"))
        let unanswered = try await beginOne(at: Scene.mail)
        // More than one slice.
        try await accept((1...1100).map { sms("person-\($0)") })
        let many = try await claim(2000, at: Scene.sms)
        #expect(many.count == 1100)
        #expect(try await Set(begin(many)) == [.go])
        _ = try await store.settle(many.map { Settlement(token: $0.token, outcome: .accepted) })
        let lost = try await loseSMS("carol")
        #expect(try await settle(unanswered, .unknown) == .applied)
        time.setWall(by: .seconds(-7200))
        try await sweep()
        // The lease of the attempt, what is waited for a receipt after it, and what for one of an accepted message.
        try await expect(mail.id, "unknown", then: "ready", after: .seconds(20))
        try await expect(lost.token.delivery, "unknown", then: "dead(gave_up)", after: .seconds(100))
        let ends = [many[0], many[1099]].map(\.token.delivery)
        time.pass(.seconds(3465) - .milliseconds(1))
        try await sweep()
        for id in ends { #expect(try await state(id) == "accepted") }
        time.pass(.milliseconds(1))
        try await sweep()
        for id in ends { #expect(try await state(id) == "accepted(no_receipt)") }

        try await openAsking { $0.budgets = [.cents(2000)] }
        let asked = try await loseSMS("dora")
        time.setWall(by: .seconds(-7200))
        try await sweep()
        #expect(try await course(of: asked) == "ask_gateway 0 then give_up in 10 s")
        time.pass(.seconds(10))
        try await sweep()
        #expect(try await course(of: asked) == "ask_gateway 0 then give_up in 3590 s")
        time.setWall(by: .seconds(-7200))
        try await sweep()
        #expect(try await course(of: asked) == "ask_gateway 0 then give_up in 3590 s")
    }

    /// Looks where a delivery stands right before a time has passed and when it has.
    private func expect(
        _ id: DeliveryID,
        _ before: String,
        then after: String,
        after wait: Duration
    ) async throws {
        time.pass(wait - .milliseconds(1))
        try await sweep()
        #expect(try await state(id) == before)
        time.pass(.milliseconds(1))
        try await sweep()
        #expect(try await state(id) == after)
    }

    func voidsTokensOfWhatWasRemoved() async throws {
        let submission = stationery.submission(Letter(to: "bobby"), at: time.now())
        guard case .accepted(let first) = try await store.accept(submission) else { throw Surprise("it was refused") }
        let unbegun = try await claimOne()
        try await store.free([unbegun.token])
        let old = try await beginOne()
        #expect(try await settle(old, .accepted) == .applied)
        time.pass(.seconds(31 * 86_400))
        try await tidy()
        #expect(try await store.delivery(old.token.delivery, of: nil) == nil)
        for claimed in [unbegun, old] {
            #expect(try await begin(claimed) == .stale)
            #expect(try await settle(claimed, .refused) == .stale)
        }
        // After a week an event may come anew; here its delivery has the very id of the one that was removed.
        try await lab.reopen()
        guard case .accepted(let second) = try await store.accept(submission) else { throw Surprise("it was refused") }
        #expect(second.deliveries.map(\.id) == first.deliveries.map(\.id))
        for claimed in [unbegun, old] {
            #expect(try await begin(claimed) == .stale)
            #expect(try await settle(claimed, .refused) == .stale)
        }
        let new = try await beginOne()
        #expect(new.token.delivery == old.token.delivery)
        #expect(new.token.fence > old.token.fence)
        for claimed in [unbegun, old] { #expect(try await settle(claimed, .refused) == .stale) }
        #expect(try await state(new.token.delivery) == "sending")
        #expect(try await settle(new, .accepted) == .applied)
    }
}
