/// Why a listener did not start; nothing is left open.
package enum ListenError: Error, Equatable {
    /// The host is not a numeric address, or the port is outside 0...65535.
    case addressInvalid(Endpoint)
    /// Another program listens there.
    case inUse(Endpoint)
    /// The address does not belong to this machine.
    case addressUnavailable(Endpoint)
    case notPermitted(Endpoint)
    /// Unix socket paths hold at most 107 bytes (`sun_path`, less its NUL).
    case pathTooLong(path: String, length: Int)
    /// A file stands at the path and is not a socket; it was left as it is.
    case notASocket(path: String)
    case failed(Endpoint, reason: String)
}

extension ListenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .addressInvalid(let endpoint):
            "Nothing listens: \(endpoint) is not a numeric IPv4 or IPv6 address with a port from 0 to 65535."
        case .inUse(let endpoint):
            "Nothing listens: \(endpoint) is in use by another program. Stop it or choose another address."
        case .addressUnavailable(let endpoint):
            "Nothing listens: \(endpoint) is not an address of this machine. Choose one that `ip address` shows."
        case .notPermitted(let endpoint):
            "Nothing listens: this user may not listen on \(endpoint). Choose another place or change its permissions."
        case .pathTooLong(let path, let length):
            "Nothing listens: the socket path \(path) has \(length) bytes, 107 are allowed. Choose a shorter one."
        case .notASocket(let path):
            "Nothing listens: \(path) exists and is not a socket. Move it away or choose another path."
        case .failed(let endpoint, let reason):
            "Nothing listens: opening \(endpoint) failed (\(reason)). Correct the cause and start again."
        }
    }
}
