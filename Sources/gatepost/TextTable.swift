/// Rows of cells under a head, as lines of text.
///
/// Where the lines are longer than the terminal is wide, columns that say nothing are left out and cells of several words are
/// cut, since names and ids are there to be copied; where that does not help, each row is a block of its own.
struct TextTable {
    private static let gap = 2
    /// No column is cut below this.
    private static let narrowest = 12

    var head: [String]
    var rows: [[String]]
    /// The columns that are set to the right, with their decimal points below one another.
    var numbers: Set<Int> = []

    func lines(for terminal: Terminal) -> [String] {
        var rows = rows
        for column in numbers {
            for (row, cell) in TextTable.pointed(rows.map { $0[column] }).enumerated() { rows[row][column] = cell }
        }
        var widths = head.indices.map { column in max(head[column].count, rows.map { $0[column].count }.max() ?? 0) }
        if let columns = terminal.columns, TextTable.sum(widths) > columns {
            let empty = head.indices.filter { column in rows.allSatisfy { ["", "-"].contains($0[column]) } }
            guard empty.isEmpty || rows.isEmpty else { return without(Set(empty)).lines(for: terminal) }
            cut(&widths, rows, to: columns)
            guard TextTable.sum(widths) <= columns || rows.isEmpty else { return blocks(for: terminal) }
        }
        let heads = [line(head, widths, terminal) { _, _ in .bold }]
        return heads + rows.map { line($0, widths, terminal) { column, cell in ink(of: cell, in: column) } }
    }

    private func without(_ columns: Set<Int>) -> TextTable {
        func kept(_ cells: [String]) -> [String] { cells.indices.filter { !columns.contains($0) }.map { cells[$0] } }
        let moved = numbers.subtracting(columns).map { number in number - columns.count { $0 < number } }
        return TextTable(head: kept(head), rows: rows.map(kept), numbers: Set(moved))
    }

    private static func sum(_ widths: [Int]) -> Int { widths.reduce(0, +) + gap * max(widths.count - 1, 0) }

    /// Takes from the widest of the columns that have sentences until all fit, or no more can be taken.
    private func cut(_ widths: inout [Int], _ rows: [[String]], to columns: Int) {
        let isText = head.indices.map { column in
            rows.contains { $0[column].contains(" ") } && !numbers.contains(column)
        }
        while TextTable.sum(widths) > columns {
            let widest = head.indices.filter { isText[$0] }.max { widths[$0] < widths[$1] }
            guard let widest, widths[widest] > max(TextTable.narrowest, head[widest].count) else { return }
            widths[widest] -= 1
        }
    }

    private func line(
        _ cells: [String],
        _ widths: [Int],
        _ terminal: Terminal,
        ink: (Int, String) -> Terminal.Ink?
    ) -> String {
        let last = cells.lastIndex { !$0.isEmpty } ?? 0
        let parts = cells.indices.prefix(last + 1).map { column in
            let cell = TextTable.fitted(cells[column], to: widths[column])
            let blanks = String(repeating: " ", count: widths[column] - cell.count)
            let text = terminal.set(cell, in: ink(column, cell))
            if numbers.contains(column) { return blanks + text }
            return column == last ? text : text + blanks
        }
        let line = parts.joined(separator: String(repeating: " ", count: TextTable.gap))
        return String(line[...(line.lastIndex { $0 != " " } ?? line.startIndex)])
    }

    /// Each row by itself, name and value on a line.
    private func blocks(for terminal: Terminal) -> [String] {
        let width = head.map(\.count).max() ?? 0
        var lines: [String] = []
        for row in rows {
            if !lines.isEmpty { lines.append("") }
            for (column, cell) in row.enumerated() where !cell.isEmpty {
                let blanks = String(repeating: " ", count: width - head[column].count + TextTable.gap)
                lines.append(
                    terminal.set(head[column], in: .bold) + blanks + terminal.set(cell, in: ink(of: cell, in: column))
                )
            }
        }
        return lines
    }

    /// What somebody was called or has written is in no colour, whatever it says.
    private func ink(of cell: String, in column: Int) -> Terminal.Ink? {
        ["state", "result"].contains(head[column]) ? Terminal.Ink(of: cell) : nil
    }

    private static func fitted(_ cell: String, to width: Int) -> String {
        cell.count <= width ? cell : cell.prefix(max(width - 1, 0)) + "…"
    }

    /// Gives numbers with few decimals, or none, blanks at the end in the place of the others' decimals.
    private static func pointed(_ cells: [String]) -> [String] {
        func decimals(_ cell: String) -> Int { cell.firstIndex(of: ".").map { cell[$0...].count } ?? 0 }
        let most = cells.map(decimals).max() ?? 0
        return cells.map { $0.isEmpty ? $0 : $0 + String(repeating: " ", count: most - decimals($0)) }
    }
}
