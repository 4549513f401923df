import Configuration
import JSON

/// What commands print on standard output.
enum Output {
    static func print(_ value: JSONValue) {
        say(String(decoding: value.serialized(), as: UTF8.self))
    }

    /// Columns wide enough for what stands in them, two blanks apart.
    ///
    /// `numbers`: The columns that are set to the right, with their decimal points below one another.
    static func table(_ head: [String], _ rows: [[String]], numbers: Set<Int> = []) {
        var rows = rows
        for column in numbers {
            for (row, cell) in pointed(rows.map { $0[column] }).enumerated() { rows[row][column] = cell }
        }
        let all = [head] + rows
        let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        for row in all {
            let cells = row.enumerated().map { column, cell in
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                return numbers.contains(column) ? gap + cell : cell + gap
            }
            let line = cells.joined(separator: "  ")
            say(String(line[...(line.lastIndex { $0 != " " } ?? line.startIndex)]))
        }
    }

    /// Gives numbers with few decimals, or none, blanks at the end in the place of the others' decimals.
    private static func pointed(_ cells: [String]) -> [String] {
        func decimals(_ cell: String) -> Int { cell.firstIndex(of: ".").map { cell[$0...].count } ?? 0 }
        let most = cells.map(decimals).max() ?? 0
        return cells.map { $0.isEmpty ? $0 : $0 + String(repeating: " ", count: most - decimals($0)) }
    }

    /// Facts, each with its name before it.
    static func facts(_ facts: [(name: String, value: String)]) {
        let width = max(12, facts.map { $0.name.count }.max() ?? 0)
        for fact in facts { say(fact.name + String(repeating: " ", count: width - fact.name.count + 2) + fact.value) }
    }

    static func text(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null: return "-"
        case .string(let text): return text
        case .integer(let number): return String(number)
        case .bool(let flag): return flag ? "yes" : "no"
        case .some(let other):
            // Money reads better as it is written in the settings.
            if let amount = other["amount"]?.string, let currency = other["currency"]?.string {
                return "\(amount) \(currency)"
            }
            return String(decoding: other.serialized(), as: UTF8.self)
        }
    }
}
