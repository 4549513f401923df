extension Duration {
    /// Reads `90s`, `10m`, `24h`, `7d` or `250ms`: a whole number and a unit, nothing else.
    package init?(text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count)
        // So many of any unit can be counted in milliseconds.
        let most: Int64 = unit == "ms" ? 1_000_000_000_000 : 1_000_000_000
        guard let count = Int64(digits), count <= most else { return nil }
        switch unit {
        case "ms": self = .milliseconds(count)
        case "s": self = .seconds(count)
        case "m": self = .seconds(count * 60)
        case "h": self = .seconds(count * 3600)
        case "d": self = .seconds(count * 86_400)
        default: return nil
        }
    }

    /// The duration as ``init(text:)`` reads it, in the largest unit that divides it: `90s`, `24h`.
    package var text: String {
        let milliseconds = milliseconds
        for (unit, size) in [("h", 3_600_000), ("m", 60_000), ("s", 1000)] as [(String, Int64)]
        where milliseconds % size == 0 && milliseconds != 0 {
            return "\(milliseconds / size)\(unit)"
        }
        return milliseconds == 0 ? "0s" : "\(milliseconds)ms"
    }
}
