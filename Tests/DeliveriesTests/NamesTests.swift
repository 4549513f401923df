import Deliveries
import Testing

@Suite("Names")
struct NamesTests {
    @Test("of states are those of the contract, and of no others")
    func states() {
        let names = [
            "ready", "parked", "leased", "sending", "unknown", "accepted", "delivered", "undelivered", "dead",
        ]
        #expect(DeliveryState.allCases.map(\.name) == names)
        #expect(names.compactMap { DeliveryState(name: $0) } == DeliveryState.allCases)
        #expect(DeliveryState.allCases.filter(\.isHot).map(\.name) == ["ready", "parked", "leased", "sending"])
    }

    @Test("of reasons are those of the contract, and of no others")
    func reasons() {
        let names = [
            "held", "paused", "gateway_down", "over_budget", "refused", "expired", "exhausted", "cancelled",
            "superseded",
            "answered", "crashed", "gave_up", "held_too_long", "no_receipt",
        ]
        #expect(Reason.allCases.map(\.name) == names)
        #expect(names.compactMap { Reason(name: $0) } == Reason.allCases)
    }

    @Test("of outcomes are those of the contract, and of no others")
    func outcomes() {
        let names = ["accepted", "refused", "retry", "throttled", "unknown", "released"]
        #expect(Outcome.allCases.map(\.name) == names)
        #expect(names.compactMap { Outcome(name: $0) } == Outcome.allCases)
    }

    @Test("are not read in another spelling", arguments: ["", "Ready", "READY", "ready ", "gaveUp", "gave-up", "1"])
    func unknown(name: String) {
        #expect(DeliveryState(name: name) == nil)
        #expect(Reason(name: name) == nil)
        #expect(Outcome(name: name) == nil)
    }

    @Test("keep the numbers under which they are stored")
    func numbers() {
        #expect(DeliveryState.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(Reason.allCases.map(\.rawValue) == [1, 2, 3, 4, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20])
        #expect(Outcome.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6])
    }

    @Test("say what a parked delivery dies of at its deadline")
    func atDeadline() {
        let parked: [Reason] = [.held, .paused, .gatewayDown, .overBudget]
        #expect(parked.map(\.atDeadline) == [.heldTooLong, .expired, .expired, .overBudget])
    }
}
