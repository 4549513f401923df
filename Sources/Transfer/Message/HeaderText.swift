private import FoundationEssentials

/// Text in a header field: folded where it is plain, encoded words (RFC 2047) where it is not.
enum HeaderText {
    /// Characters on a line without its break (RFC 5322, section 2.1.1).
    static let lineLength = 78

    /// The longest encoded word (RFC 2047, section 2), and the longest line that has one.
    private static let wordLength = 75
    private static let encodedLineLength = 76

    /// Encodes unstructured text that starts at a column, or returns nil if it has control characters.
    static func encoded(_ text: String, column: Int) -> String? {
        guard !hasControls(text) else { return nil }
        return isPlain(text) ? folded(text, column: column) : encodedWords(text, column: column)
    }

    /// Encodes the name before an address, or returns nil if it has control characters.
    static func encodedPhrase(_ name: String, column: Int) -> String? {
        guard !hasControls(name) else { return nil }
        let isAtoms = name.utf8.allSatisfy { $0 == 0x20 || $0.isAtomByte }
        guard isPlain(name), isAtoms || column + name.utf8.count < lineLength - 2 else {
            return encodedWords(name, column: column)
        }
        if isAtoms { return folded(name, column: column) }
        let escaped = name.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        return "\"\(escaped)\""
    }

    private static func hasControls(_ text: String) -> Bool {
        text.unicodeScalars.contains {
            $0.isASCII
                ? $0.value < 0x20 || $0.value == 0x7F
                : [.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
    }

    /// Whether folding at the blanks gives the text back: ASCII, single blanks inside, no word that fills a line, and
    /// nothing that reads like an encoded word.
    private static func isPlain(_ text: String) -> Bool {
        let words = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
        return text.utf8.allSatisfy { $0 < 0x80 } && !text.contains("=?")
            && words.allSatisfy { (1...lineLength / 2).contains($0.count) }
    }

    private static func folded(_ text: String, column: Int) -> String {
        var column = column
        var result = ""
        for word in text.split(separator: " ") {
            if !result.isEmpty {
                let fits = column + 1 + word.utf8.count <= lineLength
                result += fits ? " " : "\r\n "
                column = fits ? column + 1 : 1
            }
            result += word
            column += word.utf8.count
        }
        return result
    }

    private static func encodedWords(_ text: String, column: Int) -> String {
        // Q stays readable where most letters are ASCII; B is shorter where they are not.
        let usesQ = text.utf8.count { quotedLength(of: $0) == 1 } * 2 >= text.utf8.count
        var room = min(wordLength, encodedLineLength - column)
        var words: [String] = []
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            let more = bytes + Array(String(scalar).utf8)
            if word(more, usesQ: usesQ).utf8.count > room, !bytes.isEmpty {
                words.append(word(bytes, usesQ: usesQ))
                room = wordLength
                bytes = Array(String(scalar).utf8)
            } else {
                bytes = more
            }
        }
        if !bytes.isEmpty { words.append(word(bytes, usesQ: usesQ)) }
        return words.joined(separator: "\r\n ")
    }

    private static func word(_ bytes: [UInt8], usesQ: Bool) -> String {
        guard usesQ else { return "=?UTF-8?B?\(Data(bytes).base64EncodedString())?=" }
        var result = "=?UTF-8?Q?"
        for byte in bytes {
            if byte == 0x20 {
                result += "_"
            } else if quotedLength(of: byte) == 1 {
                result.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                result += (byte < 16 ? "=0" : "=") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result + "?="
    }

    /// Letters and digits stand for themselves, which is right in a phrase too (RFC 2047, section 5).
    private static func quotedLength(of byte: UInt8) -> Int {
        byte == 0x20 || byte.isASCIILetterOrDigit ? 1 : 3
    }
}

extension UInt8 {
    /// Whether the byte may stand in an atom (RFC 5322, section 3.2.3).
    fileprivate var isAtomByte: Bool {
        isASCIILetterOrDigit || "!#$%&'*+-/=?^_`{|}~".utf8.contains(self)
    }
}
