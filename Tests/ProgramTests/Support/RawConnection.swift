import Dispatch
import Foundation
import Glibc

/// A TCP connection on loopback that carries exactly the octets it is given.
final class RawConnection: Sendable {
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "raw-connection")

    /// - Throws: ``Disappointment`` where nobody listens.
    init(_ url: String, from source: String = "127.0.0.1") throws {
        let port = UInt16(url.split(separator: ":").last ?? "") ?? 0
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // A test that waits in vain ends; nothing here depends on how long it takes.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen =
            Self.withAddress(source, port: 0) { bind(descriptor, $0, length) == 0 }
            && Self.withAddress("127.0.0.1", port: port) { connect(descriptor, $0, length) == 0 }
        guard isOpen else {
            close(descriptor)
            throw Disappointment("No connection from \(source) to \(url): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// Returns whether all of it was sent.
    @discardableResult
    func send(_ text: String) async -> Bool {
        await onOwnThread { descriptor in
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return false }
                rest = rest.dropFirst(sent)
            }
            return true
        }
    }

    /// All that comes until the peer closes; with an end, no more than up to there.
    func text(upTo end: String? = nil) async -> String {
        await onOwnThread { descriptor in
            var octets: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = recv(descriptor, &buffer, end == nil ? buffer.count : 1, 0)
                guard count > 0 else { return String(decoding: octets, as: UTF8.self) }
                octets.append(contentsOf: buffer[..<count])
                if let end, octets.suffix(end.utf8.count).elementsEqual(end.utf8) {
                    return String(decoding: octets, as: UTF8.self)
                }
            }
        }
    }

    /// Sends, and returns all that comes until the peer closes.
    static func ask(_ url: String, _ text: String, from source: String = "127.0.0.1") async throws -> String {
        let connection = try RawConnection(url, from: source)
        await connection.send(text)
        return await connection.text()
    }

    private func onOwnThread<Result: Sendable>(_ work: @escaping @Sendable (Int32) -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { [self] in continuation.resume(returning: work(descriptor)) }
        }
    }

    private static func withAddress(
        _ host: String,
        port: UInt16,
        _ body: (UnsafePointer<sockaddr>) -> Bool
    ) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }
}
