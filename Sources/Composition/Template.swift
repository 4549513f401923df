/// A text with places: `{{name}}` is filled in, `{{#name}}…{{/name}}` stays where the name has a text, `{{^name}}…{{/name}}`
/// where it has none.
package struct Template: Sendable {
    /// How what is filled in is escaped.
    package enum Output: Sendable { case text, html }

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
            case .name(let name): text += output == .html ? escaped(values[name] ?? "") : values[name] ?? ""
            case .section(let name, let isInverted, let inner):
                let isThere = !(values[name] ?? "").isEmpty
                if isThere != isInverted { render(inner, with: values, as: output, into: &text) }
            }
        }
    }

    /// For element content and quoted attributes.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
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

/// What is wrong with a template, and where; lines and columns are counted from 1.
package struct TemplateError: Error, Equatable, CustomStringConvertible {
    package var line: Int
    package var column: Int
    package var reason: String

    package var description: String { "\(line):\(column): \(reason)" }
}
