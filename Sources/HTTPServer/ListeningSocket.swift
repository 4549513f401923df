import CMicroHTTPD
import Glibc

/// A bound and listening socket, non-blocking; it closes when its owner calls ``close()``, once.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    let endpoint: Endpoint
    /// The port that is listened on, 0 for a Unix socket.
    let port: Int
    private let file: SocketFile?

    init(_ endpoint: Endpoint) throws(ListenError) {
        self.endpoint = endpoint
        switch endpoint {
        case .internet(let host, let port):
            let address = try SocketAddress(host: host, port: port, for: endpoint)
            descriptor = try Self.open(address, for: endpoint)
            self.port = SocketAddress.bound(to: descriptor)?.port ?? port
            file = nil
        case .local(let path, let mode):
            let address = try SocketAddress(path: path)
            try SocketFile.removeStale(at: path, address: address, for: endpoint)
            descriptor = try Self.open(address, mode: mode, for: endpoint)
            port = 0
            file = SocketFile(path: path, mode: mode)
        }
    }

    /// Stops listening and removes the file of a Unix socket if it is still this socket's.
    func close() {
        file?.remove()
        _ = Glibc.close(descriptor)
    }

    private static func open(
        _ address: SocketAddress,
        mode: UInt32? = nil,
        for endpoint: Endpoint
    ) throws(ListenError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw ListenError(errno, at: endpoint) }
        if let mode {
            // On the descriptor before bind: the file is never open to more users than the mode says.
            fchmod(descriptor, mode)
        } else {
            var yes: Int32 = 1
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        guard unsafe address.withSockaddr({ unsafe bind(descriptor, $0, $1) }) == 0,
            listen(descriptor, Acceptor.backlog) == 0
        else {
            let error = ListenError(errno, at: endpoint)
            _ = Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }
}

extension ListenError {
    init(_ code: Int32, at endpoint: Endpoint) {
        self =
            switch code {
            case EADDRINUSE: .inUse(endpoint)
            case EADDRNOTAVAIL: .addressUnavailable(endpoint)
            case EACCES, EPERM, EROFS: .notPermitted(endpoint)
            default: unsafe .failed(endpoint, reason: String(cString: strerror(code)))
            }
    }
}
