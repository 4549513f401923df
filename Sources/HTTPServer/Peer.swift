/// Who sent a request.
package struct Peer: Sendable {
    /// Where the other end is.
    package enum Address: Sendable, Equatable {
        /// A TCP peer: its numeric IPv4 or IPv6 address (an IPv4 peer of an IPv6 listener as IPv4) and port.
        case internet(host: String, port: Int)
        /// A peer on the Unix socket, as the kernel knew it when it connected (SO_PEERCRED).
        case local(userID: UInt32, groupID: UInt32, processID: Int32)
    }

    package let address: Address
    /// Whether this is a reverse proxy that the listener was told to believe; others' word of whom they speak for is
    /// theirs alone.
    package let isProxy: Bool
    private let probe: @Sendable () -> Bool

    /// - Parameters:
    ///   - address: where the peer is.
    ///   - isProxy: whether it may say for whom it speaks.
    ///   - probe: tells whether the peer is still there; a test gives its own.
    package init(address: Address, isProxy: Bool = false, probe: @escaping @Sendable () -> Bool = { true }) {
        self.address = address
        self.isProxy = isProxy
        self.probe = probe
    }

    /// Tells whether the peer still waits for an answer; one system call that does not block.
    ///
    /// False once the peer has closed or reset its connection, or shut its sending side, and for ever after the
    /// connection is gone. A machine that vanished without a word still counts as connected. May be called from
    /// anywhere at any time, also after the answer.
    package func isConnected() -> Bool { probe() }
}
