/// Where a delivery stands.
///
/// The raw value is what the store keeps.
package enum DeliveryState: Int64, Sendable, CaseIterable {
    case ready = 1
    case parked = 2
    case leased = 3
    case sending = 4
    case unknown = 5
    case accepted = 6
    case delivered = 7
    case undelivered = 8
    case dead = 9

    package init?(name: String) {
        guard let state = DeliveryState.allCases.first(where: { $0.name == name }) else { return nil }
        self = state
    }

    package var name: String {
        switch self {
        case .ready: "ready"
        case .parked: "parked"
        case .leased: "leased"
        case .sending: "sending"
        case .unknown: "unknown"
        case .accepted: "accepted"
        case .delivered: "delivered"
        case .undelivered: "undelivered"
        case .dead: "dead"
        }
    }

    /// Whether the delivery still moves by itself and lies in the hot table.
    package var isHot: Bool { rawValue <= DeliveryState.sending.rawValue }
}

/// Why a delivery is parked or dead.
///
/// The raw value is what the store keeps.
package enum Reason: Int64, Sendable, CaseIterable {
    case held = 1
    case paused = 2
    case gatewayDown = 3
    case overBudget = 4
    case refused = 10
    case expired = 11
    case exhausted = 12
    case cancelled = 13
    case superseded = 14
    case answered = 15
    case crashed = 16
    case gaveUp = 17
    case heldTooLong = 18
    case noReceipt = 20

    package init?(name: String) {
        guard let reason = Reason.allCases.first(where: { $0.name == name }) else { return nil }
        self = reason
    }

    package var name: String {
        switch self {
        case .held: "held"
        case .paused: "paused"
        case .gatewayDown: "gateway_down"
        case .overBudget: "over_budget"
        case .refused: "refused"
        case .expired: "expired"
        case .exhausted: "exhausted"
        case .cancelled: "cancelled"
        case .superseded: "superseded"
        case .answered: "answered"
        case .crashed: "crashed"
        case .gaveUp: "gave_up"
        case .heldTooLong: "held_too_long"
        case .noReceipt: "no_receipt"
        }
    }

    /// What a parked delivery dies of at its deadline.
    package var atDeadline: Reason {
        switch self {
        case .held: .heldTooLong
        case .overBudget: .overBudget
        default: .expired
        }
    }
}
