/// A JSON value (RFC 8259) that tells integers from other numbers.
///
/// `1` is an integer and `1.0` a number; the two are not equal. `-0` is the integer 0, `-0.0` keeps its sign.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var int: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// Any number; an integer beyond 2^53 is rounded.
    package var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    package var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member of that name, or nil when this is not an object or has none.
    package subscript(name: String) -> JSONValue? { object?[name] }

    /// The value the pointer names, or nil when there is none (RFC 6901, section 4).
    package subscript(pointer: JSONPointer) -> JSONValue? {
        pointer.tokens.reduce(self as JSONValue?) { value, token in
            switch value {
            case .object(let members): members[token]
            case .array(let elements): Self.index(token, count: elements.count).map { elements[$0] }
            default: .none
            }
        }
    }

    private static func index(_ token: String, count: Int) -> Int? {
        guard token.utf8.allSatisfy({ (0x30...0x39).contains($0) }), token == "0" || !token.hasPrefix("0"),
            let index = Int(token), index < count
        else { return nil }
        return index
    }
}
