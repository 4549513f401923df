import CMicroHTTPD
import Glibc

/// A socket address as the kernel writes it.
struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()
    private var length: socklen_t

    var family: Int32 { Int32(storage.ss_family) }

    init(host: String, port: Int, for endpoint: Endpoint) throws(ListenError) {
        guard let port = UInt16(exactly: port) else { throw .addressInvalid(endpoint) }
        var four = sockaddr_in()
        var six = sockaddr_in6()
        if unsafe inet_pton(AF_INET, host, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            store(four)
        } else if unsafe inet_pton(AF_INET6, host, &six.sin6_addr) == 1 {
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            store(six)
        } else {
            throw .addressInvalid(endpoint)
        }
    }

    init(path: String) throws(ListenError) {
        var local = sockaddr_un()
        let octets = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: local.sun_path) - 1
        guard (1...room).contains(octets.count) else { throw .pathTooLong(path: path, length: octets.count) }
        local.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &local.sun_path) { unsafe $0.copyBytes(from: octets) }
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
        store(local)
    }

    private init() {
        length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    }

    /// The address to which a socket is bound.
    static func bound(to descriptor: Int32) -> SocketAddress? {
        var address = SocketAddress()
        let result = unsafe address.fill { unsafe getsockname(descriptor, $0, $1) }
        return result == 0 ? address : nil
    }

    /// Takes the next waiting connection, non-blocking, with its peer's address; nil with errno set.
    static func accept(on descriptor: Int32) -> (descriptor: Int32, address: SocketAddress)? {
        var address = SocketAddress()
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let accepted = unsafe address.fill { unsafe accept4(descriptor, $0, $1, flags) }
        return accepted < 0 ? nil : (accepted, address)
    }

    /// The port, 0 where the family has none.
    var port: Int {
        switch family {
        case AF_INET: Int(UInt16(bigEndian: load(sockaddr_in.self).sin_port))
        case AF_INET6: Int(UInt16(bigEndian: load(sockaddr_in6.self).sin6_port))
        default: 0
        }
    }

    /// The octets of an IPv4 (4) or IPv6 (16) address, an IPv4 address in IPv6 clothes as 4; nil for other families.
    var octets: [UInt8]? {
        switch family {
        case AF_INET:
            return unsafe withUnsafeBytes(of: load(sockaddr_in.self).sin_addr) { unsafe Array($0) }
        case AF_INET6:
            let all = unsafe withUnsafeBytes(of: load(sockaddr_in6.self).sin6_addr) { unsafe Array($0) }
            let isMapped = all[..<10].allSatisfy { $0 == 0 } && all[10] == 0xFF && all[11] == 0xFF
            return isMapped ? Array(all[12...]) : all
        default: return nil
        }
    }

    /// Lends the address to a system call.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafePointer(to: storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    private mutating func fill(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> Int32 {
        var filled = length
        defer { length = min(filled, socklen_t(MemoryLayout<sockaddr_storage>.size)) }
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, &filled) }
        }
    }

    private mutating func store<Address>(_ address: Address) {
        unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: address, as: Address.self) }
    }

    private func load<Address>(_ type: Address.Type) -> Address {
        unsafe withUnsafeBytes(of: storage) { unsafe $0.loadUnaligned(as: type) }
    }
}
