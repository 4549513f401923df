package import AuthEvents
package import Spend

/// What a gateway says became of a message.
///
/// The raw value is what the store keeps.
package enum ReceiptState: Int64, Sendable, CaseIterable {
    /// It has the message, which is on its way.
    case accepted = 6
    case delivered = 7
    /// It will never arrive.
    case undelivered = 8

    package var name: String {
        switch self {
        case .accepted: "accepted"
        case .delivered: "delivered"
        case .undelivered: "undelivered"
        }
    }
}

/// What a gateway reports later about a message; its sender has been made sure of.
package struct Receipt: Sendable, Equatable {
    /// The attempt that the receipt itself names, where the gateway was given its id and repeats it.
    package var attempt: AttemptID?
    /// The gateway's own name for the message.
    package var reference: String?
    package var state: ReceiptState
    /// The gateway's code of what went wrong.
    package var code: String?
    /// What is billed, without its sign.
    package var price: Money?
    /// Whether ``price`` is that of one segment.
    package var isPricePerSegment: Bool
    /// Whether the address that it came to is as sure as the receipt itself.
    ///
    /// Where it is not, a copy of the receipt may have been sent to the address of another attempt.
    package var coversAddress: Bool

    package init(
        attempt: AttemptID? = nil,
        reference: String? = nil,
        state: ReceiptState,
        code: String? = nil,
        price: Money? = nil,
        isPricePerSegment: Bool = false,
        coversAddress: Bool = true
    ) {
        (self.attempt, self.reference, self.state, self.code) = (attempt, reference, state, code)
        (self.price, self.isPricePerSegment) = (price, isPricePerSegment)
        self.coversAddress = coversAddress
    }
}
