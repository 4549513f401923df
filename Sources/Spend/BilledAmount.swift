/// How gateways write what they bill: with or without a sign, with more places than anybody pays.
package enum BilledAmount {
    /// As many units as a sum of money may have here.
    private static let limit = 1e12

    /// Millionths, rounded to them, without the sign; `nil` for what is no amount.
    package static func micros(_ amount: Double) -> Int64? {
        amount.isFinite && abs(amount) < limit ? Int64((abs(amount) * 1_000_000).rounded()) : nil
    }

    /// Reads `-0.00750`; places beyond six only matter where the amount is read as a number.
    package static func micros(_ text: String) -> Int64? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        if let exact = Money.micros(digits) { return exact }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else { return nil }
        return Double(digits).flatMap { micros($0) }
    }
}
