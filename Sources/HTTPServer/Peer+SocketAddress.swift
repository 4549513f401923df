import CMicroHTTPD
import Glibc

extension Peer.Address {
    /// Who stands behind an accepted connection.
    ///
    /// SO_PEERCRED is asked on Unix sockets only: on TCP the call succeeds as well, with user -1.
    init?(_ address: SocketAddress, of descriptor: Int32) {
        if let octets = address.octets {
            self = .internet(host: Self.text(of: octets), port: address.port)
            return
        }
        guard address.family == AF_UNIX else { return nil }
        var credentials = cmhd_credentials()
        var length = socklen_t(MemoryLayout<cmhd_credentials>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return nil }
        self = .local(userID: credentials.user, groupID: credentials.group, processID: credentials.process)
    }

    private static func text(of octets: [UInt8]) -> String {
        let family = octets.count == 4 ? AF_INET : AF_INET6
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            let written = unsafe octets.withUnsafeBytes { octets in
                unsafe inet_ntop(family, octets.baseAddress, buffer.baseAddress, socklen_t(buffer.count))
            }
            return unsafe written.map { unsafe String(cString: $0) } ?? ""
        }
    }
}
