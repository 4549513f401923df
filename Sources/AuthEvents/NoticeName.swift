/// Which notice a person gets: 1 to 64 of `a-z`, `0-9`, `_`.
///
/// An application may use names of its own; those in ``wellKnown`` have words of their own.
package struct NoticeName: Sendable, Hashable, CustomStringConvertible {
    /// The notice to the previous address when an address is about to change.
    package static let attributeChange = NoticeName(unchecked: "attribute_change")

    package static let wellKnown = [
        NoticeName(unchecked: "password_changed"), NoticeName(unchecked: "new_sign_in"),
        NoticeName(unchecked: "mfa_changed"), NoticeName(unchecked: "account_locked"), attributeChange,
    ]

    package let description: String

    package init?(_ name: String) {
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(NoticeName.allows) else { return nil }
        description = name
    }

    private init(unchecked name: String) {
        description = name
    }

    private static func allows(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5f
    }
}
