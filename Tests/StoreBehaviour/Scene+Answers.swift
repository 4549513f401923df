import AuthEvents
import Clocks
import Deliveries
import Limits
import Spend
import Store
import TestSupport
import Testing

/// What gateways answer when they are asked.
extension Scene {
    func answersThatItWasTaken() async throws {
        try await openAsking()
        let lost = try await sendSMS()
        try await settle(lost, .unknown, reference: "SM7")
        let question = try await question(after: 25)
        for _ in 1...2 { #expect(try await answer(question, .accepted, price: .cents(2)) == .applied) }
        let report = try await report(lost.token.delivery)
        #expect(report.state == .accepted)
        #expect(report.unknown == nil)
        #expect(report.attempts.map(\.outcome) == [.accepted])
        // What was known of it stays where the answer does not name it.
        #expect(report.attempts.map(\.gatewayReference) == ["SM7"])
        #expect(report.price == .cents(2))
        #expect(try await story(lost.token.delivery) == ["reserved 0.01", "committed 1 0.01", "priced 1 0.02"])
        time.pass(.seconds(3600))
        try await sweep()
        #expect(try await state(of: lost) == "accepted(no_receipt)")
        #expect(try await receive(.delivered, of: lost) == .applied)
        // The carrier's own late word changes nothing any more.
        #expect(try await settle(lost, .refused) == .recorded)
        #expect(try await answer(question, .refused) == .recorded)
        #expect(try await state(of: lost) == "delivered")
    }

    func answersThatItWillNotArrive() async throws {
        try await openAsking()
        let slot = Slot("once", at: "bobby", "1/24h")
        let letter = sms("bobby").limited(by: slot)
        let delivery = try await accept(letter)
        let lost = try await beginOne(for: .cents(1))
        time.pass(.seconds(15))
        try await sweep()
        let question = try await question()
        for _ in 1...2 { #expect(try await answer(question, .refused, code: "30007") == .applied) }
        #expect(try await state(delivery.id) == "dead(refused)")
        let attempts = try await report(delivery.id).attempts
        #expect(attempts.map(\.outcome) == [.refused])
        #expect(attempts.map(\.code) == ["30007"])
        // The gateway has it and may bill it.
        #expect(try await story(delivery.id) == ["reserved 0.01", "committed 1 0.01"])
        #expect(try await used() == 1)
        #expect(try await room(of: slot) == 0)
        // What is said first stands.
        for outcome in [Outcome.retry, .accepted] { #expect(try await answer(question, outcome) == .recorded) }
        #expect(try await settle(lost, .retry) == .recorded)
        #expect(try await story(delivery.id) == ["reserved 0.01", "committed 1 0.01"])
        #expect(try await answer(question, .refused, code: "30007") == .applied)
        #expect(try await state(delivery.id) == "dead(refused)")
    }

    func answersThatItWasNotTaken() async throws {
        try await openAsking()
        let lost = try await loseSMS()
        let question = try await question()
        for _ in 1...2 { #expect(try await answer(question, .retry, code: "404") == .applied) }
        #expect(try await state(of: lost) == "ready")
        #expect(try await story(lost.token.delivery) == ["reserved 0.01", "committed 1 0.01", "released 1 0.01"])
        time.pass(.seconds(10))
        let again = try await beginOne(for: .cents(1))
        try await settle(again, .accepted)
        let report = try await report(lost.token.delivery)
        #expect(report.attempts.map(\.outcome) == [.retry, .accepted])
        #expect(try await used() == 1)

        // As after any failed attempt there must be time, and an attempt left.
        let late = try await accept(sms("carol").with { $0.life = .seconds(80) })
        _ = try await beginOne(for: .cents(1))
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await answer(self.question(), .retry) == .applied)
        #expect(try await state(late.id) == "dead(expired)")
        let all = ["reserved 0.01", "committed 1 0.01", "released 1 0.01", "released 0.01"]
        #expect(try await story(late.id) == all)
        try await openAsking { settings in
            settings.policy = { _, _ in SendingPolicy(attempts: 1, backoff: Backoff(ceiling: .seconds(60))) }
        }
        let only = try await loseSMS("dora")
        #expect(try await answer(self.question(), .retry) == .applied)
        #expect(try await state(of: only) == "dead(exhausted)")
        #expect(try await story(only.token.delivery) == all)
    }

    func tellsStaleAnswers() async throws {
        try await openAsking()
        let lost = try await loseSMS()
        let first = try await question()
        time.pass(.seconds(15))
        try await sweep()
        // Late, and nobody has been asked since: it is known all the same.
        let second = try await question(after: 20)
        for outcome in Outcome.allCases { #expect(try await answer(first, outcome) == .stale) }
        #expect(try await course(of: lost) == "ask_gateway 2 then give_up in 15 s")
        time.pass(.seconds(15))
        try await sweep()
        #expect(try await answer(second, .unknown) == .recorded)
        #expect(try await answer(second, .throttled) == .recorded)
        #expect(try await course(of: lost) == "ask_gateway 2 then give_up in 40 s")
        #expect(try await answer(second, .accepted) == .applied)
        #expect(try await state(of: lost) == "accepted")
        let other = try await loseSMS("carol")
        let question = try await question()
        var foreign = question
        foreign.token.epoch = Array(repeating: 1, count: 16)
        #expect(try await answer(foreign, .accepted) == .stale)
        // An answer that told nothing does not stand in the way of one that does.
        #expect(try await answer(question, .unknown) == .applied)
        #expect(try await answer(question, .accepted) == .applied)
        #expect(try await state(of: other) == "accepted")
    }

    func recordsAnswersThatComeTooLate() async throws {
        try await openAsking([.askGateway], .sendAgain) { settings in
            settings.routing = settings.routing.asking(AskingTerms(most: 1))
        }
        let outcomes: [Outcome] = [.accepted, .refused, .retry, .unknown]
        for outcome in outcomes {
            let lost = try await loseSMS(outcome.name)
            let question = try await question()
            time.pass(.seconds(15))
            try await sweep()
            #expect(try await state(of: lost) == "ready")
            for _ in 1...2 { #expect(try await answer(question, outcome, reference: "SM") == .recorded) }
            #expect(try await state(of: lost) == "ready")
            let attempt = try #require(try await report(lost.token.delivery).attempts.first)
            #expect(attempt.outcome == outcome)
            let isFree = outcome == .retry
            let first = ["reserved 0.01", "committed 1 0.01", "reserved 0.01"]
            #expect(
                try await story(lost.token.delivery) == first + (isFree ? ["released 1 0.01", "adjusted 0.01"] : []),
                "\(outcome)"
            )
            try await settle(beginOne(for: .cents(1)), .accepted)
        }
    }
}

extension RoutingTable {
    /// The same with all gateways asked so.
    func asking(_ asking: AskingTerms) -> RoutingTable {
        let gateways = gateways.map { gateway in
            var terms = gateway
            terms.asking = asking
            return terms
        }
        return RoutingTable(gateways: gateways, routes: routes)
    }
}
