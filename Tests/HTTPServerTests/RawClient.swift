import Dispatch
import Glibc
import HTTPServer
import Synchronization

/// A peer that sends exactly the octets it is told to, over a socket of its own.
final class RawClient: Sendable {
    struct Failure: Error {
        let call: String
        let code: Int32
    }

    private let descriptor: Int32
    private let pending = Mutex<[UInt8]>([])
    private let queue = DispatchQueue(label: "raw-client")

    /// Connects to a TCP port on loopback.
    init(port: Int, host: String = "127.0.0.1", from source: String? = nil) throws {
        if host.contains(":") {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = UInt16(port).bigEndian
            inet_pton(AF_INET6, host, &address.sin6_addr)
            descriptor = try Self.connected(to: address, family: AF_INET6, from: Optional<sockaddr_in6>.none)
        } else {
            let own = source.map { Self.four($0, port: 0) }
            descriptor = try Self.connected(to: Self.four(host, port: port), family: AF_INET, from: own)
        }
    }

    /// Connects to a Unix socket.
    init(path: String) throws {
        descriptor = try Self.connected(to: Self.local(path), family: AF_UNIX, from: Optional<sockaddr_un>.none)
    }

    deinit { close(descriptor) }

    /// Sends all octets; false when the other side has closed.
    @discardableResult func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult func send(_ octets: [UInt8]) -> Bool {
        var rest = octets[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// The next answer; nil when the connection ends, or a minute passes, before it is complete.
    func reply(toHead: Bool = false) async -> Reply? {
        await onOwnThread { self.blockingReply(toHead: toHead) }
    }

    func blockingReply(toHead: Bool = false) -> Reply? {
        repeat {
            let reply = pending.withLock { Reply(takenFrom: &$0, toHead: toHead) }
            if let reply { return reply }
        } while receive(within: 60_000) == .some(true)
        return nil
    }

    /// Everything until the other side closes; nil when it has not after 20 s.
    func everything() async -> String? {
        await onOwnThread {
            while let more = self.receive(within: 60_000) {
                guard more else { return self.pending.withLock { String(decoding: $0, as: UTF8.self) } }
            }
            return nil
        }
    }

    /// Sends one octet after the other, a few a second, until the other side closes; false when it has not after 20 s.
    func drip(_ octet: UInt8) async -> Bool {
        await onOwnThread {
            for _ in 0..<400 {
                if !self.send([octet]) { return true }
                if self.receive(within: 50) == .some(false) { return true }
            }
            return false
        }
    }

    func shutDownSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Ends the connection with a reset instead of a proper end.
    func reset() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        // The number stays taken until deinit, so that nobody else's descriptor is closed there.
        let null = open("/dev/null", O_RDWR)
        dup2(null, descriptor)
        close(null)
    }

    /// Ends the connection.
    func end() {
        let null = open("/dev/null", O_RDWR)
        dup2(null, descriptor)
        close(null)
    }

    /// True when something came, false at the end of the connection, nil when nothing came in time.
    private func receive(within milliseconds: Int32) -> Bool? {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, milliseconds) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let received = recv(descriptor, &buffer, buffer.count, 0)
        guard received > 0 else { return false }
        pending.withLock { $0.append(contentsOf: buffer[..<received]) }
        return true
    }

    private func onOwnThread<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }

    private static func four(_ host: String, port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return address
    }

    static func local(_ path: String) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return address
    }

    private static func connected<Address>(to address: Address, family: Int32, from own: Address?) throws -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let length = socklen_t(MemoryLayout<Address>.size)
        func withSockaddr(_ address: Address, _ body: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
            withUnsafePointer(to: address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
        }
        if let own, withSockaddr(own, { bind(descriptor, $0, length) }) != 0 {
            defer { close(descriptor) }
            throw Failure(call: "bind", code: errno)
        }
        guard withSockaddr(address, { connect(descriptor, $0, length) }) == 0 else {
            let code = errno
            close(descriptor)
            throw Failure(call: "connect", code: code)
        }
        return descriptor
    }
}
