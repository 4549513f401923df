import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

extension Scene {
    func claimsByPriority() async throws {
        let purposes: [Purpose] = [.notice, .invitation, .attributeChange, .recovery, .mfa]
        try await accept(purposes.map { Letter(to: $0.name, $0) })
        #expect(try await claim().map(\.purpose) == purposes.reversed())
    }

    func claimsInOrderOfTime() async throws {
        var accepted: [DeliveryID] = []
        for index in 1...5 {
            accepted.append(try await accept(Letter(to: "person-\(index)")).id)
            time.pass(.milliseconds(1))
        }
        #expect(try await claim(3).map(\.token.delivery) == Array(accepted[..<3]))
        #expect(try await claim(3).map(\.token.delivery) == Array(accepted[3...]))
        #expect(try await claim().isEmpty)
    }

    func servesTenantsInTurn() async throws {
        let (big, small) = (try #require(TenantName("big")), try #require(TenantName("small")))
        try await accept((1...1000).map { index in Letter(to: "a\(index)").with { $0.tenant = big } })
        try await accept((1...10).map { index in Letter(to: "b\(index)").with { $0.tenant = small } })
        let alternating = try await claim(1) + claim(1) + claim(1) + claim(1)
        #expect(Set(alternating[0...1].map(\.tenant)) == [big, small])
        #expect(alternating[0...1].map(\.tenant) == alternating[2...3].map(\.tenant))
        let full = try await claim(16)
        #expect(full.count == 16)
        #expect(full.count { $0.tenant == small } == 8)
        #expect(try await claim(20).allSatisfy { $0.tenant == big })
    }

    func handsEachToOneClaimant() async throws {
        try await accept((1...200).map { Letter(to: "person-\($0)") })
        let claimed = try await withThrowingTaskGroup { group in
            for carrier in 1...16 {
                group.addTask {
                    var mine: [ClaimedDelivery] = []
                    while true {
                        let more = try await claim(7, by: "carrier-\(carrier)")
                        guard !more.isEmpty else { return mine }
                        mine += more
                    }
                }
            }
            return try await group.reduce(into: [ClaimedDelivery]()) { $0 += $1 }
        }
        #expect(claimed.count == 200)
        #expect(Set(claimed.map(\.token.delivery)).count == 200)
        #expect(Set(claimed.map(\.token.fence)).count == 200)
        #expect(Set(claimed.map(\.attempt)).count == 200)
    }

    func fencesOnlyGrow() async throws {
        try await accept((1...3).map { Letter(to: "person-\($0)") })
        var fences: [Int64] = []
        for _ in 1...3 {
            let claimed = try await claim()
            #expect(claimed.count == 3)
            fences += claimed.map(\.token.fence)
            try await store.free(claimed.map(\.token))
            try await lab.reopen()
        }
        #expect(fences == fences.sorted())
        #expect(Set(fences).count == 9)
    }

    func claimsOnlyForNamedGateways() async throws {
        try await accept([Letter(to: "bobby"), Letter(to: "carol", .mfa, by: .sms)])
        #expect(try await claim(at: ["sms-main"]).map(\.channel) == [.sms])
        #expect(try await claim(at: ["sms-main", "mail-backup", "nowhere"]).isEmpty)
        #expect(try await claim(at: []).isEmpty)
        #expect(try await claim(at: ["mail-main"]).map(\.gateway.name) == ["mail-main"])
    }

    func handsOutWhatAMessageNeeds() async throws {
        let letter = Letter(to: "bobby").with { letter in
            letter.name = "one"
            letter.digits = 8
        }
        let delivery = try await accept(letter)
        let claimed = try await claimOne()
        #expect(claimed.token == CarrierToken(epoch: store.epoch, delivery: delivery.id, fence: claimed.token.fence))
        #expect(claimed.sealed == SealedBytes(key: "seal-1", bytes: Array("sealed one".utf8)))
        let challenge = try #require(delivery.challenge)
        #expect(claimed.code == CodePlace(challenge: challenge.id, number: 1, digits: 8, key: "code-1"))
        #expect(claimed.tenant == .default)
        #expect(claimed.locale == "en")
        #expect(claimed.expiresAt == challenge.expiresAt)
        #expect(claimed.sendBefore == challenge.expiresAt - .seconds(60))
        #expect(try await report(delivery.id).event == claimed.event)
    }

    func wakesWhoWaits() async throws {
        let mark = store.workMark()
        let end = time.boot() + .seconds(600)
        async let waiting: Void = store.waitForWork(at: ["sms-main"], since: mark, until: end)
        // A mail does not wake a carrier of SMS; what it waits for does, and also when it came before the wait began.
        try await accept(Letter(to: "bobby"))
        try await accept(Letter(to: "bobby", .mfa, by: .sms))
        await waiting
        #expect(try await claim(at: Scene.sms).count == 1)
        await store.waitForWork(at: ["sms-main"], since: mark, until: end)
        await store.waitForWork(at: ["sms-main"], since: store.workMark(), until: time.boot())
        #expect(store.workMark() != mark)
    }

    func wakesForWhatComesBack() async throws {
        try await accept(Letter(to: "bobby"))
        let claimed = try await claimOne()
        let mark = store.workMark()
        let end = time.boot() + .seconds(600)
        async let waiting: Void = store.waitForWork(at: Scene.mail, since: mark, until: end)
        try await store.free([claimed.token])
        await waiting
        #expect(try await claimOne().token.delivery == claimed.token.delivery)
        time.pass(.seconds(5))
        async let second: Void = store.waitForWork(at: Scene.mail, since: store.workMark(), until: end)
        try await sweep()
        await second
        #expect(try await claimOne().token.delivery == claimed.token.delivery)
    }
}
