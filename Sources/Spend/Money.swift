/// An amount of one currency, in millionths of its unit.
package struct Money: Sendable, Hashable {
    /// Millionths; a bill can be below what was expected, so a difference can be negative.
    package var micros: Int64
    package var currency: Currency

    /// The most that is read, and so the most that may be written: twelve digits before the point and six after it.
    package static let limit: Int64 = 999_999_999_999_999_999

    package init(micros: Int64, currency: Currency) {
        (self.micros, self.currency) = (micros, currency)
    }

    /// The decimal number: at least two places, and as many of six as it takes: `0.20`, `0.0079`.
    package var amount: String { Money.text(micros: micros) }

    package static func text(micros: Int64) -> String {
        var (places, count) = (micros.magnitude % 1_000_000, 6)
        while count > 2, places.isMultiple(of: 10) { (places, count) = (places / 10, count - 1) }
        let digits = String(places)
        let zeros = String(repeating: "0", count: count - digits.utf8.count)
        return "\(micros < 0 ? "-" : "")\(micros.magnitude / 1_000_000).\(zeros)\(digits)"
    }

    /// Reads a decimal number such as `0.0079`: up to twelve digits before the point and six after it, no sign.
    package static func micros(_ text: some StringProtocol) -> Int64? {
        var value: Int64 = 0
        var (units, places, hasPoint) = (0, 0, false)
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: ".") where !hasPoint: hasPoint = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if hasPoint { places += 1 } else { units += 1 }
                guard units <= 12, places <= 6 else { return nil }
                value = value * 10 + Int64(octet - UInt8(ascii: "0"))
            default: return nil
            }
        }
        guard units > 0, places > 0 || !hasPoint else { return nil }
        return (places..<6).reduce(value) { value, _ in value * 10 }
    }
}

extension Money {
    /// Reads `50.00 USD`.
    package init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, let micros = Money.micros(words[0]), let currency = Currency(String(words[1])) else {
            return nil
        }
        self.init(micros: micros, currency: currency)
    }
}

extension Money: CustomStringConvertible {
    package var description: String { "\(amount) \(currency)" }
}

/// The three capital letters of a currency (ISO 4217).
package struct Currency: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let description: String

    package init?(_ code: String) {
        guard code.utf8.count == 3, code.utf8.allSatisfy({ (0x41...0x5a).contains($0) }) else { return nil }
        description = code
    }

    package static func < (left: Currency, right: Currency) -> Bool { left.description < right.description }
}
