/// Whose connections are counted together: one IPv4 address, or one IPv6 network of 64 bits, of which a single
/// subscriber commands all.
struct AddressShare: Hashable, Sendable {
    private let prefix: UInt64
    private let isFour: Bool

    /// - Parameter octets: 4 or 16 octets of an address.
    init(octets: [UInt8]) {
        isFour = octets.count == 4
        prefix = octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
