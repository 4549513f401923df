import Foundation

/// The tables of docs/api.md that tell what is answered to bad input.
struct ProbeTable {
    private var lines: [String] = []

    mutating func begin(_ theme: ProbeTheme) {
        lines += ["", "### \(theme.title)", "", "| Probe | Request | Answer |", "|---|---|---|"]
    }

    /// A row for each answer that a probe got, with the requests that got it.
    mutating func add(_ probe: Probe, _ answers: [(shown: String, answer: String)]) {
        var rows: [(answer: String, shown: [String])] = []
        for (shown, answer) in answers {
            if let row = rows.firstIndex(where: { $0.answer == answer }) {
                if !rows[row].shown.contains(shown) { rows[row].shown.append(shown) }
            } else {
                rows.append((answer, [shown]))
            }
        }
        for row in rows {
            let cells = [probe.name, row.shown.joined(separator: ", "), row.answer]
            lines.append("| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |")
        }
    }

    // MARK: The document

    private static let start = "<!-- probes: made by Tests/ProgramTests/Probes, written with GATEPOST_WRITE_DOCS=1 -->"
    private static let end = "<!-- end of probes -->"

    private static var document: URL {
        var root = URL(filePath: #filePath)
        for _ in 1...4 { root.deleteLastPathComponent() }
        return root.appending(path: "docs/api.md")
    }

    /// Compares the tables with the document; with `GATEPOST_WRITE_DOCS=1` writes them there.
    ///
    /// - Returns: the first line that differs, as the document has it and as it was answered.
    func difference() throws -> String? {
        let text = try String(contentsOf: ProbeTable.document, encoding: .utf8)
        guard let first = text.range(of: ProbeTable.start), let last = text.range(of: ProbeTable.end),
            first.upperBound < last.lowerBound
        else { return "docs/api.md has no place for the probes" }
        let answered = lines.joined(separator: "\n") + "\n\n"
        if ProcessInfo.processInfo.environment["GATEPOST_WRITE_DOCS"] == "1" {
            let written = text[..<first.upperBound] + "\n" + answered + text[last.lowerBound...]
            try Data(written.utf8).write(to: ProbeTable.document)
            return nil
        }
        let documented = text[first.upperBound..<last.lowerBound].split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        let fresh = ("\n" + answered).split(separator: "\n", omittingEmptySubsequences: false)
        guard documented != fresh else { return nil }
        let place = zip(documented, fresh).enumerated().first { $0.element.0 != $0.element.1 }
        let (old, new) = place?.element ?? ("\(documented.count) lines", "\(fresh.count) lines")
        return
            "docs/api.md says\n\(old)\nand it was\n\(new)\nWhere that is right, run the test with GATEPOST_WRITE_DOCS=1."
    }
}

/// A text in a table's code span: what is not seen is written as JSON escapes it.
func markdownCode(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
            let digits = String(scalar.value, radix: 16)
            shown += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        default: shown.unicodeScalars.append(scalar)
        }
    }
    guard shown.contains("`") else { return "`\(shown)`" }
    return "`` \(shown) ``"
}

/// The beginning of a text that is too long for a table.
func shortened(_ text: String, to limit: Int = 72) -> String {
    text.unicodeScalars.count <= limit
        ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "…"
}
