import Glibc
import Testing

@testable import HTTPServer

@Suite("A newcomer at a connection limit")
struct AdmissionTests {
    private let connections = Connections(limits: ServerLimits { $0.connectionsPerAddress = 1 })

    /// What becomes of a descriptor of an address that may have one connection.
    private func admit(_ descriptor: Int32) -> (name: String, connection: Connection?) {
        let admission = connections.admit(
            descriptor,
            address: .internet(host: "127.0.0.2", port: 1),
            isProxy: false,
            share: AddressShare(octets: [127, 0, 0, 2])
        )
        return switch admission {
        case .admitted(let connection): ("admitted", connection)
        case .tooEarly: ("too early", nil)
        case .refused: ("refused", nil)
        }
    }

    /// Lends both ends of a connection to a test.
    private func withPair(_ body: (Int32, Int32) throws -> Void) throws {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        try body(ends[0], ends[1])
    }

    @Test("comes too early where those before it are not served yet, and takes the place of an idle one once they are")
    func comesTooEarly() throws {
        try withPair { first, second in
            let silent = try #require(admit(first).connection)
            #expect(admit(second).name == "too early")
            #expect(connections.served(first) === silent)
            #expect(admit(second).name == "admitted")
            // It was told to give way.
            #expect(!silent.enter(.handling))
        }
    }

    @Test("is refused where those before it are at work")
    func isRefused() throws {
        try withPair { first, second in
            let busy = try #require(admit(first).connection)
            #expect(connections.served(first) === busy)
            #expect(busy.enter(.handling))
            #expect(admit(second).name == "refused")
        }
    }
}
