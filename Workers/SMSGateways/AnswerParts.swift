import Clocks
import Configuration
import JSON
import Spend
import Transfer

extension HTTPAnswer {
    /// The longest wait that the server takes.
    private static let longestWait: Duration = .seconds(86_400)

    /// `Retry-After`: seconds or a date (RFC 9110, section 10.2.3).
    func retryAfter(at now: Instant) -> Duration? {
        guard let text = header("Retry-After") else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int64(text).map { min(.seconds(min($0, 86_400)), HTTPAnswer.longestWait) }
                ?? HTTPAnswer.longestWait
        }
        guard let date = HTTPDate(text) else { return nil }
        return min(max(date.instant - now, .zero), HTTPAnswer.longestWait)
    }
}

extension JSONValue {
    /// What is billed, where amount and currency are known; some gateways write it as a negative amount.
    func billed(_ price: JSONPointer?, _ source: HTTPDescription.CurrencySource?) -> Money? {
        guard let micros = price.flatMap({ self[$0] })?.micros else { return nil }
        let currency: Currency? =
            switch source {
            case .literal(let currency): currency
            case .pointer(let pointer): (self[pointer]?.string?.uppercased()).flatMap(Currency.init)
            case nil: nil
            }
        return currency.map { Money(micros: micros, currency: $0) }
    }

    /// The text at a pointer; null is none.
    func text(at pointer: JSONPointer?) -> String? {
        guard let value = pointer.flatMap({ self[$0] }), !value.isNull else { return nil }
        return value.asText
    }

    /// An amount without its sign, in millionths, rounded to them.
    private var micros: Int64? {
        switch self {
        case .integer(let units): Int64(exactly: units.magnitude).flatMap { Money.micros(String($0)) }
        case .number(let amount): BilledAmount.micros(amount)
        case .string(let text): BilledAmount.micros(text)
        case .null, .bool, .array, .object: nil
        }
    }
}
