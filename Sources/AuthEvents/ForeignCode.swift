package import Clocks
private import JSON

/// A code that the application made itself: it is delivered as it is, and cannot be verified or replayed here.
package struct ForeignCode: Sendable, Equatable {
    /// 4 to 32 printable characters of ASCII, the blank among them.
    package var text: String
    package var expiresAt: Instant

    /// The longest life that one may have left.
    package static let longestLife: Duration = .seconds(7 * 86_400)

    package init(text: String, expiresAt: Instant) {
        (self.text, self.expiresAt) = (text, expiresAt)
    }

    /// Refuses a code that would not live longer than its minimum at the hand-over.
    ///
    /// This is asked apart from the reading, so that an event that was accepted before can be answered as a duplicate
    /// after its code has expired.
    package func checkLife(at now: Instant, minimum: Duration) throws(EventProblem) {
        guard expiresAt - now > minimum else {
            throw EventProblem(
                at: ["data", "expires_at"],
                "expires_at must lie more than \(minimum.text) in the future; send a code that lives longer"
            )
        }
    }
}

extension ForeignCode {
    /// Reads `code` and `expires_at`; `nil` where the event has neither.
    init?(_ data: MemberReader, now: Instant) throws(EventProblem) {
        guard let text = try data.optional("code", bytes: 4...32) else {
            guard data.object["expires_at"] == nil else {
                throw data.problem("expires_at", "expires_at goes with a code of your own; give code, or leave it out")
            }
            return nil
        }
        guard text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw data.problem("code", "code must have printable ASCII characters only")
        }
        guard let expiresAt = try data.instant("expires_at") else {
            throw data.problem("expires_at", "expires_at is required with a code of your own: say when it expires")
        }
        guard expiresAt <= now + ForeignCode.longestLife else {
            throw data.problem("expires_at", "expires_at must lie at most 7 days in the future")
        }
        guard data.object["ttl"] == nil else {
            throw data.problem("ttl", "ttl is for codes that are made here; leave it out, expires_at says it of yours")
        }
        self.init(text: text, expiresAt: expiresAt)
    }
}
