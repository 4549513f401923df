import Foundation
import Glibc

/// The ports that documents name, and those that stand in for them here.
///
/// They are none that the kernel gives to a connection meanwhile (ip(7), ip_local_port_range), and none that another
/// document was given.
struct GuidePorts {
    /// The server, a mail server, a gateway for text messages.
    private static let shown = ["8440", "2525", "8025"]

    private let pairs: [(shown: String, real: String)]

    init() throws {
        pairs = try GuidePorts.shown.map { ($0, String(try GuidePorts.free())) }
    }

    /// The one that stands in for a document's port.
    func real(_ port: String) -> String { pairs.first { $0.shown == port }?.real ?? port }

    func toReal(_ text: String) -> String { pairs.reduce(text) { replace($1.shown, $1.real, in: $0) } }
    func toShown(_ text: String) -> String { pairs.reduce(text) { replace($1.real, $1.shown, in: $0) } }

    /// Where it is a number by itself.
    private func replace(_ old: String, _ new: String, in text: String) -> String {
        text.replacingOccurrences(of: "(?<![0-9.])\(old)(?![0-9])", with: new, options: .regularExpression)
    }

    private static func free() throws -> UInt16 {
        for _ in 1...1000 {
            let port = UInt16.random(in: 20_000..<32_000)
            if StreamListener.connect(port: port) == nil, isFree(port) { return port }
        }
        throw Disappointment("There is no free port on 127.0.0.1.")
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: INADDR_LOOPBACK.bigEndian)
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
