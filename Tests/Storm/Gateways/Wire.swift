import Foundation
import Glibc

/// Listens on a free loopback port and serves each connection on a thread of its own, as long as the process lives.
struct Wire: Sendable {
    let port: UInt16

    /// `isDead`: Whether nobody listens there now.
    ///
    /// `serve`: Gets each connection and its number, from 1; when it returns the connection closes.
    init(
        isDead: @autoclosure @escaping @Sendable () -> Bool,
        serve: @escaping @Sendable (WireStream, Int) -> Void
    ) throws {
        let (first, port) = try Wire.listen()
        self.port = port
        Thread.detachNewThread {
            var (listener, number) = (first, 0)
            while true {
                if isDead() {
                    close(listener)
                    while isDead() { usleep(20_000) }
                    listener = (try? Wire.listen(at: port))?.0 ?? -1
                }
                var poll = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
                guard Glibc.poll(&poll, 1, 50) > 0 else { continue }
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { continue }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                number += 1
                let own = number
                Thread.detachNewThread {
                    serve(WireStream(descriptor), own)
                    close(descriptor)
                }
            }
        }
    }

    /// Finds a port that is free now and stays so while nobody listens there: none that is handed out to whoever asks for any.
    static func freePort() throws -> UInt16 {
        for _ in 0..<100 {
            guard let (listener, port) = try? listen(at: .random(in: 10_000..<32_000)) else { continue }
            close(listener)
            return port
        }
        throw Disappointment("No port of loopback is free.")
    }

    private static func listen(at port: UInt16 = 0) throws -> (Int32, UInt16) {
        var address = sockaddr_in()
        address.sin_port = port.bigEndian
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: INADDR_LOOPBACK.bigEndian)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var isReused: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<Int32>.size))
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && Glibc.listen(listener, 512) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw Disappointment("No port of loopback is free.") }
        return (listener, UInt16(bigEndian: address.sin_port))
    }
}

/// A connection that blocks, for a thread of its own.
final class WireStream {
    private let descriptor: Int32
    private var input: [UInt8] = []
    private var start = 0

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The next line without its end; `nil` where the peer has gone.
    func line() -> String? {
        while true {
            if let end = input[start...].firstIndex(of: 0x0a) {
                defer { start = end + 1 }
                return String(decoding: input[start..<end].filter { $0 != 0x0d }, as: UTF8.self)
            }
            guard receive() else { return nil }
        }
    }

    /// So many bytes; `nil` where the peer has gone before.
    func bytes(_ count: Int) -> [UInt8]? {
        while input.count - start < count { guard receive() else { return nil } }
        defer { start += count }
        return Array(input[start..<start + count])
    }

    /// Returns whether all of it was written.
    @discardableResult
    func send(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest.removeFirst(count)
        }
        return true
    }

    private func receive() -> Bool {
        input.removeFirst(start)
        start = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { input.append(contentsOf: buffer[..<count]) }
        return count > 0
    }
}
