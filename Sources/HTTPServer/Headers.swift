/// The header fields of a request, in the order in which they came.
///
/// Names compare without regard to ASCII case (RFC 9110, section 5.1). Values have no blanks at either end; octets that
/// are not UTF-8 are replaced by U+FFFD.
package struct Headers: Sendable, Equatable {
    /// One field line, its name as it was sent.
    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) {
        self.fields = fields
    }

    /// The value of the first field with this name.
    package subscript(name: String) -> String? {
        fields.first { Self.equal($0.name, name) }?.value
    }

    /// How many fields have this name.
    package func count(of name: String) -> Int {
        fields.count { Self.equal($0.name, name) }
    }

    mutating func append(_ field: Field) {
        fields.append(field)
    }

    mutating func reserveCapacity(_ count: Int) {
        fields.reserveCapacity(count)
    }

    private static func equal(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        let (left, right) = (left.utf8, right.utf8)
        guard left.count == right.count else { return false }
        return zip(left, right).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ octet: UInt8) -> UInt8 {
        (0x41...0x5A).contains(octet) ? octet | 0x20 : octet
    }
}
