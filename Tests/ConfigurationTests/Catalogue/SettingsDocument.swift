import Configuration
import Foundation

/// The tables of keys in the documents: `<!-- settings: NAME -->`, the table, `<!-- end -->`.
struct SettingsDocument {
    private let interview: Interview

    init(_ interview: Interview) { self.interview = interview }

    /// The document as it must be, and what stands in it now.
    private static func url(_ name: String) -> URL {
        var root = URL(filePath: #filePath)
        for _ in 1...4 { root.deleteLastPathComponent() }
        return root.appending(path: "docs/" + name)
    }

    static func text(_ name: String) throws -> String { try String(contentsOf: url(name), encoding: .utf8) }

    /// Compares the tables with the documents; with `GATEPOST_WRITE_DOCS=1` writes them there.
    ///
    /// - Returns: The first row of each table that differs, as the document has it and as it is.
    func differences() throws -> [String] {
        var rest = Dictionary(uniqueKeysWithValues: SettingsTable.all.map { ($0.name, $0) })
        var differences: [String] = []
        for name in ["settings.md", "gateways.md"] {
            var text = try SettingsDocument.text(name)
            for table in SettingsTable.all {
                guard let begin = text.range(of: "<!-- settings: \(table.name) -->\n"),
                    let end = text.range(of: "<!-- end -->", range: begin.upperBound..<text.endIndex)
                else { continue }
                rest[table.name] = nil
                let place = begin.upperBound..<end.lowerBound
                let fresh = "\n" + rows(of: table).joined(separator: "\n") + "\n\n"
                if let difference = difference(String(text[place]), fresh) {
                    differences.append("docs/\(name), the table \(table.name): \(difference)")
                }
                text.replaceSubrange(place, with: fresh)
            }
            if ProcessInfo.processInfo.environment["GATEPOST_WRITE_DOCS"] == "1" {
                try Data(text.utf8).write(to: SettingsDocument.url(name))
                differences = []
            }
        }
        return differences
            + rest.keys.sorted().map { "no document has a place for the table \($0): <!-- settings: \($0) -->" }
    }

    private func difference(_ old: String, _ fresh: String) -> String? {
        guard old != fresh else { return nil }
        let lines = [old, fresh].map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
        let pair = zip(lines[0], lines[1]).first { $0 != $1 } ?? ("\(lines[0].count) lines", "\(lines[1].count) lines")
        return """
            it says
            \(pair.0)
            and the settings are read as
            \(pair.1)
            Where that is right, run the test with GATEPOST_WRITE_DOCS=1.
            """
    }

    private func rows(of table: SettingsTable) -> [String] {
        let head = table.isNarrow ? ["Key", "Default", "Meaning"] : ["Key", "Default", "Bounds", "Meaning"]
        let rule = "|" + String(repeating: "---|", count: head.count)
        return [row(head), rule] + table.keys.map { key in row(cells(of: key, in: table)) }
    }

    private func cells(of key: SettingsKey, in table: SettingsTable) -> [String] {
        let names = key.names.map { "`\($0)`" }.joined(separator: ", ")
        let pattern = table.pattern(of: key.names[0])
        var standard = key.standard ?? shownStandard(of: pattern)
        let allowed = key.allowed ?? interview.bounds(of: pattern).first?.shown ?? ""
        guard table.isNarrow else { return [names, standard, allowed, key.meaning] }
        if !allowed.isEmpty { standard += " (\(allowed))" }
        return [names, standard, key.meaning]
    }

    private func shownStandard(of pattern: String) -> String {
        let standards = interview.standards(of: pattern)
        guard let first = standards.first else { return "required" }
        let others = standards.dropFirst().flatMap { other in other.names.map { "`\($0)` \(other.value.shown)" } }
        return ([first.value.shown] + others).joined(separator: ", ")
    }

    private func row(_ cells: [String]) -> String {
        "|" + cells.map { $0.isEmpty ? " |" : " \($0.replacing("|", with: "\\|")) |" }.joined()
    }
}

extension SettingsTable {
    func pattern(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
