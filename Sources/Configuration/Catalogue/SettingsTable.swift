/// Keys of the settings in the order of the documents, which have a table of them.
///
/// Bounds and defaults stand in the reading code (``SettingsSection``) and nowhere else; here stands what they mean. The
/// tests of the catalogue refuse a key that only one of the two has, and write the documents' tables.
package struct SettingsTable: Sendable {
    /// What the documents call the place of the table: `<!-- settings: NAME -->`.
    package var name: String
    /// What the paths of the keys begin with, `gateways[]` for those of each gateway.
    package var path: String
    /// Whether what is allowed stands beside the default, without a column of its own.
    package var isNarrow: Bool
    package var keys: [SettingsKey]

    init(_ name: String, of path: String, isNarrow: Bool = false, _ keys: [SettingsKey]) {
        (self.name, self.path, self.isNarrow, self.keys) = (name, path, isNarrow, keys)
    }

    package static let all = [
        general, edge, retention, tenants, purposes, limits, budgets, gateways, unknown, routes, explain, doctor,
        http, ask, receipts, signatures,
    ]
}

/// What the documents tell of a key, or of several that belong together.
package struct SettingsKey: Sendable {
    /// What stands behind the table's path: `max_body`, `brand.name`.
    package var names: [String]
    /// What it is where it is left out; `nil`: as the reading code says, which is tried in any case.
    package var standard: String?
    /// What it may be; `nil`: as the reading code says.
    package var allowed: String?
    /// The rest of a sentence that begins with the key.
    package var meaning: String

    /// All texts are Markdown.
    static func key(_ names: String..., default standard: String? = nil, allowed: String? = nil, means: String) -> Self
    {
        SettingsKey(names: names, standard: standard, allowed: allowed, meaning: means)
    }
}

/// The values of a key that is one of several words.
func anyOf(_ words: [String]) -> String {
    words.map { "`\($0)`" }.joined(separator: ", ")
}
