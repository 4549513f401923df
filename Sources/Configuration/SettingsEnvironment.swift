/// The variables of the environment that stand in for settings, and which of them met a key.
final class SettingsEnvironment {
    let variables: [String: String]
    private(set) var keys: [String: String] = [:]

    init(_ variables: [String: String]) {
        self.variables = variables.filter { $0.key.hasPrefix("GATEPOST_") }
    }

    /// The value for a key, if there is one.
    ///
    /// Two keys that read alike are an error of the settings.
    func value(for path: String, file: String) throws(SettingsError) -> (name: String, text: String)? {
        let name = "GATEPOST_" + String(path.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        if let other = keys[name], other != path {
            throw SettingsError(
                file: file,
                line: nil,
                key: path,
                reason: "this key and \(other) have the same name in the environment (\(name)); rename one"
            )
        }
        keys[name] = path
        return variables[name].map { (name, $0) }
    }

    /// The variable that gives a key its value, if one does.
    func name(of path: String) -> String? {
        keys.first { $0.value == path && variables[$0.key] != nil }?.key
    }

    /// Names that met no key.
    var strangers: [String] {
        variables.keys.filter { keys[$0] == nil && $0 != "GATEPOST_CONFIG" && !$0.hasPrefix("GATEPOST_TEST_") }.sorted()
    }
}
