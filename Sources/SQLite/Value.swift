/// What can be bound to a parameter.
package enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
    /// A blob of 16 bytes, the highest first.
    case id(UInt64, UInt64)

    package static func optional(_ integer: Int64?) -> Value { integer.map(Value.integer) ?? .null }
    package static func optional(_ text: String?) -> Value { text.map(Value.text) ?? .null }
    package static func optional(_ bytes: [UInt8]?) -> Value { bytes.map(Value.blob) ?? .null }
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(nilLiteral: ()) { self = .null }
}
