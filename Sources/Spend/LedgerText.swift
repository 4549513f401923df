private import JSON

/// The two forms in which the ledger leaves the house.
package enum LedgerText {
    /// One line of NDJSON, its end included: what the audit reads.
    package static func ndjson(_ entry: LedgerEntry) -> [UInt8] {
        entry.json.serialized() + [UInt8(ascii: "\n")]
    }

    /// The names of the columns, those of the JSON members in their order.
    package static let csvHeader: [UInt8] = record(columns)

    /// One record of CSV (RFC 4180), its end (CR LF) included.
    ///
    /// Null is an empty field. A text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return has a `'` put before
    /// it, because a spreadsheet would take it for a formula; the exact text is in the NDJSON, and only that is audited.
    package static func csv(_ entry: LedgerEntry) -> [UInt8] {
        let json = entry.json
        return record(columns.map { field(json[$0] ?? .null) })
    }

    private static let columns = [
        "writer", "sequence", "at", "kind", "delivery", "attempt", "gateway", "tenant", "purpose", "country",
        "segments",
        "amount", "currency", "price_version", "previous", "hash",
    ]

    private static func field(_ value: JSONValue) -> String {
        switch value {
        case .integer(let number): String(number)
        case .string(let text): isFormula(text) ? "'" + text : text
        default: ""
        }
    }

    private static func isFormula(_ text: String) -> Bool {
        text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
    }

    private static func record(_ fields: [String]) -> [UInt8] {
        [UInt8]((fields.map(quoted).joined(separator: ",") + "\r\n").utf8)
    }

    private static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
