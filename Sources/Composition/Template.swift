/// A text with places: `{{name}}` is filled in, `{{#name}}…{{/name}}` stays where the name has a text, `{{^name}}…{{/name}}`
/// where it has none.
package struct Template: Sendable {
    indirect enum Piece: Sendable {
        case text(String, TextPosition)
        case name(String, TextPosition)
        case section(String, TextPosition, isInverted: Bool, [Piece])
    }

    /// As it was read.
    package let source: String
    let pieces: [Piece]

    /// Reads a template.
    ///
    /// A place of an unknown name, a section that is not closed or not opened, and an unclosed `{{` are refused, with
    /// their line and column.
    ///
    /// - Throws: ``TemplateError`` for the first of them.
    package init(_ source: String, names: Set<String>) throws(TemplateError) {
        let (template, errors) = Template.read(source, names: names)
        if let first = errors.first { throw first }
        self = template
    }

    /// Reads a template and tells all that is wrong with it, in the order of the text.
    ///
    /// `prefix`: Any name that begins with it and goes on with letters, digits, `-`, `_` and `.` is known too.
    static func read(
        _ source: String,
        names: Set<String>,
        prefix: String? = nil
    ) -> (template: Template, errors: [TemplateError]) {
        var parser = TemplateParser(source, names: names, prefix: prefix)
        parser.run()
        return (Template(source: source, pieces: parser.pieces), parser.errors.sorted { $0.position < $1.position })
    }

    private init(source: String, pieces: [Piece]) {
        (self.source, self.pieces) = (source, pieces)
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
            case .text(let verbatim, _): text += verbatim
            case .name(let name, _): text += output.escaped(values[name] ?? "")
            case .section(let name, _, let isInverted, let inner):
                let isThere = !(values[name] ?? "").isEmpty
                if isThere != isInverted { render(inner, with: values, as: output, into: &text) }
            }
        }
    }
}

/// Where in a text something stands; lines and columns are counted from 1, a column is a character as it is seen.
package struct TextPosition: Sendable, Hashable, Comparable {
    package var line = 1
    package var column = 1

    package static func < (one: TextPosition, other: TextPosition) -> Bool {
        (one.line, one.column) < (other.line, other.column)
    }

    mutating func pass(_ text: some StringProtocol) {
        for character in text { pass(character) }
    }

    mutating func pass(_ character: Character) {
        if character.isNewline { (line, column) = (line + 1, 1) } else { column += 1 }
    }
}

/// What is wrong with a template, and where.
package struct TemplateError: Error, Equatable, CustomStringConvertible {
    package var line: Int
    package var column: Int
    package var reason: String

    init(_ position: TextPosition, _ reason: String) {
        (line, column, self.reason) = (position.line, position.column, reason)
    }

    var position: TextPosition { TextPosition(line: line, column: column) }

    package var description: String { "\(line):\(column): \(reason)" }
}
