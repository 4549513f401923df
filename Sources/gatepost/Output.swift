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
        for line in TextTable(head: head, rows: rows, numbers: numbers).lines(for: .output) { say(line) }
    }

    /// Facts, each with its name before it.
    static func facts(_ facts: [(name: String, value: String)]) {
        let width = max(12, facts.map { $0.name.count }.max() ?? 0)
        let terminal = Terminal.output
        for fact in facts {
            let blanks = String(repeating: " ", count: width - fact.name.count + 2)
            let ink = fact.name == "state" ? Terminal.Ink(of: fact.value) : nil
            say(terminal.set(fact.name, in: .bold) + blanks + terminal.set(fact.value, in: ink))
        }
    }

    /// A text in one line, with nothing that a terminal would obey: a gateway's words, a name.
    private static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isCommand) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isCommand($0) ? "\u{fffd}" : $0 }))
    }

    private static func isCommand(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }

    static func text(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null: return "-"
        case .string(let text): return printable(text)
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
