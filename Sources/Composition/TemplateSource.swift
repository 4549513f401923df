import AuthEvents

/// Makes the text of a template from the bytes of its file.
enum TemplateSource {
    struct Fault: Error, Equatable {
        var position: TextPosition
        var reason: String
    }

    /// Drops a byte order mark, reads CRLF as LF, and drops the line breaks at the end of what is not a mail's body.
    ///
    /// Refused are too large a file, what is not UTF-8, control characters, an empty text, and a subject of several lines.
    static func read(_ bytes: [UInt8], as part: TemplatePart, of channel: Channel) -> Result<String, Fault> {
        guard bytes.count <= TemplateSet.largestFile else {
            let reason = "the file has \(bytes.count) bytes; a template has at most \(TemplateSet.largestFile)"
            return .failure(Fault(position: TextPosition(), reason: reason))
        }
        var text = ""
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        decoding: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): text.unicodeScalars.append(scalar)
            case .emptyInput: break decoding
            case .error: return .failure(Fault(position: end(of: text), reason: "this is not UTF-8"))
            }
        }
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        text = text.replacing("\r\n", with: "\n")
        if part == .subject || channel == .sms {
            while text.last == "\n" { text.removeLast() }
        }
        return check(text, as: part).map { .failure($0) } ?? .success(text)
    }

    private static func check(_ text: String, as part: TemplatePart) -> Fault? {
        guard text.contains(where: { !$0.isWhitespace }) else {
            return Fault(position: TextPosition(), reason: "the file is empty")
        }
        var position = TextPosition()
        for character in text {
            if character == "\n", part == .subject {
                return Fault(position: TextPosition(line: 2), reason: "a subject has one line")
            }
            let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
            if isControl, character != "\n", character != "\t" {
                let digits = String(character.unicodeScalars.first?.value ?? 0, radix: 16, uppercase: true)
                let code = String(repeating: "0", count: max(4 - digits.count, 0)) + digits
                return Fault(position: position, reason: "the control character U+\(code) has no place in a text")
            }
            position.pass(character)
        }
        return nil
    }

    private static func end(of text: String) -> TextPosition {
        var position = TextPosition()
        position.pass(text.unicodeScalars.first == "\u{FEFF}" ? text.dropFirst() : text[...])
        return position
    }
}
