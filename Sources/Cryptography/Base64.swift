/// The two alphabets of RFC 4648, sections 4 and 5, decoded strictly.
///
/// Every byte string has one text only: no white space, no missing or needless padding, unused bits are zero.
enum Base64 {
    case standard
    /// `-` and `_` in the place of `+` and `/`, and no padding.
    case url

    func encode(_ bytes: [UInt8]) -> String {
        let count = (bytes.count + 2) / 3 * 4 - (self == .url ? (3 - bytes.count % 3) % 3 : 0)
        return unsafe String(unsafeUninitializedCapacity: count) { text in
            var written = 0
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let group = bytes[start..<min(start + 3, bytes.count)]
                let bits = group.enumerated().reduce(0 as UInt32) { $0 | UInt32($1.element) << (16 - 8 * $1.offset) }
                for place in 0..<4 where place <= group.count || self == .standard {
                    let sextet = UInt8(truncatingIfNeeded: bits >> (18 - 6 * UInt32(place)) & 0x3F)
                    unsafe text[written] = place <= group.count ? letter(sextet) : UInt8(ascii: "=")
                    written += 1
                }
            }
            return written
        }
    }

    /// How many bytes the text decodes to if its letters are right, or nil when a text of that length is none.
    func decodedCount(_ text: UnsafeRawBufferPointer) -> Int? {
        let letters = unsafe text.count - padding(of: text)
        guard letters % 4 != 1, self == .url || text.count % 4 == 0 else { return nil }
        return letters / 4 * 3 + [0, 0, 1, 2][letters % 4]
    }

    /// Writes ``decodedCount(_:)`` bytes and returns whether the text was right; if not, what was written is garbage.
    func decode(_ text: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer) -> Bool {
        var bits: UInt32 = 0
        var held: UInt32 = 0
        var written = 0
        for index in unsafe 0..<(text.count - padding(of: text)) {
            guard let sextet = unsafe sextet(text[index]) else { return false }
            bits = bits << 6 | UInt32(sextet)
            held += 6
            guard held >= 8 else { continue }
            held -= 8
            unsafe bytes[written] = UInt8(truncatingIfNeeded: bits >> held)
            written += 1
        }
        return bits & (1 << held - 1) == 0
    }

    private func padding(of text: UnsafeRawBufferPointer) -> Int {
        self == .url ? 0 : unsafe text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    }

    private func letter(_ sextet: UInt8) -> UInt8 {
        switch sextet {
        case 0..<26: UInt8(ascii: "A") + sextet
        case 26..<52: UInt8(ascii: "a") + sextet - 26
        case 52..<62: UInt8(ascii: "0") + sextet - 52
        case 62: UInt8(ascii: self == .url ? "-" : "+")
        default: UInt8(ascii: self == .url ? "_" : "/")
        }
    }

    private func sextet(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
        case self.letter(62): 62
        case self.letter(63): 63
        default: nil
        }
    }
}

extension [UInt8] {
    /// The text of RFC 4648, section 4, with padding.
    package var base64: String { Base64.standard.encode(self) }

    /// The text of RFC 4648, section 5, without padding.
    package var base64URL: String { Base64.url.encode(self) }

    /// Decodes what ``base64`` writes, and nothing else.
    package init?(base64 text: String) {
        self.init(text, as: .standard)
    }

    /// Decodes what ``base64URL`` writes, and nothing else.
    package init?(base64URL text: String) {
        self.init(text, as: .url)
    }

    private init?(_ text: String, as alphabet: Base64) {
        let letters = Array(text.utf8)
        guard let count = unsafe letters.withUnsafeBytes({ unsafe alphabet.decodedCount($0) }) else { return nil }
        self.init(repeating: 0, count: count)
        let isRight = unsafe letters.withUnsafeBytes { text in
            unsafe withUnsafeMutableBytes { unsafe alphabet.decode(text, into: $0) }
        }
        guard isRight else { return nil }
    }
}
