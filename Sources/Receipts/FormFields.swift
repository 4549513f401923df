/// The fields of a query or of a form (`application/x-www-form-urlencoded`), in their order.
struct FormFields {
    let fields: [(name: String, value: String)]

    /// Returns `nil` for a percent sign without two hexadecimal digits, and for what is not UTF-8.
    init?(_ octets: some Collection<UInt8>) {
        var fields: [(name: String, value: String)] = []
        for part in octets.split(separator: UInt8(ascii: "&")) {
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            guard let name = FormFields.decoded(part[..<equals]),
                let value = FormFields.decoded(part[equals...].dropFirst())
            else { return nil }
            fields.append((name, value))
        }
        self.fields = fields
    }

    /// The one value of a name.
    ///
    /// - Throws: ``ReceiptRefusal/unreadable`` where there are two.
    func single(_ name: String) throws(ReceiptRefusal) -> String? {
        let values = fields.filter { $0.name == name }
        guard values.count <= 1 else { throw .unreadable }
        return values.first?.value
    }

    /// By name and then by value, as octets compare.
    var sorted: [(name: String, value: String)] {
        fields.sorted { left, right in
            left.name == right.name
                ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
    }

    private static func decoded(_ octets: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = octets.makeIterator()
        while let octet = rest.next() {
            switch octet {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(octet)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ octet: UInt8) -> UInt8? {
        Character(UnicodeScalar(octet)).hexDigitValue.map { UInt8($0) }
    }
}
