import Foundation
import Glibc
import JSON
import Synchronization

/// One HTTP message as it came over the wire: a request or an answer.
struct HTTPMessage: Sendable {
    /// The start line and the fields, without the empty line after them.
    var head: String
    var body: [UInt8]

    var line: String { String(head.prefix { !$0.isNewline }) }
    var bytes: [UInt8] { Array(head.utf8) + Array("\r\n\r\n".utf8) + body }

    /// The value of a field.
    func field(_ name: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.first?.lowercased() == name.lowercased() else { continue }
            return parts.last?.trimmingCharacters(in: .whitespaces)
        }
        return nil
    }

    /// An answer with a body of JSON, or of what claims to be.
    static func answer(_ status: Int, _ body: String, _ fields: [String] = []) -> HTTPMessage {
        let lines =
            ["HTTP/1.1 \(status) Status"] + fields
            + ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
        return HTTPMessage(head: lines.joined(separator: "\r\n"), body: Array(body.utf8))
    }
}

/// A connection that blocks, read and written as HTTP messages with a `Content-Length`; for threads of its own.
final class HTTPStream {
    let descriptor: Int32
    private var input: [UInt8] = []

    /// Takes over the socket.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Waits for the next message; `nil` where the peer has gone.
    ///
    /// `hasBody`: Whether the length that it announces follows; what answers HEAD announces one and has no body.
    func next(hasBody: Bool = true) -> HTTPMessage? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = input.firstRange(of: end) {
                var message = HTTPMessage(head: String(decoding: input[..<range.lowerBound], as: UTF8.self), body: [])
                let length = hasBody ? message.field("Content-Length").flatMap { Int($0) } ?? 0 : 0
                while input.count < range.upperBound + length { guard receive() else { return nil } }
                message.body = Array(input[range.upperBound..<range.upperBound + length])
                input.removeFirst(range.upperBound + length)
                return message
            }
            guard receive() else { return nil }
        }
    }

    /// Returns whether all of it was written.
    func send(_ message: HTTPMessage) -> Bool {
        var rest = message.bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest.removeFirst(count)
        }
        return true
    }

    /// Whether the peer has not closed.
    var isOpen: Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return count > 0 || count < 0 && errno == EAGAIN
    }

    /// Waits until the peer has closed.
    func drain() {
        while receive() { input.removeAll() }
    }

    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { input.append(contentsOf: buffer[..<count]) }
        return count > 0
    }
}

/// A door that is closed until it is opened once.
final class Latch: Sendable {
    private let isOpened = Atomic(false)

    var isOpen: Bool { isOpened.load(ordering: .acquiring) }

    func open() { isOpened.store(true, ordering: .releasing) }

    /// Blocks the thread until it is open, or until there is no need to wait any more.
    func wait(while isNeeded: () -> Bool = { true }) {
        while !isOpen, isNeeded() { usleep(2000) }
    }
}
