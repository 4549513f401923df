import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

/// Gateways that are asked what became of an attempt: after pauses of 10, 20, 40, 80 and 120 seconds.
extension Scene {
    func openAsking(
        _ steps: [UnknownPolicy.Step] = [.askGateway],
        _ end: UnknownPolicy.End = .giveUp,
        _ change: (inout StoreSettings) -> Void = { _ in }
    ) async throws {
        try await open([.cents(100)]) { settings in
            settings.routing = Scene.reporting.treating(UnknownPolicy(steps: steps, end: end))
            change(&settings)
        }
    }

    /// An SMS of which nobody knows what became, since just now.
    func loseSMS(_ person: String = "bobby") async throws -> ClaimedDelivery {
        let lost = try await sendSMS(person)
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await state(of: lost) == "unknown")
        return lost
    }

    func questions(
        _ limit: Int = 10,
        at gateways: [String] = Scene.everything,
        isShare: Bool = false
    ) async throws -> [ClaimedQuestion] {
        let request = ClaimRequest(carrier: "carrier", instance: "one", gateways: gateways, limit: limit)
        return try await store.questions(request, isShare: isShare)
    }

    /// The question that is due after so many seconds.
    func question(after seconds: Int64 = 10) async throws -> ClaimedQuestion {
        time.pass(.seconds(seconds))
        try await sweep()
        return try #require(try await questions(1).first, "there was nothing to ask")
    }

    @discardableResult
    func answer(
        _ question: ClaimedQuestion,
        _ outcome: Outcome,
        code: String? = nil,
        reference: String? = nil,
        retryAfter: Duration? = nil,
        price: Money? = nil,
        for gateways: Set<String>? = nil
    ) async throws -> SettleResult {
        let settlement = Settlement(
            token: question.token,
            outcome: outcome,
            gatewayReference: reference,
            code: code,
            retryAfter: retryAfter,
            price: price
        )
        return try #require(try await store.settle([settlement], for: gateways).first)
    }

    /// Where an unknown outcome stands, as one says it: `ask_gateway 2 then give_up in 20 s`.
    func course(of claimed: ClaimedDelivery) async throws -> String {
        guard let unknown = try await report(claimed.token.delivery).unknown else { return "none" }
        let rest = (unknown.until - time.now()).milliseconds / 1000
        return "\(unknown.step.rawValue) \(unknown.asked) then \(unknown.then) in \(rest) s"
    }
}

// MARK: Questions

extension Scene {
    func asksOnceTheLeaseIsOver() async throws {
        try await openAsking()
        let lost = try await sendSMS()
        time.pass(.seconds(5))
        try await settle(lost, .unknown, reference: "SM7")
        #expect(try await course(of: lost) == "ask_gateway 0 then give_up in 20 s")
        // The wall clock is no lease.
        time.setWall(by: .seconds(600))
        try await sweep()
        #expect(try await questions().isEmpty)
        time.pass(.seconds(10) - .milliseconds(1))
        try await sweep()
        #expect(try await questions().isEmpty)
        time.pass(.milliseconds(1))
        try await sweep()
        let question = try #require(try await questions().first)
        #expect(question.token.delivery == lost.token.delivery)
        #expect(question.token.fence > lost.token.fence)
        #expect((question.attempt, question.gateway.name) == (lost.attempt, "sms-main"))
        #expect((question.gatewayReference, question.purpose, question.channel) == ("SM7", .recovery, .sms))
        #expect((question.event, question.sealed) == (lost.event, lost.sealed))
        // A second one does not get it, and asking is no sending.
        #expect(try await questions().isEmpty)
        #expect(try await store.begin([BeginItem(token: question.token)]) == [.stale])
        #expect(try await report(lost.token.delivery).attempts.count == 1)
    }

