package import Spend

extension Money {
    /// Hundredths of a unit.
    package static func cents(_ count: Int64, _ code: String = "USD") -> Money {
        guard let currency = Currency(code) else { preconditionFailure("\(code) is no currency") }
        return Money(micros: count * 10_000, currency: currency)
    }
}
