extension Template {
    /// How what is filled in is escaped; the template's own text never is.
    package enum Output: Sendable, CaseIterable {
        /// As it is.
        case text
        /// As it is, on one line: line breaks and other control characters become a blank.
        case line
        /// For element content and quoted attributes.
        case html
        /// For the inside of a string's quotes (RFC 8259, section 7).
        case json
        /// For a value of `application/x-www-form-urlencoded` (WHATWG URL, section 5.2).
        case form
        /// For one part of a URL between its delimiters (RFC 3986, section 2.1).
        case url

        func escaped(_ value: String) -> String {
            switch self {
            case .text: value
            case .line: Output.line(value)
            case .html: Output.html(value)
            case .json: Output.json(value)
            case .form: Output.percentEncoded(value, sparing: "*-._", blank: "+")
            case .url: Output.percentEncoded(value, sparing: "-._~", blank: "%20")
            }
        }
    }
}

extension Template.Output {
    private static func line(_ value: String) -> String {
        let lines = value.unicodeScalars.split { scalar in
            scalar.properties.generalCategory == .control || ["\u{2028}", "\u{2029}"].contains(scalar)
        }
        return lines.map { String($0) }.joined(separator: " ")
    }

    private static func html(_ value: String) -> String {
        var escaped = ""
        for character in value.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    private static func json(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            return value
        }
        var escaped = ""
        for character in value.unicodeScalars {
            switch character {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case "\u{0}"..."\u{1F}":
                let digits = String(character.value, radix: 16, uppercase: true)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    private static func percentEncoded(_ value: String, sparing marks: String, blank: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var encoded = ""
        for byte in value.utf8 {
            let character = Unicode.Scalar(byte)
            switch character {
            case "a"..."z", "A"..."Z", "0"..."9": encoded.unicodeScalars.append(character)
            case " ": encoded += blank
            case _ where marks.unicodeScalars.contains(character): encoded.unicodeScalars.append(character)
            default: encoded.unicodeScalars.append(contentsOf: ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return encoded
    }
}
