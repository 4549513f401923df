import Glibc
import Synchronization

/// TCP on 127.0.0.1, as far as tests of foreign servers need it.
enum LocalPort {
    /// Returns a port where nobody listens, for servers that do not choose one themselves.
    ///
    /// It is none that the kernel gives to a connection meanwhile (ip(7), ip_local_port_range), and none that was
    /// returned before.
    static func free() throws -> Int {
        for _ in 1...1000 {
            let port = UInt16(20_000 + (first + given.add(1, ordering: .relaxed).newValue) % 12_000)
            if isFree(port) { return Int(port) }
        }
        throw Disappointment(description: "There is no free port on 127.0.0.1.")
    }

    private static let first = Int.random(in: 0..<12_000)
    private static let given = Atomic(0)

    private static func isFree(_ port: UInt16) -> Bool {
        withSocket(port) { bind($0, $1, $2) == 0 }
    }

    /// Whether somebody listens there, found out by a connection that is closed at once.
    static func isListening(_ port: Int) -> Bool {
        withSocket(UInt16(port)) { connect($0, $1, $2) == 0 }
    }

    private static func withSocket(
        _ port: UInt16,
        _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) -> Bool {
        // A program that is started meanwhile would keep the port for as long as it runs.
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
