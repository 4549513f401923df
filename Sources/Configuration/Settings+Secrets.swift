import Foundation

extension Settings {
    /// Finds a secret where the settings say it is; only the program that needs it asks.
    package func resolve(
        _ source: SecretSource,
        of key: String,
        environment: [String: String]
    ) throws(SettingsError) -> String {
        switch source {
        case .text(let text): return text
        case .environment(let name):
            guard let text = environment[name], !text.isEmpty else {
                throw SettingsError(file: file, line: nil, key: key, reason: "the variable \(name) is not set")
            }
            return text
        case .file(let path):
            let place = resolved(path, directory(of: file))
            guard let data = FileManager.default.contents(atPath: place) else {
                throw SettingsError(file: file, line: nil, key: key, reason: "the file \(place) cannot be read")
            }
            let text = String(decoding: data, as: UTF8.self)
            return String(text.reversed().drop { $0.isNewline }.reversed())
        }
    }
}
