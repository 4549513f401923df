import AuthEvents
import Deliveries
import Store
import TestSupport
import Testing

extension Scene {
    private static let others: [Set<String>] = [[], ["mail-backup"], ["sms-main", "mail-backup"], ["nowhere"]]

    private func begin(_ claimed: ClaimedDelivery, for gateways: Set<String>) async throws -> BeginResult {
        let spend = claimed.channel == .sms ? BeginItem.Spend.quote(quote(.cents(1))) : .none
        return try #require(
            try await store.begin([BeginItem(token: claimed.token, spend: spend)], for: gateways).first
        )
    }

    private func settle(
        _ claimed: ClaimedDelivery,
        _ outcome: Outcome,
        for gateways: Set<String>
    ) async throws -> SettleResult {
        try #require(try await store.settle([Settlement(token: claimed.token, outcome: outcome)], for: gateways).first)
    }

    func beginsForItsGateways() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let claimed = try await claimOne()
        for gateways in Scene.others { #expect(try await begin(claimed, for: gateways) == .stale) }
        #expect(try await state(delivery.id) == "leased")
        #expect(try await report(delivery.id).attempts.isEmpty)
        #expect(try await begin(claimed, for: ["mail-main", "sms-main"]) == .go)
        for gateways in Scene.others { #expect(try await begin(claimed, for: gateways) == .stale) }
        #expect(try await begin(claimed, for: ["mail-main"]) == .go)
        #expect(try await report(delivery.id).attempts.count == 1)

        // What another could end by a wrong figure, and its money.
        let text = try await accept(Letter(to: "carol", .mfa, by: .sms))
        let dear = try await claimOne(at: Scene.sms)
        let mismatch = [BeginItem(token: dear.token, spend: .mismatch)]
        #expect(try await store.begin(mismatch, for: ["mail-main"]) == [.stale])
        #expect(try await state(text.id) == "leased")
        // Several in one call are judged one by one.
        let items = [BeginItem(token: claimed.token), mismatch[0]]
        #expect(try await store.begin(items, for: ["mail-main"]) == [.go, .stale])
        #expect(try await begin(dear, for: ["sms-main"]) == .go)
    }

    func settlesForItsGateways() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let unbegun = try await claimOne()
        for gateways in Scene.others {
            for outcome in [Outcome.released, .refused, .accepted] {
                #expect(try await settle(unbegun, outcome, for: gateways) == .stale)
            }
        }
        #expect(try await state(delivery.id) == "leased")
        #expect(try await begin(unbegun) == .go)
        for gateways in Scene.others { #expect(try await settle(unbegun, .refused, for: gateways) == .stale) }
        #expect(try await state(delivery.id) == "sending")
        #expect(try await report(delivery.id).attempts.first?.outcome == nil)
        #expect(try await settle(unbegun, .accepted, for: ["mail-main"]) == .applied)
        for gateways in Scene.others { #expect(try await settle(unbegun, .accepted, for: gateways) == .stale) }
        #expect(try await settle(unbegun, .accepted, for: ["mail-main"]) == .applied)
        #expect(try await state(delivery.id) == "accepted")
    }

    func keepsAttemptsToTheirGateway() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        try await accept((1...4).map { Letter(to: "unlucky-\($0)") })
        let unlucky = try await claim(at: ["mail-main"])
        for result in try await begin(unlucky) { #expect(result == .go) }
        for claimed in unlucky { try await settle(claimed, .retry, code: Outcome.unreachableCode) }
        try await sweep()
        let first = try #require(unlucky.first { $0.token.delivery == delivery.id })
        // While it waits at the other gateway, is with a carrier there, and has ended.
        func check() async throws {
            #expect(try await report(delivery.id).gateway == "mail-backup")
            #expect(try await settle(first, .retry, for: ["mail-backup"]) == .stale)
            #expect(try await settle(first, .retry, for: ["mail-main"]) == .applied)
            #expect(try await begin(first, for: ["mail-backup"]) == .stale)
        }
        try await check()
        time.pass(.seconds(2))
        let second = try #require(
            try await claim(at: ["mail-backup"]).first { $0.token.delivery == delivery.id }
        )
        #expect(try await begin(second, for: ["mail-main"]) == .stale)
        #expect(try await begin(second, for: ["mail-backup"]) == .go)
        try await check()
        #expect(try await settle(second, .accepted, for: ["mail-main"]) == .stale)
        #expect(try await settle(second, .accepted, for: ["mail-backup"]) == .applied)
        try await check()
        #expect(try await report(delivery.id).attempts.map(\.gateway) == ["mail-main", "mail-backup"])
    }
}
