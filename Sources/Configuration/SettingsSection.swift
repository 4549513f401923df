import AuthEvents
import Clocks
import Limits
import TOML

/// One table of the settings.
///
/// Each read says what is allowed; what was never read is an unknown key.
final class SettingsSection {
    let file: String
    let path: String
    private let table: TOMLTable?
    private let line: Int?
    private let environment: SettingsEnvironment
    /// The path as the documents write it: `gateways[]` is every gateway.
    private let pattern: String
    /// Nobody but the tests of the documents wants to know what is asked.
    private let questions: SettingsQuestions?
    private var known: Set<String> = []

    init(
        _ table: TOMLTable?,
        line: Int?,
        path: String,
        file: String,
        environment: SettingsEnvironment,
        pattern: String = "",
        questions: SettingsQuestions? = nil
    ) {
        (self.table, self.line, self.path, self.file) = (table, line, path, file)
        (self.environment, self.pattern, self.questions) = (environment, pattern, questions)
    }

    func error(_ key: String?, _ reason: String) -> SettingsError {
        if let key, let name = environment.name(of: full(key)) {
            return SettingsError(file: "\(name) in the environment", line: nil, key: full(key), reason: reason)
        }
        let position = key.flatMap { key in table?.members.first { $0.key == key }?.line } ?? line
        return SettingsError(file: file, line: position, key: key.map(full), reason: reason)
    }

    /// Tells who wants to know that a key is asked for, and what of it is known here.
    func tell(_ key: String, _ fact: (inout SettingsQuestion) -> Void = { _ in }) {
        questions?.note(full(key), pattern.isEmpty ? key : "\(pattern).\(key)", fact)
    }

    /// The key's value: from the environment, else from the file.
    func node(_ key: String) throws(SettingsError) -> TOMLNode? {
        tell(key)
        known.insert(key)
        guard let variable = try environment.value(for: full(key), file: file) else { return table?[key] }
        if let node = try? TOMLNode(parsingValue: variable.text) { return node }
        // A text needs no quotes there.
        return TOMLNode(value: .string(variable.text), line: 1, column: 1)
    }

    func string(_ key: String) throws(SettingsError) -> String? {
        guard let node = try node(key) else { return nil }
        if case .string(let text) = node.value { return text }
        if let text = try environment.value(for: full(key), file: file)?.text { return text }
        throw error(key, "must be a string")
    }

    func required(_ key: String, _ meaning: String) throws(SettingsError) -> String {
        tell(key) { $0.isRequired = true }
        guard let text = try string(key), !text.isEmpty else { throw error(key, "is required: \(meaning)") }
        return text
    }

    func boolean(_ key: String) throws(SettingsError) -> Bool? {
        guard let node = try node(key) else { return nil }
        guard case .boolean(let flag) = node.value else { throw error(key, "must be true or false") }
        return flag
    }

