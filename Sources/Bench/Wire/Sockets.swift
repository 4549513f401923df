private import Glibc

/// Stream sockets on the loopback interface, which do not block.
enum Sockets {
    enum Reading {
        case bytes(Int)
        case nothingYet
        case ended
    }

    static func listen() throws(BenchFailure) -> (socket: Int32, port: UInt16) {
        let socket = try make()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var address = address(port: 0)
        let isDone = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, length) == 0 && Glibc.listen(socket, 512) == 0
                    && getsockname(socket, address, &length) == 0
            }
        }
        guard isDone else { throw failure("listening on 127.0.0.1", closing: socket) }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    static func connect(to port: UInt16) throws(BenchFailure) -> Int32 {
        let socket = try make()
        var address = address(port: port)
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(socket, $0, length) }
        }
        guard code == 0 || errno == EINPROGRESS else { throw failure("connecting to 127.0.0.1", closing: socket) }
        return socket
    }

    /// The next connection that waits, `nil` where none does.
    static func accept(on listener: Int32) -> Int32? {
        let socket = Glibc.accept(listener, nil, nil)
        guard socket >= 0 else { return nil }
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
        setWithoutDelay(socket)
        return socket
    }

    /// Appends what has come, and says how much that is.
    static func read(_ socket: Int32, into bytes: inout [UInt8], by buffer: inout [UInt8]) -> Reading {
        let count = Glibc.read(socket, &buffer, buffer.count)
        if count > 0 {
            bytes.append(contentsOf: buffer[..<count])
            return .bytes(count)
        }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothingYet : .ended
    }

    /// Writes as much as the kernel takes and drops it from the front; `false` where the peer is gone.
    static func write(_ socket: Int32, from bytes: inout [UInt8]) -> Bool {
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            if count == bytes.count { bytes.removeAll(keepingCapacity: true) } else { bytes.removeFirst(count) }
        }
        return true
    }

    static func close(_ socket: Int32) { Glibc.close(socket) }

    private static func make() throws(BenchFailure) -> Int32 {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard socket >= 0 else { throw failure("making a socket", closing: nil) }
        setWithoutDelay(socket)
        return socket
    }

    private static func setWithoutDelay(_ socket: Int32) {
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: INADDR_LOOPBACK.bigEndian)
        return address
    }

    private static func failure(_ what: String, closing socket: Int32?) -> BenchFailure {
        let reason = String(cString: strerror(errno))
        if let socket { Glibc.close(socket) }
        return BenchFailure("\(what): \(reason)")
    }
}
