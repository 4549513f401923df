import Configuration
import Foundation
import TestSupport

/// A file of settings that a test writes.
struct SettingsFile {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func settings(
        _ text: String,
        environment: [String: String] = [:],
        questions: SettingsQuestions? = nil
    ) throws -> Settings {
        let file = folder.file("gatepost.toml")
        try Data(text.utf8).write(to: URL(filePath: file))
        return try Settings(file: file, environment: environment, questions: questions)
    }

    /// Whether all that is read from a text is what is read from another.
    func reads(_ text: String, as other: String) throws -> Bool {
        try described(settings(text)) == described(settings(other))
    }

    /// As `dump` has it, but sets and dictionaries in an order, and without the places in the file.
    private func described(_ value: Any) -> String {
        let mirror = Mirror(reflecting: value)
        var parts = mirror.children.filter { $0.label != "limitLines" }.map {
            ($0.label.map { "\($0): " } ?? "") + described($0.value)
        }
        guard !parts.isEmpty else { return String(reflecting: value) }
        if [.set, .dictionary].contains(mirror.displayStyle) { parts.sort() }
        return "\(mirror.subjectType)(" + parts.joined(separator: ",\n") + ")"
    }
}
