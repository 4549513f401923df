import Foundation
import Glibc
import Synchronization

/// Listens on a free loopback port or a Unix socket and serves each connection on a thread of its own.
final class StreamListener: Sendable {
    struct Failure: Error {
        var call: String
    }

    /// 0 for a Unix socket.
    let port: UInt16
    private let listener: Int32
    private let open = Mutex<Set<Int32>>([])

    /// `serve`: Gets each connection; it closes when nobody holds it any more.
    init(unixSocket: String? = nil, serve: @escaping @Sendable (HTTPStream) -> Void) throws {
        if let unixSocket {
            (listener, port) = (try StreamListener.listen(unixSocket: unixSocket), 0)
        } else {
            (listener, port) = try StreamListener.listen()
        }
        Thread { [self] in accept(serve) }.start()
    }

    /// Ends all connections; afterwards nobody is served.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        open.withLock { for descriptor in $0 { shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    private func accept(_ serve: @escaping @Sendable (HTTPStream) -> Void) {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            open.withLock { _ = $0.insert(descriptor) }
            Thread { [self] in
                let stream = HTTPStream(descriptor)
                // It is forgotten before its number can belong to another.
                withExtendedLifetime(stream) {
                    serve(stream)
                    open.withLock { _ = $0.remove(descriptor) }
                }
            }.start()
        }
        close(listener)
    }

    /// Connects to a loopback port; `nil` where nobody listens.
    static func connect(port: UInt16) -> HTTPStream? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: INADDR_LOOPBACK.bigEndian)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        return HTTPStream(descriptor)
    }

    /// Connects to a Unix socket; `nil` where nobody listens.
    static func connect(unixSocket: String) -> HTTPStream? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let result = withAddress(unixSocket) { Glibc.connect(descriptor, $0, $1) }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        return HTTPStream(descriptor)
    }

    private static func listen() throws -> (Int32, UInt16) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: INADDR_LOOPBACK.bigEndian)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && Glibc.listen(listener, 64) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure(call: "bind or listen") }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    private static func listen(unixSocket: String) throws -> Int32 {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard withAddress(unixSocket, { bind(listener, $0, $1) }) == 0, Glibc.listen(listener, 64) == 0 else {
            throw Failure(call: "bind or listen")
        }
        return listener
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
