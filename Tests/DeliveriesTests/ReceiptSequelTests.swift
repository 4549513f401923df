import Deliveries
import Testing

@Suite("A receipt takes a delivery")
struct ReceiptSequelTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var state: DeliveryState
        var reason: Reason?
        /// After `accepted`, `delivered` and `undelivered`.
        var next: [DeliveryState?]
        var testDescription: String { state.name + (reason.map { " (\($0.name))" } ?? "") }
    }

    static let table =
        [
            Row(state: .sending, next: [.accepted, .delivered, .undelivered]),
            Row(state: .unknown, next: [.accepted, .delivered, .undelivered]),
            Row(state: .accepted, next: [nil, .delivered, .undelivered]),
            Row(state: .accepted, reason: .noReceipt, next: [nil, .delivered, .undelivered]),
            Row(state: .delivered, next: [nil, nil, nil]), Row(state: .undelivered, next: [nil, .delivered, nil]),
            Row(state: .dead, reason: .gaveUp, next: [nil, .delivered, .undelivered]),
            Row(state: .ready, next: [nil, nil, nil]), Row(state: .leased, next: [nil, nil, nil]),
            Row(state: .parked, reason: .held, next: [nil, nil, nil]),
        ]
        + Reason.allCases.filter { $0 != .gaveUp }.map { Row(state: .dead, reason: $0, next: [nil, nil, nil]) }

    @Test("where the table says, and nowhere else", arguments: table)
    func row(row: Row) {
        let next = [ReceiptState.accepted, .delivered, .undelivered].map { row.state.after($0, reason: row.reason) }
        #expect(next == row.next)
    }

    @Test("to a state that bears its name, and which the table has for every state there is")
    func names() {
        for state in ReceiptState.allCases { #expect(DeliveryState(rawValue: state.rawValue)?.name == state.name) }
        #expect(Set(ReceiptSequelTests.table.map(\.state)) == Set(DeliveryState.allCases))
    }
}
