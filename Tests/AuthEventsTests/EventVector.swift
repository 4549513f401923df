import Foundation
import JSON

/// One event of `Tests/Vectors/sign-up-events.json` and what becomes of it.
struct EventVector: Sendable, CustomStringConvertible {
    let name: String
    let event: JSONValue
    /// The member that the refusal names, `nil` where the event is accepted.
    let pointer: String?
    /// Whether the JSON Schema says the same; `false` where it cannot see what is wrong and accepts.
    let isSeenBySchema: Bool

    var description: String { name }

    struct Unreadable: Error {}

    static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Vectors/sign-up-events.json").standardized

    static func all() throws -> [EventVector] {
        let document = try JSONValue(parsing: [UInt8](Data(contentsOf: file)))
        return try (document.array ?? []).map { value in
            guard let name = value["name"]?.string, let event = value["event"], let seen = value["schema"]?.bool else {
                throw Unreadable()
            }
            return EventVector(name: name, event: event, pointer: value["pointer"]?.string, isSeenBySchema: seen)
        }
    }
}
