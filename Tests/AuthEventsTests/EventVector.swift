import AuthEvents
import Clocks
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

    static let types = EventType.allCases.map(\.name)

    /// `auth.sign_up` has its vectors in `sign-up-events.json`.
    static func file(of type: String) -> URL {
        let name = type.replacing("auth.", with: "").replacing("_", with: "-") + "-events.json"
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

    /// Checks the event as whoever takes it does: as a value, then the life of a code of its own.
    func checked(at now: Instant) throws(EventProblem) -> AuthEvent {
        let checked = try AuthEvent(event, now: now)
        try checked.foreignCode?.checkLife(at: now, minimum: .zero)
        return checked
    }

    static func all() throws -> [EventVector] {
        try types.flatMap { try all(of: $0) }
    }
}
