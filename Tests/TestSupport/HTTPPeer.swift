private import Foundation
private import Glibc
private import Synchronization

/// An HTTP server on a loopback port or a Unix socket that records what it is sent and answers by a script.
package final class HTTPPeer: Sendable {
    package enum Reaction: Sendable {
        case answer(String)

        /// Closes when the request is complete.
        case close

        /// Takes no connection any more, and closes.
        case leave

        /// Sends this and closes.
        case cut(String)

        /// Says nothing and leaves the connection open.
        case silence
    }

    package struct Request: Sendable, Equatable {
        package var connection: Int
        package var head: String
        package var body: [UInt8]

        package var line: String { String(head.prefix { !$0.isNewline }) }
    }

    struct Failure: Error {
        var call: String
    }

    private struct State {
        var requests: [Request] = []
        var sockets: [Int32] = []
        var connections = 0
    }

    package static let ok = Reaction.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    package let port: UInt16
    private let listener: Int32
    private let script: [Reaction]
    private let state = Mutex(State())
    private let arrivals = AsyncStream<Void>.makeStream()

    /// Reacts to the n-th request, over all connections, with the n-th of the script, and to later ones with ``ok``.
    package init(unixSocket: String? = nil, script: [Reaction] = []) throws {
        self.script = script
        if let unixSocket {
            (listener, port) = (try Self.listen(unixSocket: unixSocket), 0)
        } else {
            (listener, port) = try Self.listen()
        }
        Thread { [self] in acceptAll() }.start()
    }

    package var url: String { "http://127.0.0.1:\(port)/" }
    package var requests: [Request] { state.withLock { $0.requests } }
    package var connections: Int { state.withLock { $0.connections } }

    /// Returns when the next request has come that this was not yet called for.
    package func nextArrival() async {
        var iterator = arrivals.stream.makeAsyncIterator()
        await iterator.next()
    }

    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    // MARK: Threads

    private func acceptAll() {
        while true {
            let socket = accept(listener, nil, nil)
            guard socket >= 0 else { break }
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            let number = state.withLock { state in
                state.sockets.append(socket)
                state.connections += 1
                return state.connections
            }
            Thread { [self] in
                serve(socket, number)
                state.withLock { $0.sockets.removeAll { $0 == socket } }
                close(socket)
            }.start()
        }
        close(listener)
    }

    private func serve(_ socket: Int32, _ connection: Int) {
        var input: [UInt8] = []
        while let request = read(socket, connection, &input) {
            let count = state.withLock { state in
                state.requests.append(request)
                return state.requests.count
            }
            arrivals.continuation.yield()
            switch count <= script.count ? script[count - 1] : Self.ok {
            case .answer(let text): write(text, socket)
            case .close: return
            case .leave: return stop()
            case .cut(let text): return write(text, socket)
            case .silence: while receive(socket, &input) {}
            }
        }
    }

    private func read(_ socket: Int32, _ connection: Int, _ input: inout [UInt8]) -> Request? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = input.firstRange(of: end) {
                let head = String(decoding: input[..<range.lowerBound], as: UTF8.self)
                let field = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                let length = field.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
                while input.count < range.upperBound + length {
                    guard receive(socket, &input) else { return nil }
                }
                let body = Array(input[range.upperBound..<range.upperBound + length])
                input.removeFirst(range.upperBound + length)
                return Request(connection: connection, head: head, body: body)
            }
            guard receive(socket, &input) else { return nil }
        }
    }

    private func receive(_ socket: Int32, _ input: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(socket, &buffer, buffer.count, 0)
        if count > 0 { input.append(contentsOf: buffer[..<count]) }
        return count > 0
    }

    private func write(_ text: String, _ socket: Int32) {
        var rest = ArraySlice(text.utf8)
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest.removeFirst(count)
        }
    }

    // MARK: Sockets

    private static func listen() throws -> (Int32, UInt16) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: INADDR_LOOPBACK.bigEndian)
        let listener = try listen(AF_INET, &address)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    private static func listen(unixSocket: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: unixSocket.utf8.prefix(107)) }
        return try listen(AF_UNIX, &address)
    }

    private static func listen<Address>(_ family: Int32, _ address: inout Address) throws -> Int32 {
        let listener = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard isBound == 0, Glibc.listen(listener, 64) == 0 else { throw Failure(call: "bind or listen") }
        return listener
    }
}

extension HTTPPeer.Reaction {
    /// An answer with a body of JSON, or of what claims to be.
    package static func json(_ status: Int, _ body: String, headers: [String] = []) -> HTTPPeer.Reaction {
        let fields = headers + ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
        return .answer("HTTP/1.1 \(status) Status\r\n" + fields.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }
}
