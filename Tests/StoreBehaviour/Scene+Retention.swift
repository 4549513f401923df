import AuthEvents
import Challenges
import Clocks
import Deliveries
import Limits
import Spend
import Store
import TestSupport
import Testing

/// What is no longer kept.
extension Scene {
    private static let day = Duration.seconds(86_400)

    /// Goes through one whole round, and returns how many steps there were.
    @discardableResult
    func tidy(_ terms: RetentionTerms = RetentionTerms()) async throws -> Int {
        // The round before has just ended.
        time.pass(.seconds(60))
        for count in 1...10_000 {
            if case .done = try await store.tidy(terms) { return count }
        }
        throw Surprise("the round found no end")
    }

    /// Which of them are there: deliveries by `d`, challenges by `c`, what is gone by `-`.
    private func left(_ deliveries: [DeliveryID], _ challenges: [ChallengeID?] = []) async throws -> String {
        var left = ""
        for id in deliveries { left += try await store.delivery(id, of: nil) == nil ? "-" : "d" }
        for id in challenges { left += try await challenge(id) == nil ? "-" : "c" }
        return left
    }

    func removesWhatHasEnded() async throws {
        let sent = try await accept(Letter(to: "bobby").with { $0.subject = "account" })
        try await settle(beginOne(), .retry, code: "451")
        time.pass(.seconds(120))
        try await settle(beginOne(), .accepted, reference: "queued as 1")
        #expect(try await verify(sent.challengeID, "1").name == "verified")
        let late = try await accept(Letter(to: "carol"))
        time.pass(Scene.day)
        try await sweep()
        #expect(try await state(late.id) == "dead(expired)")
        time.pass(Scene.day * 29 - .seconds(120) - .seconds(61))
        try await tidy()
        #expect(try await left([sent.id], [sent.challengeID]) == "dc")
        time.pass(.seconds(1))
        try await tidy()
        #expect(try await left([sent.id], [sent.challengeID]) == "--")
        #expect(try await left([late.id], [late.challengeID]) == "dc")
        time.pass(.seconds(120))
        try await tidy()
        #expect(try await left([late.id], [late.challengeID]) == "--")
        #expect(try await store.deliveries(DeliveryFilter()).items.isEmpty)
        #expect(try await store.candidates(DeliveryFilter(), after: nil, limit: 10).isEmpty)
        #expect(try await store.cancel(late.id, of: nil) == nil)
        let counts = try await store.standing(of: nil).channels.flatMap(\.counts.values)
        #expect(counts.allSatisfy { $0 == 0 })
        #expect(try await verify(late.challengeID, "1").name == "not found")
    }

    func keepsWhatHasNotEnded() async throws {
        try await openReporting()
        let long: @Sendable (inout Letter) -> Void = { $0.life = Scene.day * 60 }
        let waits = try await accept(Letter(to: "ready").with(long))
        let unheard = try await sendSMS("unheard")
        try await settle(unheard, .accepted)
        let unknown = try await sendSMS("unknown")
        try await settle(unknown, .unknown)
        time.pass(.milliseconds(1))
        let proves = try await accept(Letter(to: "open", .mfa).with(long))
        try await settle(beginOne(at: Scene.mail), .accepted)
        time.pass(Scene.day * 31)
        try await tidy()
        #expect(try await state(waits.id) == "ready")
        #expect(try await state(of: unheard) == "accepted")
        #expect(try await state(of: unknown) == "unknown")
        #expect(try await state(proves.id) == "accepted")
        #expect(try await verify(proves.challengeID, "1").name == "verified")
        try await sweep()
        try await tidy()
        #expect(try await left([unheard.token.delivery, unknown.token.delivery, proves.id]) == "---")
        #expect(try await claimOne().token.delivery == waits.id)
    }

