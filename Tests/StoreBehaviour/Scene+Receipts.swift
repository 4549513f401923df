import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

extension Scene {
    /// Both gateways for SMS report; those for mail do not.
    static let reporting = RoutingTable(
        gateways: StoreBehaviour.routing.gateways.map { $0.reporting } + [StoreBehaviour.sms("sms-backup").reporting]
    )

    func openReporting(_ budgets: [Budget] = [.cents(100)], sendsAgain: Bool = false) async throws {
        try await open(budgets) { settings in
            settings.routing = Scene.reporting
            if sendsAgain { Scene.sendsAgain(&settings) }
        }
    }

    /// An SMS under way.
    func sendSMS(_ person: String = "bobby") async throws -> ClaimedDelivery {
        try await accept(sms(person))
        return try await beginOne(for: .cents(1))
    }

    func receive(
        _ state: ReceiptState,
        of claimed: ClaimedDelivery,
        code: String? = nil,
        price: Money? = nil
    ) async throws -> ReceiptResult {
        let receipt = Receipt(state: state, code: code, price: price)
        return try await store.receive(receipt, of: claimed.gateway.name, at: claimed.attempt)
    }

    func receipts(of claimed: ClaimedDelivery) async throws -> [String] {
        try await report(claimed.token.delivery).receipts.map { $0.state.name + ($0.code.map { " \($0)" } ?? "") }
    }

    func state(of claimed: ClaimedDelivery) async throws -> String { try await state(claimed.token.delivery) }
}

extension GatewayTerms {
    fileprivate var reporting: GatewayTerms {
        var terms = self
        if channel == .sms { terms.receiptTimeout = .seconds(3600) }
        return terms
    }
}

// MARK: States

extension Scene {
    func receiptsSayWhatBecame() async throws {
        try await openReporting()
        let sent = try await sendSMS()
        try await settle(sent, .accepted, reference: "SM1")
        #expect(try await receive(.accepted, of: sent) == .known)
        time.pass(.seconds(5))
        for result in [ReceiptResult.applied, .known, .known] {
            #expect(try await receive(.undelivered, of: sent, code: "30008") == result)
            #expect(try await state(of: sent) == "undelivered")
        }
        try await lab.reopen()
        #expect(try await receive(.delivered, of: sent) == .applied)
        #expect(try await state(of: sent) == "delivered")
        #expect(try await receive(.undelivered, of: sent, code: "30008") == .known)
        #expect(try await receive(.undelivered, of: sent, code: "30003") == .recorded)
        #expect(try await receive(.accepted, of: sent) == .known)
        #expect(try await state(of: sent) == "delivered")
        #expect(try await receipts(of: sent) == ["undelivered 30008", "delivered", "undelivered 30003"])
        let first = try #require(try await report(sent.token.delivery).receipts.first)
        #expect(first.at == time.now())
    }

