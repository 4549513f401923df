/// Reads the places of a template, and goes on after a fault so that one reading finds them all.
struct TemplateParser {
    /// How deep sections may stand in one another.
    static let deepest = 16
    static let unknownName = "there is no place of this name here"

    private struct Section {
        var name: String
        var position: TextPosition
        var isInverted: Bool
        /// What stood before it.
        var before: [Template.Piece]
    }

    private let names: Set<String>
    private let prefix: String?
    private var rest: Substring
    private var position = TextPosition()
    private var open: [Section] = []
    private(set) var pieces: [Template.Piece] = []
    private(set) var errors: [TemplateError] = []

    init(_ source: String, names: Set<String>, prefix: String?) {
        (self.names, self.prefix, rest) = (names, prefix, source[...])
    }

    mutating func run() {
        while let braces = rest.firstRange(of: "{{") {
            takeText(upTo: braces.lowerBound)
            let start = position
            let inside = rest[braces.upperBound...]
            guard let close = inside.firstRange(of: "}}"),
                !inside[..<close.lowerBound].contains(where: { $0.isNewline || $0 == "{" })
            else {
                errors.append(TemplateError(start, "this {{ has no }}"))
                skip(to: braces.upperBound)
                continue
            }
            skip(to: close.upperBound)
            take(inside[..<close.lowerBound], at: start)
        }
        takeText(upTo: rest.endIndex)
        while let section = open.popLast() { close(section, isClosed: false) }
    }

    private mutating func take(_ tag: Substring, at start: TextPosition) {
        let mark = tag.first.flatMap { "#^/".contains($0) ? $0 : nil }
        let name = String(mark == nil ? tag : tag.dropFirst())
        guard isKnown(name) else {
            errors.append(TemplateError(start, TemplateParser.unknownName))
            return
        }
        switch mark {
        case "#", "^":
            if open.count == TemplateParser.deepest {
                errors.append(
                    TemplateError(start, "sections stand at most \(TemplateParser.deepest) deep in one another")
                )
            }
            open.append(Section(name: name, position: start, isInverted: mark == "^", before: pieces))
            pieces = []
        case "/":
            guard open.contains(where: { $0.name == name }) else {
                errors.append(TemplateError(start, "this closes a section that is not open"))
                return
            }
            while let section = open.popLast() {
                close(section, isClosed: section.name == name)
                if section.name == name { break }
            }
        default: pieces.append(.name(name, start))
        }
    }

    private mutating func close(_ section: Section, isClosed: Bool) {
        if !isClosed { errors.append(TemplateError(section.position, "this section is not closed")) }
        let whole = Template.Piece.section(
            section.name,
            section.position,
            isInverted: section.isInverted,
            // A template with an error is thrown away; what is too deep is not built, so that nothing recurses far.
            open.count < TemplateParser.deepest ? pieces : []
        )
        pieces = section.before + [whole]
    }

    private func isKnown(_ name: String) -> Bool {
        if names.contains(name) { return true }
        guard let prefix, name.hasPrefix(prefix), name.utf8.count > prefix.utf8.count else { return false }
        return name.utf8.allSatisfy { byte in
            switch Unicode.Scalar(byte) {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
            default: false
            }
        }
    }

    private mutating func takeText(upTo end: Substring.Index) {
        guard end > rest.startIndex else { return }
        pieces.append(.text(String(rest[..<end]), position))
        skip(to: end)
    }

    private mutating func skip(to end: Substring.Index) {
        position.pass(rest[..<end])
        rest = rest[end...]
    }
}