    func removesAChallengeAsAWhole() async throws {
        let long: @Sendable (inout Letter) -> Void = { letter in
            letter.life = Scene.day * 20
            letter.session = "s"
        }
        let both = party("bobby").with(long)
        let first = try await acceptParty(both)
        for _ in 1...2 { try await settle(beginOne(), .refused) }
        time.pass(Scene.day * 5)
        // One of the two is sent again under its challenge, by an event of its own.
        let again = try await accept(Letter(to: "bobby phone", .mfa, by: .sms).with(long))
        #expect(again.challengeID == first.sms.challengeID)
        try await settle(beginOne(), .refused)
        time.pass(Scene.day * 26)
        try await tidy()
        #expect(try await left([first.mail.id], [first.mail.challengeID]) == "--")
        #expect(try await left([first.sms.id, again.id], [again.challengeID]) == "ddc")
        time.pass(Scene.day * 5)
        try await tidy()
        #expect(try await left([first.sms.id, again.id], [again.challengeID]) == "---")
    }

    func removesInSlices() async throws {
        try await accept((1...1200).map { Letter(to: "person-\($0)") })
        time.pass(Scene.day)
        try await sweep()
        time.pass(Scene.day * 30)
        let live = try await accept(Letter(to: "bobby"))
        #expect(try await tidy() > 3)
        #expect(try await store.deliveries(DeliveryFilter()).items.map(\.id) == [live.id])
    }

    func knowsRemovedEventsForSevenDays() async throws {
        let letter = Letter(to: "bobby").with { $0.name = "one" }
        let delivery = try await accept(letter)
        try await settle(beginOne(), .accepted)
        time.pass(Scene.day * 2)
        let soon = RetentionTerms(deliveries: Scene.day, tokens: Scene.day)
        try await tidy(soon)
        #expect(try await left([delivery.id]) == "-")
        // What was answered is no longer known, but that it was is.
        let again = try await store.accept(stationery.submission(letter, at: time.now()))
        guard case .duplicate(let known) = again else { throw Surprise("it was answered \(again)") }
        #expect(known.deliveries.isEmpty)
        #expect(try await claim().isEmpty)
        time.pass(Scene.day * 5)
        try await tidy(soon)
        try await accept(letter)
        #expect(try await claim().count == 1)
    }

    func reportsTheSameSpendAfterwards() async throws {
        try await open([.cents(50, period: .month)])
        let groups = Set(SpendGroup.allCases)
        let first = try await accept(sms("bobby"))
        let begun = try await beginOne(for: .cents(2))
        try await settle(begun, .accepted)
        time.pass(.seconds(14 * 3600))
        let billing = time.now()
        try await settle(begun, .accepted, price: .cents(1))
        #expect(try await verify(first.challengeID, "1").name == "verified")
        try await accept(sms("carol"))
        try await settle(beginOne(for: .cents(1)), .refused)
        let always = Instant.distantPast..<Instant.distantFuture
        let periods = [always, billing..<Instant.distantFuture]
        var before: [SpendReport] = []
        for period in periods { before.append(try await store.spend(SpendQuery(period: period, groups: groups))) }
        let entries = try await entries()
        time.pass(Scene.day * 31)
        try await tidy()
        #expect(try await store.deliveries(DeliveryFilter()).items.isEmpty)
        for (period, report) in zip(periods, before) {
            let after = try await store.spend(SpendQuery(period: period, groups: groups))
            #expect(after.lines == report.lines)
            #expect(!report.lines.isEmpty)
        }
        #expect(before[1].lines.map(\.verified).reduce(0, +) == 1)
        #expect(try await self.entries() == entries)
        // A bill or a receipt that comes so late belongs to nothing any more.
        #expect(try await settle(begun, .accepted, price: .cents(3)) == .stale)
        #expect(try await self.entries() == entries)
    }

    func removesTokensAndReplays() async throws {
        func token(_ name: String, expires: Duration? = nil) -> StoredToken {
            StoredToken(
                id: "tk_" + name,
                hash: Digest(of: name),
                scopes: ["read"],
                tenant: nil,
                gateways: [],
                createdAt: time.now(),
                expiresAt: expires.map { time.now() + $0 }
            )
        }
        try await store.create(token("lives"))
        try await store.create(token("expires", expires: Scene.day))
        try await store.create(token("revoked"))
        _ = try await store.revoke("tk_revoked", of: nil)
        time.pass(Scene.day * 30)
        try await tidy()
        func names() async throws -> Set<String> { Set(try await store.tokens(TokenFilter()).items.map(\.id)) }
        #expect(try await names() == ["tk_lives", "tk_expires"])
        time.pass(Scene.day)
        try await tidy()
        #expect(try await names() == ["tk_lives"])
    }
}