    func asksUntilTheMost() async throws {
        try await openAsking()
        let lost = try await loseSMS()
        var tokens: [CarrierToken] = []
        for (asked, pause) in [10, 20, 40, 80, 120].enumerated() {
            #expect(try await course(of: lost) == "ask_gateway \(asked) then give_up in \(pause) s")
            time.pass(.seconds(pause) - .milliseconds(1))
            try await sweep()
            #expect(try await questions().isEmpty)
            time.pass(.milliseconds(1))
            try await sweep()
            let question = try #require(try await questions().first)
            tokens.append(question.token)
            #expect(try await course(of: lost) == "ask_gateway \(asked + 1) then give_up in 15 s")
            // Every other carrier says nothing, and the lease of the question ends.
            if asked % 2 == 0 {
                time.pass(.seconds(15) - .milliseconds(1))
                try await sweep()
                #expect(try await course(of: lost) == "ask_gateway \(asked + 1) then give_up in 0 s")
                time.pass(.milliseconds(1))
                try await sweep()
            } else {
                for _ in 1...2 { #expect(try await answer(question, .unknown) == .applied) }
            }
        }
        #expect(tokens.map(\.fence) == tokens.map(\.fence).sorted())
        #expect(try await state(of: lost) == "dead(gave_up)")
        #expect(try await story(lost.token.delivery) == ["reserved 0.01", "committed 1 0.01"])
        time.pass(.seconds(3600))
        try await sweep()
        #expect(try await questions().isEmpty)
    }

    func asksLaterWhereItWasNotAsked() async throws {
        try await openAsking()
        let lost = try await loseSMS()
        for outcome in [Outcome.throttled, .released] {
            let question = try await question()
            #expect(try await course(of: lost) == "ask_gateway 1 then give_up in 15 s")
            for _ in 1...2 { #expect(try await answer(question, outcome) == .applied) }
            #expect(try await course(of: lost) == "ask_gateway 0 then give_up in 10 s")
        }
        // Whoever could not reach the gateway has not asked it.
        #expect(try await answer(question(), .retry, code: Outcome.unreachableCode) == .applied)
        #expect(try await course(of: lost) == "ask_gateway 0 then give_up in 10 s")
        #expect(try await answer(question(), .throttled, retryAfter: .seconds(600)) == .applied)
        #expect(try await course(of: lost) == "ask_gateway 0 then give_up in 600 s")
        let last = try await question(after: 600)
        #expect(try await answer(last, .throttled, retryAfter: .seconds(3000)) == .applied)
        #expect(try await state(of: lost) == "dead(gave_up)")
    }

    func endsAskingWithoutCarriers() async throws {
        try await openAsking([.askGateway], .sendAgain)
        let lost = try await loseSMS()
        time.pass(.seconds(10))
        try await sweep()
        #expect(try await course(of: lost) == "ask_gateway 0 then send_again in 3590 s")
        try await lab.reopen()
        time.pass(.seconds(3590) - .milliseconds(1))
        try await sweep()
        #expect(try await state(of: lost) == "unknown")
        time.pass(.milliseconds(1))
        try await sweep()
        #expect(try await state(of: lost) == "ready")
        #expect(try await questions().isEmpty)
    }

    func freesQuestions() async throws {
        try await openAsking()
        let lost = try await loseSMS()
        let first = try await question()
        try await store.free([first.token])
        #expect(try await course(of: lost) == "ask_gateway 0 then give_up in 3590 s")
        #expect(try await answer(first, .unknown) == .recorded)
        let second = try #require(try await questions().first)
        #expect(second.token.fence > first.token.fence)
        try await store.free([first.token])
        #expect(try await questions().isEmpty)
        #expect(try await course(of: lost) == "ask_gateway 1 then give_up in 15 s")
    }

    func wakesForQuestions() async throws {
        try await openAsking()
        _ = try await loseSMS()
        time.pass(.seconds(10))
        let end = time.boot() + .seconds(600)
        let mark = store.workMark()
        async let waiting: Void = store.waitForWork(at: Scene.sms, since: mark, until: end)
        try await sweep()
        await waiting
        let question = try #require(try await questions(at: Scene.sms).first)
        let later = store.workMark()
        async let second: Void = store.waitForWork(at: Scene.sms, since: later, until: end)
        try await store.free([question.token])
        await second
        #expect(try await questions(at: Scene.sms).count == 1)
    }

    func sharesClaims() async throws {
        try await openAsking()
        for index in 1...20 { _ = try await sendSMS("person-\(index)") }
        time.pass(.seconds(15))
        try await sweep()
        time.pass(.seconds(10))
        try await sweep()
        // A quarter of a large claim, one of four small ones; the longest asked for first.
        #expect(try await questions(12, isShare: true).count == 3)
        #expect(try await questions(7, isShare: true).count == 1)
        var counts: [Int] = []
        for _ in 1...8 { counts.append(try await questions(1, isShare: true).count) }
        #expect(counts.reduce(0, +) == 2)
        #expect(try await questions(100, isShare: true).count == 14)
        #expect(try await questions(100).isEmpty)
    }

    func asksWhatIsStopped() async throws {
        try await openAsking()
        let lost = try await loseSMS()
        try await hold(.gateway, "sms-main")
        try await hold(.tenant, "default")
        try await store.pause(.sms)
        #expect(try await answer(question(), .accepted, reference: "SM7") == .applied)
        #expect(try await state(of: lost) == "accepted")
    }

    func asksAtItsGateways() async throws {
        try await openAsking()
        let lost = try await loseSMS()
        time.pass(.seconds(10))
        try await sweep()
        #expect(try await questions(at: ["sms-backup", "mail-main", "nowhere"]).isEmpty)
        let question = try #require(try await questions(at: ["mail-main", "sms-main"]).first)
        for gateways in [[], ["sms-backup"], ["nowhere"]] as [Set<String>] {
            #expect(try await answer(question, .accepted, for: gateways) == .stale)
        }
        #expect(try await state(of: lost) == "unknown")
        #expect(try await answer(question, .accepted, for: ["sms-main"]) == .applied)
        #expect(try await state(of: lost) == "accepted")
    }
}
