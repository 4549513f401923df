import Foundation
import JSON

/// A text with the count that another program gave it.
struct SegmentVector: Sendable, CustomStringConvertible {
    let text: String
    let encoding: String
    let units: Int
    let segments: Int
    let description: String

    struct Unreadable: Error {}

    static func all() throws -> [SegmentVector] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/sms-segments.json")
        let document = try JSONValue(parsing: [UInt8](Data(contentsOf: file)))
        return try (document.array ?? []).enumerated().map { try SegmentVector($1, index: $0) }
    }

    private init(_ value: JSONValue, index: Int) throws {
        guard let text = value["text"]?.string, let encoding = value["encoding"]?.string,
            let units = value["units"]?.int, let segments = value["segments"]?.int, let tag = value["tag"]?.string
        else { throw Unreadable() }
        (self.text, self.encoding, self.units, self.segments) = (text, encoding, Int(units), Int(segments))
        description = "\(index) \(tag)"
    }
}
