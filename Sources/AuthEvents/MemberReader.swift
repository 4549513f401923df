package import Clocks
package import JSON

/// Reads the members of one JSON object and remembers where it stands, so that every complaint names its member.
package struct MemberReader {
    package let object: JSONObject
    package let pointer: JSONPointer

    package init(_ object: JSONObject, at pointer: JSONPointer = JSONPointer()) {
        (self.object, self.pointer) = (object, pointer)
    }

    package func problem(_ name: String, _ reason: String) -> EventProblem {
        EventProblem(at: pointer.appending(name), reason)
    }

    package func required(_ name: String, bytes: ClosedRange<Int>) throws(EventProblem) -> String {
        guard let value = object[name] else { throw problem(name, "\(name) is required: give a string") }
        guard case .string = value, let text = try optional(name, bytes: bytes) else {
            throw problem(name, "\(name) must be a string")
        }
        return text
    }

    /// A string of so many bytes of UTF-8 without control characters, or `nil` where the member is missing.
    package func optional(_ name: String, bytes: ClosedRange<Int>) throws(EventProblem) -> String? {
        guard let value = object[name] else { return nil }
        guard case .string(let text) = value else {
            throw problem(name, "\(name) must be a string; leave it out otherwise")
        }
        guard bytes.contains(text.utf8.count) else {
            throw problem(name, "\(name) must have \(bytes.lowerBound) to \(bytes.upperBound) bytes")
        }
        guard !text.unicodeScalars.contains(where: \.isControl) else {
            throw problem(name, "\(name) must have no control characters")
        }
        return text
    }

    /// An IPv4 or IPv6 address as it was given, or `nil` where the member is missing.
    package func internetAddress(_ name: String) throws(EventProblem) -> String? {
        guard let address = try optional(name, bytes: 2...45) else { return nil }
        guard isInternetAddress(address) else { throw problem(name, "\(name) must be an IPv4 or IPv6 address") }
        return address
    }

    package func mailAddress(_ name: String) throws(EventProblem) -> MailAddress {
        let text = try required(name, bytes: 1...1024)
        do {
            return try MailAddress(text)
        } catch {
            throw problem(name, "\(name) must \(error.reason)")
        }
    }

    /// `nil` where the member is missing.
    package func optionalMailAddress(_ name: String) throws(EventProblem) -> MailAddress? {
        object[name] == nil ? nil : try mailAddress(name)
    }

    /// `nil` where the member is missing.
    package func boolean(_ name: String) throws(EventProblem) -> Bool? {
        guard let value = object[name] else { return nil }
        guard case .bool(let flag) = value else {
            throw problem(name, "\(name) must be true or false; leave it out otherwise")
        }
        return flag
    }

    /// A point of time, or `nil` where the member is missing.
    package func instant(_ name: String) throws(EventProblem) -> Instant? {
        guard let text = try optional(name, bytes: 1...64) else { return nil }
        guard let instant = Instant(rfc3339: text) else {
            throw problem(name, "\(name) must be an RFC 3339 date-time such as 2026-11-21T10:00:00Z")
        }
        return instant
    }

    package func object(_ name: String) throws(EventProblem) -> MemberReader? {
        guard let value = object[name] else { return nil }
        guard case .object(let inner) = value else { throw problem(name, "\(name) must be an object") }
        return MemberReader(inner, at: pointer.appending(name))
    }

    /// Refuses what is not in the list, by name.
    package func refuseOthers(than known: [String]) throws(EventProblem) {
        for member in object.members where !known.contains(member.name) {
            throw problem(member.name, "this member is not known here; leave it out")
        }
    }
}

extension Unicode.Scalar {
    /// C0, DEL and C1 controls.
    package var isControl: Bool { value < 0x20 || (0x7f...0x9f).contains(value) }

    /// Characters that turn the direction of the text after them (Unicode Standard Annex 9, section 2).
    package var isBidirectionalControl: Bool {
        switch value {
        case 0x061c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: true
        default: false
        }
    }
}
