import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

extension Scene {
    func sendsMailAgainAfterTheLease() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let lost = try await beginOne()
        time.pass(.seconds(35) - .milliseconds(1))
        try await sweep()
        #expect(try await state(delivery.id) == "sending")
        #expect(try await claim().isEmpty)
        time.pass(.milliseconds(1))
        try await sweep()
        #expect(try await report(delivery.id).attempts.map(\.outcome) == [.unknown])
        let again = try await beginOne()
        #expect(again.token.fence > lost.token.fence)
        #expect(again.attempt != lost.attempt)
        try await settle(again, .accepted)
        let report = try await report(delivery.id)
        #expect(report.state == .accepted)
        #expect(report.attempts.map(\.number) == [1, 2])
        #expect(report.attempts.map(\.outcome) == [.unknown, .accepted])
    }

    func aReportedUnknownWaitsForTheLeaseToo() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let begun = try await beginOne()
        time.pass(.seconds(10))
        #expect(try await settle(begun, .unknown) == .applied)
        #expect(try await settle(begun, .unknown) == .applied)
        #expect(try await state(delivery.id) == "unknown")
        // The wall clock is no lease.
        time.setWall(by: .seconds(3600))
        try await sweep()
        #expect(try await state(delivery.id) == "unknown")
        time.pass(.seconds(25) - .milliseconds(1))
        try await sweep()
        #expect(try await state(delivery.id) == "unknown")
        time.pass(.milliseconds(1))
        try await sweep()
        #expect(try await state(delivery.id) == "ready")
    }

    func givesUpSMS() async throws {
        let delivery = try await accept(Letter(to: "bobby", .recovery, by: .sms))
        let begun = try await beginOne()
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await state(delivery.id) == "unknown")
        time.pass(.seconds(120) - .milliseconds(1))
        try await sweep()
        #expect(try await state(delivery.id) == "unknown")
        try await lab.reopen()
        time.pass(.milliseconds(1))
        try await sweep()
        #expect(try await state(delivery.id) == "dead(gave_up)")
        #expect(try await settle(begun, .accepted, reference: "SM7") == .recorded)
        #expect(try await settle(begun, .accepted, reference: "SM7") == .recorded)
        let report = try await report(delivery.id)
        #expect(report.state == .dead)
        #expect(report.attempts.map(\.outcome) == [.accepted])
        #expect(report.attempts.map(\.gatewayReference) == ["SM7"])
    }

    func givesUpNoticesAndWhatIsTooLate() async throws {
        let notice = try await accept(Letter(to: "bobby", .notice))
        let late = try await accept(Letter(to: "carol").with { $0.life = .seconds(70) })
        for _ in 1...2 { _ = try await beginOne() }
        time.pass(.seconds(35))
        try await sweep()
        #expect(try await state(notice.id) == "dead(gave_up)")
        #expect(try await state(late.id) == "dead(gave_up)")
    }

    func appliesLateOutcomesWhileUnknown() async throws {
        let deliveries = try await accept((1...4).map { Letter(to: "person-\($0)", .recovery, by: .sms) })
        let outcomes: [Outcome] = [.accepted, .refused, .retry, .unknown]
        var begun: [DeliveryID: ClaimedDelivery] = [:]
        for claimed in try await claim() {
            #expect(try await begin(claimed) == .go)
            begun[claimed.token.delivery] = claimed
        }
        time.pass(.seconds(15))
        try await sweep()
        for (delivery, outcome) in zip(deliveries, outcomes) {
            let token = try #require(begun[delivery.id])
            #expect(try await settle(token, outcome, reference: "late") == .applied)
            #expect(try await settle(token, outcome, reference: "late") == .applied)
        }
        var states: [String] = []
        for delivery in deliveries { states.append(try await state(delivery.id)) }
        #expect(states == ["accepted", "dead(refused)", "ready", "unknown"])
        time.pass(.seconds(120))
        try await sweep()
        #expect(try await state(deliveries[0].id) == "accepted")
        #expect(try await state(deliveries[2].id) == "ready")
        #expect(try await state(deliveries[3].id) == "dead(gave_up)")
    }

    /// Late outcomes of the first attempt come while the second is ready, leased, under way and done.
    func recordsLateOutcomesOnceSentAgain() async throws {
        let deliveries = try await accept((1...4).map { Letter(to: "person-\($0)") })
        var lost: [DeliveryID: ClaimedDelivery] = [:]
        for claimed in try await claim() {
            #expect(try await begin(claimed) == .go)
            lost[claimed.token.delivery] = claimed
        }
        time.pass(.seconds(35))
        try await sweep()
        for claimed in try await claim() {
            switch claimed.token.delivery {
            case deliveries[0].id: try await store.free([claimed.token])
            case deliveries[1].id: break
            case deliveries[2].id: #expect(try await begin(claimed) == .go)
            default:
                #expect(try await begin(claimed) == .go)
                try await settle(claimed, .refused)
            }
        }
        let states = ["ready", "leased", "sending", "dead(refused)"]
        for (delivery, expected) in zip(deliveries, states) {
            let first = try #require(lost[delivery.id])
            #expect(try await settle(first, .accepted, reference: "late") == .recorded, "while \(expected)")
            #expect(try await settle(first, .accepted, reference: "late") == .recorded, "while \(expected)")
            #expect(try await state(delivery.id) == expected)
            let attempts = try await report(delivery.id).attempts
            #expect(attempts.first?.outcome == .accepted)
            #expect(attempts.first?.gatewayReference == "late")
        }
    }

    func countsALateOutcomeOnce() async throws {
        let delivery = try await accept(Letter(to: "bobby", .recovery, by: .sms))
        let lost = try await beginOne()
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await settle(lost, .retry, code: "500") == .applied)
        for attempt in 2...6 {
            time.pass(.seconds(60))
            #expect(try await state(delivery.id) == "ready", "before attempt \(attempt)")
            try await settle(beginOne(), .retry, code: "500")
        }
        #expect(try await state(delivery.id) == "dead(exhausted)")
    }

    func sendsNothingMoreOnceAnswered() async throws {
        let mails = try await accept((1...3).map { Letter(to: "person-\($0)") })
        let sms = try await accept(Letter(to: "person", .recovery, by: .sms))
        var begun: [DeliveryID: ClaimedDelivery] = [:]
        for claimed in try await claim() {
            #expect(try await begin(claimed) == .go)
            begun[claimed.token.delivery] = claimed
        }
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await state(sms.id) == "unknown")
        for delivery in mails[..<2] + [sms] {
            #expect(try await verify(delivery.challengeID, "1").name == "verified")
        }
        #expect(try await state(sms.id) == "dead(answered)")
        #expect(try await settle(#require(begun[mails[0].id]), .retry, code: "451") == .applied)
        #expect(try await state(mails[0].id) == "dead(answered)")
        for _ in 1...5 { _ = try await verify(mails[2].challengeID, "wrong") }
        time.pass(.seconds(20))
        try await sweep()
        #expect(try await state(mails[1].id) == "dead(answered)")
        #expect(try await state(mails[2].id) == "dead(cancelled)")
        #expect(try await settle(#require(begun[sms.id]), .accepted, reference: "SM7") == .recorded)
        #expect(try await claim().isEmpty)
    }

    func sendsNoOlderDeliveryAfterAResend() async throws {
        let first = try await accept(Letter(to: "bobby"))
        let second = try await accept(Letter(to: "carol"))
        let begun = try await claim()
        #expect(try await begin(begun) == [.go, .go])
        time.pass(.seconds(10))
        let news = try await accept([Letter(to: "bobby"), Letter(to: "carol")])
        try await settle(#require(begun.first { $0.token.delivery == first.id }), .retry, code: "451")
        #expect(try await state(first.id) == "dead(superseded)")
        time.pass(.seconds(25))
        try await sweep()
        #expect(try await state(second.id) == "dead(superseded)")
        #expect(Set(try await claim().map(\.token.delivery)) == Set(news.map(\.id)))
    }
}