    func integer(_ key: String, in bounds: ClosedRange<Int64>) throws(SettingsError) -> Int64? {
        tell(key) { $0.bounds = .integers(bounds) }
        guard let node = try node(key) else { return nil }
        guard case .integer(let number) = node.value, bounds.contains(number) else {
            throw error(key, "must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }

    func duration(_ key: String, in bounds: ClosedRange<Duration>) throws(SettingsError) -> Duration? {
        tell(key) { $0.bounds = .durations(bounds) }
        guard let text = try string(key) else { return nil }
        guard let duration = Duration(text: text), bounds.contains(duration) else {
            throw error(
                key,
                "must be a duration such as 90s from \(bounds.lowerBound.text) to \(bounds.upperBound.text)"
            )
        }
        return duration
    }

    func durations(_ key: String, in bounds: ClosedRange<Duration>) throws(SettingsError) -> [Duration]? {
        tell(key) { ($0.bounds, $0.isList) = (.durations(bounds), true) }
        guard let texts = try strings(key) else { return nil }
        let durations = texts.compactMap(Duration.init(text:)).filter(bounds.contains)
        guard durations.count == texts.count else {
            throw error(
                key,
                "must be a list of durations such as 90s from \(bounds.lowerBound.text) to \(bounds.upperBound.text)"
            )
        }
        return durations
    }

    func rate(_ key: String) throws(SettingsError) -> Rate? {
        tell(key) { $0.bounds = .rates }
        guard let text = try string(key) else { return nil }
        guard let rate = Rate(text: text) else {
            throw error(key, "must be a rate such as 5/10m, from 1/24h to 1000000/1s")
        }
        return rate
    }

    func strings(_ key: String) throws(SettingsError) -> [String]? {
        guard let node = try node(key) else { return nil }
        guard case .array(let items) = node.value else { throw error(key, "must be a list of strings") }
        var strings: [String] = []
        for item in items {
            guard case .string(let text) = item.value else { throw error(key, "must be a list of strings") }
            strings.append(text)
        }
        return strings
    }

    func integers(_ key: String, in bounds: ClosedRange<Int64>) throws(SettingsError) -> [Int]? {
        tell(key) { ($0.bounds, $0.isList) = (.integers(bounds), true) }
        guard let node = try node(key) else { return nil }
        let refusal = error(key, "must be a list of whole numbers from \(bounds.lowerBound) to \(bounds.upperBound)")
        guard case .array(let items) = node.value else { throw refusal }
        var integers: [Int] = []
        for item in items {
            guard case .integer(let number) = item.value, bounds.contains(number) else { throw refusal }
            integers.append(Int(number))
        }
        return integers
    }

    /// A secret: a string, `{ env = "NAME" }` or `{ file = "PATH" }`; it is not resolved here.
    func secret(_ key: String) throws(SettingsError) -> SecretSource? {
        guard let node = try node(key) else { return nil }
        switch node.value {
        case .string(let text): return .text(text)
        case .table(let table) where table.members.count == 1:
            if case .string(let name) = table["env"]?.value { return .environment(name) }
            if case .string(let path) = table["file"]?.value { return .file(path) }
            fallthrough
        default: throw error(key, "must be a string, { env = \"NAME\" } or { file = \"PATH\" }")
        }
    }

    /// A table in the table; `kind` stands for its name in the documents, where the name is one of several.
    func section(_ key: String, as kind: String? = nil) throws(SettingsError) -> SettingsSection {
        tell(kind ?? key) { $0.isTable = true }
        known.insert(key)
        guard let node = table?[key] else { return inner(nil, line: nil, key, as: kind ?? key) }
        guard case .table(let table) = node.value else { throw error(key, "must be a table: [\(full(key))]") }
        return inner(table, line: node.line, key, as: kind ?? key)
    }

    /// The entries of an array of tables, each addressed by its `name`; `nil` where the array is left out.
    func entries(_ key: String) throws(SettingsError) -> [SettingsSection]? {
        tell(key + "[]") { $0.isTable = true }
        known.insert(key)
        guard let node = table?[key] else { return nil }
        guard case .array(let items) = node.value else { throw error(key, "must be an array of tables: [[\(key)]]") }
        var sections: [SettingsSection] = []
        for (index, item) in items.enumerated() {
            guard case .table(let table) = item.value else {
                throw error(key, "must be an array of tables: [[\(key)]]")
            }
            var name = String(index + 1)
            if case .string(let given) = table["name"]?.value { name = given }
            sections.append(inner(table, line: item.line, "\(key).\(name)", as: key + "[]"))
        }
        return sections
    }

    /// Whether the file has the table.
    var isThere: Bool { table != nil }

    /// Names that the table has and that are no keys: for tables whose keys are names.
    var names: [String] { table?.members.map(\.key) ?? [] }

    /// Refuses what nobody asked for.
    func refuseUnknown() throws(SettingsError) {
        for member in table?.members ?? [] where !known.contains(member.key) {
            throw SettingsError(
                file: file,
                line: member.line,
                key: full(member.key),
                reason: "this key is not known here; known are \(known.sorted().joined(separator: ", "))"
            )
        }
    }

    private func inner(_ table: TOMLTable?, line: Int?, _ key: String, as kind: String) -> SettingsSection {
        SettingsSection(
            table,
            line: line,
            path: full(key),
            file: file,
            environment: environment,
            pattern: pattern.isEmpty ? kind : "\(pattern).\(kind)",
            questions: questions
        )
    }

    private func full(_ key: String) -> String { path.isEmpty ? key : path + "." + key }
}

/// Where a secret comes from; only the program that needs it looks there.
package enum SecretSource: Sendable, Equatable {
    case text(String)
    case environment(String)
    case file(String)
}
