/// Where a listener waits for connections.
package enum Endpoint: Sendable, Equatable {
    /// A numeric IPv4 or IPv6 address, without brackets, and a port; port 0 lets the kernel choose.
    case internet(host: String, port: Int)
    /// A Unix socket at a path of at most 107 bytes, with its file mode.
    case local(path: String, mode: UInt32 = 0o600)
}

extension Endpoint: CustomStringConvertible {
    package var description: String {
        switch self {
        case .internet(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .local(let path, _): path
        }
    }
}
