/// The name of an application or customer that shares the installation: 1 to 64 of `a-z`, `0-9`, `-`, `_`.
package struct TenantName: Sendable, Hashable, CustomStringConvertible {
    package static let `default` = TenantName(unchecked: "default")

    package let description: String

    package init?(_ name: String) {
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(TenantName.allows) else { return nil }
        description = name
    }

    private init(unchecked name: String) {
        description = name
    }

    private static func allows(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d || byte == 0x5f
    }
}
