import JSON

/// An event in binary mode (CloudEvents 1.0.2, HTTP protocol binding, section 3.1).
enum BinaryEvent {
    /// The attribute that a header field is for, in small letters; `nil` for any other field.
    static func attribute(of field: String) -> String? {
        // Most fields are others, and told by their third letter.
        guard field.utf8.dropFirst(2).first == UInt8(ascii: "-") else { return nil }
        let name = field.lowercased()
        return name.hasPrefix("ce-") ? String(name.dropFirst(3)) : nil
    }

    /// Puts attributes and data together as structured mode has them.
    static func envelope(headers: [EventMode.Field], body: [UInt8]) throws(EnvelopeError) -> JSONValue {
        var envelope = JSONObject()
        for field in headers {
            guard let name = attribute(of: field.name) else { continue }
            guard name != "data", name != "datacontenttype" else {
                throw problem(name, "\(name) has no header field of its own; it is the body, and its Content-Type")
            }
            guard envelope[name] == nil else { throw problem(name, "the header field is given twice; give it once") }
            envelope[name] = .string(try value(of: field.value, named: name))
        }
        if let type = headers.first(where: { $0.name.lowercased() == "content-type" }) {
            envelope["datacontenttype"] = .string(type.value)
        }
        guard !body.isEmpty else { return .object(envelope) }
        do {
            envelope["data"] = try JSONValue(parsing: body)
        } catch {
            throw .notJSON(error)
        }
        return .object(envelope)
    }

    /// Takes quotes away, then one round of percent-encoding (section 3.1.3.2).
    private static func value(of text: String, named name: String) throws(EnvelopeError) -> String {
        guard text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw problem(name, "the header field must be printable ASCII; percent-encode the rest as UTF-8")
        }
        guard let bare = unquoted(text) else {
            throw problem(name, "the header field has a quote that is not closed; percent-encode it as %22")
        }
        guard let bytes = percentDecoded(bare), let value = String(validating: bytes, as: UTF8.self) else {
            throw problem(name, "the header field must be percent-encoded UTF-8; write % itself as %25")
        }
        return value
    }

    private static func problem(_ name: String, _ reason: String) -> EnvelopeError {
        .attribute(EventProblem(at: [name], reason))
    }

    /// RFC 7230, section 3.2.6: within double quotes a backslash stands before a character that is meant literally.
    private static func unquoted(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var isQuoted = false
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x22: isQuoted.toggle()
            case 0x5c where isQuoted:
                guard let escaped = rest.popFirst() else { return nil }
                bytes.append(escaped)
            default: bytes.append(byte)
            }
        }
        return isQuoted ? nil : bytes
    }

    /// RFC 3986, section 2.1: `nil` where two hexadecimal digits are missing behind a `%`.
    private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8]? {
        var decoded: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexValue, let low = rest.popFirst()?.hexValue else { return nil }
            decoded.append(high << 4 | low)
        }
        return decoded
    }
}

extension UInt8 {
    fileprivate var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}
