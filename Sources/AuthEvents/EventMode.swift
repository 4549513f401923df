package import JSON

/// How a request carries events (CloudEvents 1.0.2, HTTP protocol binding, section 1.3).
package enum EventMode: Sendable, CaseIterable {
    /// One event, attributes and data in one JSON object.
    case structured
    /// An array of such objects.
    case batched
    /// The attributes in header fields, the data as the body.
    case binary

    /// A header field of a request; names compare without regard to case.
    package typealias Field = (name: String, value: String)

    /// What a `Content-Type` may be, for the answer to another.
    package static var mediaTypes: [String] { allCases.map(\.mediaType) }

    package var mediaType: String {
        switch self {
        case .structured: "application/cloudevents+json"
        case .batched: "application/cloudevents-batch+json"
        case .binary: "application/json"
        }
    }

    /// Tells the mode by `Content-Type` (section 3); `nil` where it is none of ``mediaTypes``.
    ///
    /// Binary mode has at least one attribute among the header fields too. A request without a type is binary with
    /// attributes, else structured.
    package init?(headers: [Field]) {
        let hasAttributes = headers.contains { BinaryEvent.attribute(of: $0.name) != nil }
        let type = headers.first { $0.name.utf8.count == 12 && $0.name.lowercased() == "content-type" }?.value
        let essence = (type ?? "").utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != 0x20 && $0 != 0x09 }
        switch String(decoding: essence, as: UTF8.self).lowercased() {
        case EventMode.structured.mediaType: self = .structured
        case EventMode.batched.mediaType: self = .batched
        case EventMode.binary.mediaType where hasAttributes: self = .binary
        case "" where type == nil: self = hasAttributes ? .binary : .structured
        default: return nil
        }
    }

    /// The envelopes that a request carries, one but for a batch, each to be checked as ``AuthEvent`` for itself.
    ///
    /// A batch may hold so many events as the limit says.
    package func envelopes(
        headers: [Field],
        body: [UInt8],
        limit: Int = 1000
    ) throws(EnvelopeError) -> [JSONValue] {
        if self == .binary { return [try BinaryEvent.envelope(headers: headers, body: body)] }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body)
        } catch {
            throw .notJSON(error)
        }
        if self == .structured {
            guard value.object != nil else { throw .otherShape("Structured mode takes one CloudEvents object.") }
            return [value]
        }
        guard case .array(let events) = value else { throw .otherShape("A batch is an array of CloudEvents objects.") }
        guard !events.isEmpty else {
            throw .otherShape("The batch is empty; send 1 to \(limit) events.")
        }
        guard events.count <= limit else { throw .tooManyEvents(limit: limit) }
        return events
    }
}

/// Why a request carries no events at all.
package enum EnvelopeError: Error, Equatable {
    /// The body, or in binary mode the data, is no JSON.
    case notJSON(JSONError)
    /// The body as a whole is not what the mode takes; a sentence says what that is.
    case otherShape(String)
    case tooManyEvents(limit: Int)
    /// An attribute in a header field cannot be read.
    case attribute(EventProblem)
}
