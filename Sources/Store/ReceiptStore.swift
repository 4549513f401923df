package import AuthEvents
package import Deliveries

/// What gateways report later about what they took.
package protocol ReceiptStore: Sendable {
    /// Books a receipt of a gateway, durably.
    ///
    /// - The delivery goes where ``DeliveryState/after(_:reason:)`` says, if the receipt is for its newest attempt.
    /// - What was given up, and surely was not sent as its carrier has said since, stays so.
    /// - The same again changes nothing, whatever came in between, so that a receipt may be repeated by anybody.
    /// - A bill is booked as ``DeliveryQueue/settle(_:)`` books it; it counts instead of what a carrier said.
    /// - Where a receipt comes before the carrier's own report, it decides: the attempt is known to have been taken, and what
    ///   is committed to it stays so whatever the report says.
    /// - `accepted` without a receipt for the gateway's ``GatewayTerms/receiptTimeout`` gets the reason `no_receipt`.
    ///
    /// `address`: The attempt that the receipt was addressed to, if any.
    func receive(
        _ receipt: Receipt,
        of gateway: String,
        at address: AttemptID?
    ) async throws(StoreError) -> ReceiptResult
}

/// What became of a receipt.
package enum ReceiptResult: String, Sendable {
    /// It changed the state of its delivery.
    case applied
    /// Kept; the state stays, or the receipt is for an attempt that no longer decides.
    case recorded
    /// Nothing that was not known.
    case known
    /// No attempt at this gateway has this name.
    case notOurs = "not_ours"
    /// The gateway has no such attempt at this address, or the receipt is not for it.
    case noAttempt = "no_attempt"
}
