import Clocks
import Deliveries
import Limits
import TestSupport
import Testing

@testable import Carrier

@Suite("A connection that goes from one message to the next", .timeLimit(.minutes(2)))
struct HandingOnTests {
    @Test(
        "stores an outcome with the begin of what goes next over its connection, and never leaves two that nobody knows of"
    )
    func storesWithTheNext() async throws {
        let counter = Counter(connections: 2)
        await counter.carrying {
            counter.office.put(counter.claims(200))
            _ = await counter.office.outcomes(200)
        }
        #expect(counter.office.mostOpen <= 2)
        #expect(Set(counter.gateway.taken).count == 200)
        #expect(counter.office.outcomes.count == 200)
        let told = counter.office.beginItems.compactMap(\.behind?.token)
        #expect(told.count > 0)
        #expect(Set(told).isDisjoint(with: counter.office.settleBatches.joined()))
    }

    @Test("tells an outcome by itself where the begin that it came with is not answered")
    func storesWhatTheNextDidNot() async throws {
        let office = StubPostOffice { tokens in tokens.contains("t2") ? nil : tokens.map { _ in "go" } }
        let counter = Counter(office: office, gateway: RecordingGateway(isOpen: false))
        let places = Places(1, time: counter.time)
        async let first: Void = counter.perform(.send(counter.claim("t1")), places)
        await counter.gateway.started(1)
        let second = Task.immediate { await counter.perform(.send(counter.claim("t2")), places) }
        counter.gateway.open()
        await first
        await second.value
        #expect(office.beginItems.last?.behind?.token == "t1")
        #expect(office.outcomes.map(\.token) == ["t1", "t2"])
        #expect(office.outcome(of: "t1") == HandOver(.accepted))
        #expect(office.outcome(of: "t2") == HandOver(.released, code: "no_begin"))
        #expect(counter.gateway.taken == ["t1"])
    }

    @Test(
        "stores an outcome before what comes next over its connection is not begun",
        arguments: ["late", "fast", "question"]
    )
    func storesBeforeWhatIsNotBegun(next: String) async throws {
        let counter = Counter(
            gateway: RecordingGateway(isOpen: false),
            rate: next == "fast" ? Rate(count: 1, period: .seconds(60)) : nil
        )
        let places = Places(1, time: counter.time)
        async let first: Void = counter.perform(.send(counter.claim("t1")), places)
        await counter.gateway.started(1)
        let claim = counter.claim("t2", sendWithin: next == "late" ? .zero : .seconds(60))
        let task = next == "question" ? CarrierTask.ask(counter.question("t2")) : .send(claim)
        let second = Task.immediate { await counter.perform(task, places) }
        counter.gateway.open()
        await first
        await second.value
        #expect(counter.office.outcomes.map(\.token) == ["t1", "t2"])
        #expect(counter.office.begun == ["t1"])
    }

    @Test(
        "tells by itself what failed, so that no begin fails with a gateway's words",
        arguments: [Outcome.refused, .retry]
    )
    func tellsFailuresApart(outcome: Outcome) async throws {
        let counter = Counter(gateway: RecordingGateway(answer: HandOver(outcome, detail: "odd")), connections: 1)
        await counter.carrying {
            counter.office.put(counter.claims(20))
            _ = await counter.office.outcomes(20)
        }
        #expect(counter.office.beginItems.allSatisfy { $0.behind == nil })
        #expect(counter.office.mostOpen == 1)
    }
}
