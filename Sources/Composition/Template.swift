/// A text with places: `{{name}}` is filled in, `{{#name}}…{{/name}}` stays where the name has a text, `{{^name}}…{{/name}}`
/// where it has none.
package struct Template: Sendable {
    /// How what is filled in is escaped; the template's own text never is.
    package enum Output: Sendable, CaseIterable {
        /// As it is.
        case text
        /// For element content and quoted attributes.
        case html
        /// For the inside of a string's quotes (RFC 8259, section 7).
        case json
        /// For a value of `application/x-www-form-urlencoded` (WHATWG URL, section 5.2).
        case form
        /// For one part of a URL between its delimiters (RFC 3986, section 2.1).
        case url
    }

    private indirect enum Piece: Sendable {
        case text(String)
        case name(String)
        case section(String, isInverted: Bool, [Piece])
    }

    private let pieces: [Piece]

    /// Reads a template.
    ///
    /// A place of an unknown name, a section that is not closed or not opened, and an unclosed `{{` are refused, with
    /// their line and column.
    package init(_ source: String, names: Set<String>) throws(TemplateError) {
        var parser = Parser(source: source, names: names)
        pieces = try parser.pieces(until: nil)
    }

    package func rendered(with values: [String: String], as output: Output) -> String {
        var text = ""
        Template.render(pieces, with: values, as: output, into: &text)
        return text
    }

    private static func render(
        _ pieces: [Piece],
        with values: [String: String],
        as output: Output,
        into text: inout String
    ) {
        for piece in pieces {
            switch piece {
            case .text(let verbatim): text += verbatim
            case .name(let name): text += output.escaped(values[name] ?? "")
            case .section(let name, let isInverted, let inner):
                let isThere = !(values[name] ?? "").isEmpty
                if isThere != isInverted { render(inner, with: values, as: output, into: &text) }
            }
        }
    }

    /// The names that are filled in somewhere without a section of their own, so that a template without them has a gap.
    package var needed: Set<String> { Template.needed(by: pieces, within: []) }

    private static func needed(by pieces: [Piece], within sections: Set<String>) -> Set<String> {
        var names: Set<String> = []
        for piece in pieces {
            switch piece {
            case .text: break
            case .name(let name): if !sections.contains(name) { names.insert(name) }
            case .section(let name, let isInverted, let inner):
                names.formUnion(needed(by: inner, within: isInverted ? sections : sections.union([name])))
            }
        }
        return names
    }

    private struct Parser {
        private var rest: Substring
        private let source: String
        private let names: Set<String>

        init(source: String, names: Set<String>) {
            (self.source, self.names, rest) = (source, names, source[...])
        }

        mutating func pieces(until section: (name: String, start: String.Index)?) throws(TemplateError) -> [Piece] {
            var pieces: [Piece] = []
            while !rest.isEmpty {
                guard let open = rest.firstRange(of: "{{") else {
                    pieces.append(.text(String(rest)))
                    rest = rest[rest.endIndex...]
                    break
                }
                if open.lowerBound > rest.startIndex { pieces.append(.text(String(rest[..<open.lowerBound]))) }
                guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
                    throw error("this {{ has no }}", at: open.lowerBound)
                }
                let tag = rest[open.upperBound..<close.lowerBound]
                rest = rest[close.upperBound...]
                let name = String(tag.drop { "#^/".contains($0) })
                guard names.contains(name) else {
                    throw error("there is no place of this name here", at: open.lowerBound)
                }
                switch tag.first {
                case "#", "^":
                    let inner = try self.pieces(until: (name, open.lowerBound))
                    pieces.append(.section(name, isInverted: tag.first == "^", inner))
                case "/":
                    guard let section, section.name == name else {
                        throw error("this closes a section that is not open", at: open.lowerBound)
                    }
                    return pieces
                default: pieces.append(.name(name))
                }
            }
            if let section { throw error("this section is not closed", at: section.start) }
            return pieces
        }

        private func error(_ reason: String, at index: String.Index) -> TemplateError {
            let before = source[..<index]
            let line = before.count { $0.isNewline } + 1
            let column = (before.lastIndex { $0.isNewline }.map { before[$0...].count - 1 } ?? before.count) + 1
            return TemplateError(line: line, column: column, reason: reason)
        }
    }
}

extension Template.Output {
    fileprivate func escaped(_ value: String) -> String {
        switch self {
        case .text: value
        case .html: Template.Output.html(value)
        case .json: Template.Output.json(value)
        case .form: Template.Output.percentEncoded(value, sparing: "*-._", blank: "+")
        case .url: Template.Output.percentEncoded(value, sparing: "-._~", blank: "%20")
        }
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

/// What is wrong with a template, and where; lines and columns are counted from 1.
package struct TemplateError: Error, Equatable, CustomStringConvertible {
    package var line: Int
    package var column: Int
    package var reason: String

    package var description: String { "\(line):\(column): \(reason)" }
}
