package import Spend

/// What a carrier itself counted and priced for the text that it is about to send.
///
/// The server compares it with its own count; where the two differ it answers `mismatch` and nothing is sent.
package struct Quote: Sendable, Equatable {
    package var segments: Int64
    /// `GSM-7` or `UCS-2`.
    package var encoding: String
    package var amount: Money

    package init(segments: Int64, encoding: String, amount: Money) {
        (self.segments, self.encoding, self.amount) = (segments, encoding, amount)
    }
}

extension Quote {
    /// Counts the claim's text, whatever the server counted, and prices each segment as the claim says.
    ///
    /// Returns `nil` where the claim has no price, or none that a sum can be made of.
    init?(_ claim: Claim) {
        guard let price = claim.price else { return nil }
        let count = SegmentCount(claim.message.text)
        let segments = Int64(count.segments)
        let (each, isTooDear) = price.unitPrice.addingReportingOverflow(price.fee)
        let (sum, isTooMuch) = each.multipliedReportingOverflow(by: segments)
        guard !isTooDear, !isTooMuch, segments > 0 else { return nil }
        self.init(
            segments: segments,
            encoding: count.encoding.name,
            amount: Money(micros: sum, currency: price.currency)
        )
    }
}

/// What a begin says of one claim.
package struct BeginItem: Sendable, Equatable {
    package var token: String
    /// `nil` for what has no price, such as a mail.
    package var quote: Quote?
    /// What became of the message before it on its connection, where that is not stored yet: the server does it first, in
    /// the same commit.
    package var behind: Report?

    package init(token: String, quote: Quote? = nil, behind: Report? = nil) {
        (self.token, self.quote, self.behind) = (token, quote, behind)
    }
}
