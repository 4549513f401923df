extension JSONValue {
    /// The same value with the members of all objects in the order of RFC 8785, section 3.2.3: by their UTF-16 code units.
    ///
    /// Two texts that differ in the order of members or in blanks alone have the same canonical form.
    package var canonical: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.canonical))
        case .object(let object):
            .object(
                JSONObject(
                    distinct: object.members.sorted { $0.name.precedes($1.name) }
                        .map { (name: $0.name, value: $0.value.canonical) }
                )
            )
        default: self
        }
    }
}

extension String {
    /// By UTF-16 code units.
    fileprivate func precedes(_ other: String) -> Bool {
        // Of two texts in ASCII the order of Swift is the same, and is known without a walk through the units.
        let isPlain = utf8.count == utf16.count && other.utf8.count == other.utf16.count
        return isPlain ? self < other : utf16.lexicographicallyPrecedes(other.utf16)
    }
}
