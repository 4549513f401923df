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
                    object.members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
                        .map { ($0.name, $0.value.canonical) }
                )
            )
        default: self
        }
    }
}
