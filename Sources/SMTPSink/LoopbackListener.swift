internal import Glibc

/// A socket that listens on 127.0.0.1; whoever makes one closes it.
struct LoopbackListener {
    let socket: Int32
    let port: UInt16

    init(port: UInt16) throws(SinkError) {
        let socket = Glibc.socket(
            AF_INET,
            Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue),
            0
        )
        guard socket >= 0 else { throw .socket(call: "socket", errno: errno) }
        var on: Int32 = 1
        unsafe setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: INADDR_LOOPBACK.bigEndian)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var failed: String?
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                if unsafe bind(socket, address, length) != 0 {
                    failed = "bind"
                } else if listen(socket, 512) != 0 {
                    failed = "listen"
                } else if unsafe getsockname(socket, address, &length) != 0 {
                    failed = "getsockname"
                }
            }
        }
        if let failed {
            let reason = errno
            close(socket)
            throw .socket(call: failed, errno: reason)
        }
        self.socket = socket
        self.port = UInt16(bigEndian: address.sin_port)
    }
}
