import Clocks
import Deliveries
import Limits
import TestSupport
import Testing

@testable import Carrier

@Suite("The gate, whatever the server says,", .timeLimit(.minutes(12)))
struct GateTests {
    @Test("hands over nothing that is past its send deadline by the carrier's own clock")
    func refusesLate() async throws {
        let counter = Counter()
        await counter.carrying {
            counter.office.put([counter.claim("late", sendWithin: .zero), counter.claim("early")])
            _ = await counter.office.outcomes(2)
        }
        #expect(counter.office.outcome(of: "late") == HandOver(.released, code: "too_late"))
        #expect(counter.office.begun == ["early"])
        #expect(counter.gateway.taken == ["early"])
    }

    @Test("hands over nothing whose send deadline passes while the server says go")
    func refusesLateAfterBegin() async throws {
        let time = ManualTime()
        let office = StubPostOffice { tokens in
            time.pass(.seconds(3))
            return tokens.map { _ in "go" }
        }
        let counter = Counter(time: time, office: office)
        await counter.carrying {
            counter.office.put([counter.claim("late", sendWithin: .seconds(3))])
            _ = await counter.office.outcomes(1)
        }
        #expect(counter.office.outcome(of: "late") == HandOver(.released, code: "too_late"))
        #expect(counter.gateway.taken.isEmpty)
    }

    @Test(
        "hands over only within 5 seconds of sending the begin",
        arguments: [(Duration.milliseconds(5000), true), (.milliseconds(5001), false)]
    )
    func refusesSlowBegin(pause: Duration, passes: Bool) async throws {
        let time = ManualTime()
        let office = StubPostOffice { tokens in
            time.pass(pause)
            return tokens.map { _ in "go" }
        }
        let counter = Counter(time: time, office: office)
        await counter.carrying {
            counter.office.put([counter.claim("slow")])
            _ = await counter.office.outcomes(1)
        }
        #expect(counter.gateway.taken == (passes ? ["slow"] : []))
        let expected = passes ? HandOver(.accepted) : HandOver(.released, code: "too_late")
        #expect(counter.office.outcome(of: "slow") == expected)
    }

    @Test("gives back what is too fast for the gateway, and says when to come again")
    func holdsGatewayRate() async throws {
        let counter = Counter(rate: Rate(count: 2, period: .seconds(60)))
        await counter.carrying {
            counter.office.put(counter.claims(5))
            _ = await counter.office.outcomes(5)
        }
        #expect(counter.gateway.taken.count == 2)
        let released = counter.office.outcomes.map(\.handOver).filter { $0.outcome == .released }
        #expect(released == Array(repeating: HandOver(.released, code: "too_fast", retryAfter: .seconds(30)), count: 3))
    }

    @Test("floods nobody, even if the server hands out the same recipient a thousand times")
    func holdsRecipientRate() async throws {
        let counter = Counter(connections: 50, perRecipient: Rate(count: 20, period: .seconds(600)))
        await counter.carrying {
            for start in stride(from: 0, to: 1000, by: 2) {
                // The same mailbox, however its letters are written.
                counter.office.put([
                    counter.claim("t\(start)", to: "one@example.com"),
                    counter.claim("t\(start + 1)", to: "ONE@Example.com"),
                ])
            }
            _ = await counter.office.outcomes(1000)
        }
        #expect(counter.gateway.taken.count == 20)
        #expect(counter.office.begun.count == 20)
        let released = counter.office.outcomes.map(\.handOver).filter { $0.outcome == .released }
        #expect(
            released == Array(repeating: HandOver(.released, code: "too_fast", retryAfter: .seconds(30)), count: 980)
        )
    }

    @Test("forgets those who got least when it has too many recipients to remember, and nobody who got all that he may")
    func forgetsTheLeast() {
        let counter = Counter()
        let rate = Rate(count: 20, period: .seconds(600))
        let gate = Gate(gatewayRates: [:], perRecipient: rate, time: counter.time)
        for _ in 0..<20 { #expect(gate.admit(counter.claim("t", to: "one@example.com")) == .pass) }
        for number in 0..<Gate.memory + 10 {
            _ = gate.admit(counter.claim("t", to: "\(number)@example.com"))
        }
        #expect(gate.remembered <= Gate.memory / 2 + 20)
        #expect(gate.admit(counter.claim("t", to: "one@example.com")) == .tooFast(.seconds(30)))
    }

    @Test("lets the recipient's next message pass when the one before was counted and surely not handed over")
    func givesCountBack() async throws {
        let office = StubPostOffice { tokens in tokens.map { $0 == "first" ? "cancelled" : "go" } }
        let counter = Counter(office: office, connections: 1, perRecipient: Rate(count: 1, period: .seconds(600)))
        await counter.carrying {
            counter.office.put(["first", "second", "third"].map { counter.claim($0, to: "one@example.com") })
            _ = await counter.office.outcomes(2)
        }
        #expect(counter.gateway.taken == ["second"])
        #expect(counter.office.outcome(of: "third")?.outcome == .released)
    }
}
