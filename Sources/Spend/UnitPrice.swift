/// What a gateway takes for one segment of an SMS to one number.
package struct UnitPrice: Sendable, Hashable {
    /// The most that a price or a fee may be: 1000 units of the currency, in millionths.
    package static let limit: Int64 = 1_000_000_000

    /// Millionths of the currency for each segment.
    package let unit: Int64
    /// What networks add for each segment, in millionths.
    package let fee: Int64
    package let currency: Currency
    /// The ``PriceTable/version`` it comes from.
    package let version: String

    /// Returns `nil` where `unit` or `fee` is negative or above ``limit``.
    package init?(unit: Int64, fee: Int64, currency: Currency, version: String) {
        guard (0...Self.limit).contains(unit), (0...Self.limit).contains(fee) else { return nil }
        (self.unit, self.fee, self.currency, self.version) = (unit, fee, currency, version)
    }

    /// Segments × (unit + fee).
    ///
    /// It cannot overflow: both are at most ``limit``, so it would take more than 4,600,000,000 segments.
    package func amount(segments: Int) -> Money {
        Money(micros: Int64(segments) * (unit + fee), currency: currency)
    }
}
