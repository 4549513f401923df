import Carrier
import Clocks
import Deliveries
import TestSupport
import Testing

@Suite("A carrier's other tasks", .timeLimit(.minutes(12)))
struct TaskTests {
    @Test("a question is asked with nothing begun, and its answer settled")
    func asks() async {
        let answer = HandOver(.accepted, gatewayReference: "SM1", code: "200")
        let counter = Counter(gateway: RecordingGateway(taskAnswer: answer))
        let question = counter.question("q1", to: "+12025550123", reference: "SM1")
        await counter.carrying {
            counter.office.put([.ask(question)])
            _ = await counter.office.outcomes(1)
        }
        #expect(counter.gateway.asked == [question])
        #expect(counter.office.begun.isEmpty)
        #expect(counter.office.outcome(of: "q1") == answer)
    }

    @Test("a probe is tried with nothing begun, for as long as it says")
    func probes() async {
        let refused = HandOver(.refused, code: "535", detail: "AUTH: no user ann@example.com")
        let counter = Counter(gateway: RecordingGateway(taskAnswer: refused))
        await counter.carrying {
            counter.office.put([.probe(counter.probe("p1"))])
            _ = await counter.office.outcomes(1)
        }
        #expect(counter.gateway.probed == [.seconds(10)])
        #expect(counter.office.begun.isEmpty)
        #expect(
            counter.office.outcome(of: "p1") == HandOver(.refused, code: "535", detail: "AUTH: no user ***")
        )
    }

    @Test(
        "what a question learns is reported without the recipient",
        arguments: [
            ("+12025550123", "HTTP 200: +1 (202) 555-0123 is off", "HTTP 200: +*** is off"),
            ("ann.lee@example.com", "HTTP 200: ann.lee is away", "HTTP 200: *** is away"),
        ]
    )
    func strikesOut(recipient: String, detail: String, kept: String) async throws {
        let told = HandOver(
            .refused,
            gatewayReference: "m-12025550123 ann.lee@example.com",
            code: "30005",
            detail: detail
        )
        let counter = Counter(gateway: RecordingGateway(taskAnswer: told))
        await counter.carrying {
            counter.office.put([.ask(counter.question("q1", to: recipient))])
            _ = await counter.office.outcomes(1)
        }
        let report = try #require(counter.office.outcome(of: "q1"))
        #expect(report.detail == kept)
        #expect(report.code == "30005")
        #expect(report.gatewayReference?.contains("ann.lee") != true)
        #expect(report.gatewayReference?.contains("12025550123") != true || !recipient.hasPrefix("+"))
    }

    @Test("questions, probes and messages share the connections")
    func sharesConnections() async {
        let counter = Counter(gateway: RecordingGateway(isOpen: false), connections: 3)
        await counter.carrying {
            counter.office.put(
                [.ask(counter.question("q1")), .probe(counter.probe("p1")), .ask(counter.question("q2"))]
                    + counter.claims(4).map { .send($0) }
            )
            await counter.gateway.started(3)
            #expect(counter.office.begun.isEmpty)
            counter.gateway.open()
            _ = await counter.office.outcomes(7)
        }
        #expect(counter.gateway.mostAtOnce == 3)
        #expect(counter.office.begun.count == 4)
    }

    @Test("a question and a probe whose lease is over are given back unasked")
    func tooLate() async {
        let counter = Counter()
        let (question, probe) = (counter.question("q1"), counter.probe("p1"))
        counter.time.pass(.seconds(15))
        await counter.carrying {
            counter.office.put([.ask(question), .probe(probe)])
            _ = await counter.office.outcomes(2)
        }
        #expect(counter.gateway.asked.isEmpty && counter.gateway.probed.isEmpty)
        #expect(counter.office.outcomes.allSatisfy { $0.handOver == HandOver(.released) })
    }

    @Test("a question under way is settled when the carrier is asked to end; one that comes then is given back")
    func drains() async {
        let counter = Counter(gateway: RecordingGateway(isOpen: false), connections: 2)
        let work = counter.start()
        counter.office.put([.ask(counter.question("underWay"))])
        await counter.gateway.started(1)
        work.cancel()
        counter.office.put([.ask(counter.question("late")), .probe(counter.probe("probe"))])
        _ = await counter.office.outcomes(1)
        #expect(counter.gateway.asked.count == 1)
        counter.gateway.open()
        await work.value
        #expect(counter.office.outcome(of: "underWay") == HandOver(.accepted))
        counter.office.close()
    }
}
