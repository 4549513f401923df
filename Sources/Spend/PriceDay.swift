package import Clocks

/// A day in UTC, counted from 1970-01-01.
package struct PriceDay: Sendable, Hashable, Comparable {
    /// Before and after any day that can be written with four digits of a year.
    static let beforeAll = PriceDay(number: -1 << 40)
    static let afterAll = PriceDay(number: 1 << 40)

    let number: Int64

    init(number: Int64) {
        self.number = number
    }

    /// The day in which the instant lies.
    package init(_ instant: Instant) {
        let (days, rest) = instant.milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        number = rest < 0 ? days - 1 : days
    }

    /// Reads `2026-11-21`.
    package init?(_ text: String) {
        guard let midnight = Instant(rfc3339: "\(text)T00:00:00Z") else { return nil }
        self.init(midnight)
    }

    var next: PriceDay { PriceDay(number: number + 1) }
    var previous: PriceDay { PriceDay(number: number - 1) }

    package static func < (left: PriceDay, right: PriceDay) -> Bool { left.number < right.number }
}

extension PriceDay: CustomStringConvertible {
    package var description: String { String(Instant(milliseconds: number * 86_400_000).description.prefix(10)) }
}
