private import Foundation

/// What a carrier settles a probe by; it is never read as the token of a claim.
struct ProbeToken: Sendable, Hashable {
    private static let prefix = "probe."

    let text: String

    init() { text = ProbeToken.prefix + UUID().uuidString.lowercased() }

    /// `nil` for the token of a claim.
    init?(_ text: String) {
        guard text.hasPrefix(ProbeToken.prefix) else { return nil }
        self.text = text
    }
}
