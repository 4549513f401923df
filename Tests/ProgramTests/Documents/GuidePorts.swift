import Foundation

/// The ports that documents name, and those that stand in for them here.
struct GuidePorts {
    /// The server, a mail server, a gateway for text messages.
    private static let shown = ["8440", "2525", "8025"]

    private let pairs: [(shown: String, real: String)]

    init() throws {
        pairs = try GuidePorts.shown.map { ($0, String(try freePort())) }
    }

    /// The one that stands in for a document's port.
    func real(_ port: String) -> String { pairs.first { $0.shown == port }?.real ?? port }

    func toReal(_ text: String) -> String { pairs.reduce(text) { replace($1.shown, $1.real, in: $0) } }
    func toShown(_ text: String) -> String { pairs.reduce(text) { replace($1.real, $1.shown, in: $0) } }

    /// Where it is a number by itself.
    private func replace(_ old: String, _ new: String, in text: String) -> String {
        text.replacingOccurrences(of: "(?<![0-9.])\(old)(?![0-9])", with: new, options: .regularExpression)
    }
}
