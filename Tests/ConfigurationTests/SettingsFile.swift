import Configuration
import Foundation
import TestSupport

/// A file of settings that a test writes.
struct SettingsFile {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func settings(_ text: String, environment: [String: String] = [:]) throws -> Settings {
        let file = folder.file("gatepost.toml")
        try Data(text.utf8).write(to: URL(filePath: file))
        return try Settings(file: file, environment: environment)
    }
}
