extension [UInt8] {
    /// Two lower-case digits for each byte (RFC 4648, section 8).
    package var hex: String {
        let digits = [UInt8]("0123456789abcdef".utf8)
        return unsafe String(unsafeUninitializedCapacity: 2 * count) { text in
            for (place, byte) in enumerated() {
                unsafe text[2 * place] = digits[Int(byte >> 4)]
                unsafe text[2 * place + 1] = digits[Int(byte & 0x0F)]
            }
            return 2 * count
        }
    }

    /// Decodes digits of either case, two for each byte, with nothing before, between or after them.
    package init?(hex text: String) {
        let digits = text.utf8.map(digit)
        guard digits.count.isMultiple(of: 2) else { return nil }
        self.init()
        reserveCapacity(digits.count / 2)
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[place], let low = digits[place + 1] else { return nil }
            append(high << 4 | low)
        }
    }
}

private func digit(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): letter - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): letter - UInt8(ascii: "A") + 10
    default: nil
    }
}
