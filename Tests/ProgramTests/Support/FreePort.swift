import Glibc

/// Finds a port of loopback on which nobody listens, and on which nobody else comes to listen by chance.
///
/// It is none that the kernel gives to whoever asks for any (ip(7), ip_local_port_range): such a one could belong to another
/// test a moment later.
func freePort() throws -> UInt16 {
    for _ in 1...1000 {
        let port = UInt16.random(in: 20_000..<32_000)
        if StreamListener.connect(port: port) == nil, isFree(port) { return port }
    }
    throw Disappointment("There is no free port on 127.0.0.1.")
}

private func isFree(_ port: UInt16) -> Bool {
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
