import Configuration
import JSON

/// What commands print on standard output.
enum Output {
    static func print(_ value: JSONValue) {
        say(String(decoding: value.serialized(), as: UTF8.self))
    }

    /// Columns wide enough for what stands in them, two blanks apart.
    static func table(_ head: [String], _ rows: [[String]]) {
        let all = [head] + rows
        let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        for row in all {
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            say(line)
        }
    }

    static func text(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null: "-"
        case .string(let text): text
        case .integer(let number): String(number)
        case .bool(let flag): flag ? "yes" : "no"
        case .some(let other): String(decoding: other.serialized(), as: UTF8.self)
        }
    }
}
