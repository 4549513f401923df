import Foundation
import JSON

/// One event of a file in `Tests/Vectors` and what becomes of it.
struct EventVector: Sendable, CustomStringConvertible {
    let type: String
    let name: String
    let event: JSONValue
    /// The member that the refusal names, `nil` where the event is accepted.
    let pointer: String?
    /// Whether the JSON Schema says the same; `false` where it cannot see what is wrong and accepts.
    let isSeenBySchema: Bool

    var description: String { "\(type): \(name)" }

    struct Unreadable: Error {}

    /// The types of events, each with its file of vectors.
    static let files = ["auth.sign_up": "sign-up-events.json", "auth.mfa": "mfa-events.json"]
    static let types = files.keys.sorted()

    static func file(of type: String) throws -> URL {
        guard let name = files[type] else { throw Unreadable() }
        return URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/\(name)").standardized
    }

    static func all(of type: String) throws -> [EventVector] {
        let document = try JSONValue(parsing: [UInt8](Data(contentsOf: file(of: type))))
        return try (document.array ?? []).map { value in
            guard let name = value["name"]?.string, let event = value["event"], let seen = value["schema"]?.bool else {
                throw Unreadable()
            }
            return EventVector(
                type: type,
                name: name,
                event: event,
                pointer: value["pointer"]?.string,
                isSeenBySchema: seen
            )
        }
    }

    static func all() throws -> [EventVector] {
        try types.flatMap { try all(of: $0) }
    }
}