    func receiptsFindTheirMessage() async throws {
        try await openReporting()
        let one = try await sendSMS()
        try await settle(one, .accepted, reference: "SM1")
        let other = try await sendSMS("carol")
        try await settle(other, .accepted, reference: "SM2")
        func receive(_ receipt: Receipt, of gateway: String = "sms-main", at address: AttemptID? = nil) async throws
            -> ReceiptResult
        {
            try await store.receive(receipt, of: gateway, at: address)
        }
        var receipt = Receipt(reference: "SM1", state: .delivered, coversAddress: false)
        // No message, no gateway, another gateway.
        #expect(try await receive(Receipt(reference: "SM3", state: .delivered)) == .notOurs)
        #expect(try await receive(Receipt(state: .delivered)) == .notOurs)
        for gateway in ["sms-other", "sms-backup", "mail-main"] {
            #expect(try await receive(receipt, of: gateway) == .notOurs)
            #expect(try await receive(receipt, of: gateway, at: one.attempt) == .noAttempt)
        }
        // An attempt that never was, and a receipt that is copied to the address of another.
        var generator = SystemRandomNumberGenerator()
        let stranger = AttemptID(at: time.now(), using: &generator)
        #expect(try await receive(receipt, at: stranger) == .noAttempt)
        #expect(try await receive(receipt, at: other.attempt) == .noAttempt)
        receipt.attempt = one.attempt
        receipt.coversAddress = true
        #expect(try await receive(receipt, at: other.attempt) == .noAttempt)
        #expect(try await state(of: one) == "accepted")
        #expect(try await state(of: other) == "accepted")
        // By its own name for the attempt, by the gateway's for the message, by the address.
        receipt.reference = nil
        #expect(try await receive(receipt) == .applied)
        #expect(try await receive(Receipt(reference: "SM2", state: .undelivered)) == .applied)
        #expect(
            try await receive(Receipt(reference: "SM2", state: .delivered, coversAddress: false), at: other.attempt)
                == .applied
        )
        #expect(try await state(of: one) == "delivered")
        #expect(try await state(of: other) == "delivered")
    }

    func receiptsMayComeBeforeTheReport() async throws {
        try await openReporting()
        let outcomes: [Outcome] = [.accepted, .refused, .retry, .unknown, .released]
        for (outcome, state) in zip(outcomes, [ReceiptState.delivered, .delivered, .undelivered, .accepted, .accepted])
        {
            let sent = try await sendSMS(outcome.name)
            #expect(try await receive(state, of: sent) == .applied)
            #expect(try await self.state(of: sent) == state.name)
            #expect(try await report(sent.token.delivery).attempts.map(\.outcome) == [.accepted])
            for _ in 1...2 {
                #expect(try await settle(sent, outcome, code: "201", reference: "SM-\(outcome.name)") == .recorded)
            }
            #expect(try await self.state(of: sent) == state.name)
            let attempt = try #require(try await report(sent.token.delivery).attempts.first)
            #expect(attempt.outcome == .accepted)
            #expect(attempt.gatewayReference == (outcome == .accepted ? "SM-accepted" : nil))
            #expect(try await story(sent.token.delivery) == ["reserved 0.01", "committed 1 0.01"])
            #expect(try await begin(sent) == .stale)
            let copy = Receipt(reference: "SM-\(outcome.name)", state: .delivered)
            let expected: ReceiptResult = outcome == .accepted ? .known : .notOurs
            #expect(try await store.receive(copy, of: "sms-main", at: nil) == expected)
        }
    }

    func receiptsDecideWhatIsUnknown() async throws {
        try await openReporting()
        for state in ReceiptState.allCases {
            let lost = try await sendSMS(state.name)
            time.pass(.seconds(15))
            try await sweep()
            #expect(try await self.state(of: lost) == "unknown")
            #expect(try await receive(state, of: lost) == .applied)
            #expect(try await self.state(of: lost) == state.name)
            time.pass(.seconds(120))
            try await sweep()
            #expect(try await self.state(of: lost) == state.name)
            #expect(try await settle(lost, .refused) == .recorded)
            #expect(try await report(lost.token.delivery).attempts.map(\.outcome) == [.unknown])
            #expect(try await settle(lost, .accepted, reference: "SM") == .recorded)
            #expect(try await report(lost.token.delivery).attempts.map(\.gatewayReference) == ["SM"])
            #expect(try await story(lost.token.delivery) == ["reserved 0.01", "committed 1 0.01"])
        }
    }

    func receiptsReviveWhatWasGivenUp() async throws {
        try await openReporting()
        let lost = try await sendSMS()
        time.pass(.seconds(15))
        try await sweep()
        time.pass(.seconds(120))
        try await sweep()
        #expect(try await state(of: lost) == "dead(gave_up)")
        #expect(try await receive(.accepted, of: lost) == .known)
        #expect(try await state(of: lost) == "dead(gave_up)")
        #expect(try await receive(.undelivered, of: lost) == .applied)
        #expect(try await state(of: lost) == "undelivered")
        #expect(try await receive(.delivered, of: lost) == .applied)
        #expect(try await state(of: lost) == "delivered")
        #expect(try await used() == 1)
    }

    func receiptsChangeNothingThatEndedOtherwise() async throws {
        try await openReporting()
        let refused = try await sendSMS()
        try await settle(refused, .refused)
        #expect(try await receive(.delivered, of: refused) == .recorded)
        #expect(try await state(of: refused) == "dead(refused)")
        let again = try await sendSMS("carol")
        try await settle(again, .retry)
        #expect(try await receive(.delivered, of: again) == .recorded)
        #expect(try await state(of: again) == "ready")
        let answered = try await sendSMS("dora")
        try await settle(answered, .unknown)
        let challenge = try await report(answered.token.delivery).challenge
        #expect(try await verify(challenge, "1").name == "verified")
        #expect(try await receive(.delivered, of: answered) == .recorded)
        #expect(try await state(of: answered) == "dead(answered)")
    }

    func receiptsBringNoMoneyBack() async throws {
        try await openReporting()
        for outcome in [Outcome.refused, .retry, .throttled, .released] {
            let sent = try await sendSMS(outcome.name)
            try await settle(sent, outcome)
            #expect(try await receive(.delivered, of: sent) == .recorded)
            let (state, story) = (try await state(of: sent), try await story(sent.token.delivery))
            for _ in 1...2 { #expect(try await settle(sent, .accepted, reference: "SM") == .recorded) }
            #expect(try await report(sent.token.delivery).attempts.map(\.outcome) == [outcome])
            #expect(try await self.state(of: sent) == state)
            #expect(try await self.story(sent.token.delivery) == story)
            _ = try await store.cancel(sent.token.delivery, of: nil)
        }
        #expect(try await used() == 0)
    }

    func receiptsOfOlderAttemptsAreRecorded() async throws {
        try await openReporting(sendsAgain: true)
        let lost = try await sendSMS()
        time.pass(.seconds(15))
        try await sweep()
        time.pass(.seconds(120))
        try await sweep()
        #expect(try await state(of: lost) == "ready")
        #expect(try await receive(.delivered, of: lost) == .recorded)
        #expect(try await state(of: lost) == "ready")
        // What the gateway says that it has delivered was not refused.
        #expect(try await settle(lost, .refused) == .recorded)
        let second = try await beginOne(for: .cents(1))
        try await settle(second, .accepted)
        #expect(try await receive(.undelivered, of: lost, code: "1") == .recorded)
        #expect(try await state(of: second) == "accepted")
        #expect(try await receive(.delivered, of: second) == .applied)
        let both = ["reserved 0.01", "committed 1 0.01", "reserved 0.01", "committed 2 0.01"]
        #expect(try await story(lost.token.delivery) == both)
    }
}
