import Glibc
import HTTPServer
import Testing

@Suite("A listener", .timeLimit(.minutes(12)))
struct ListenTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func answers(path: String) async throws -> Bool {
        let client = try RawClient(path: path)
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        return await client.reply()?.status == 200
    }

    @Test("at loopback is not reached by another address of the machine", arguments: ["127.0.0.1", "::1"])
    func loopback(host: String) async throws {
        try await withListener(at: .internet(host: host, port: 0), handler: echo) { listener in
            let client = try RawClient(port: listener.port, host: host)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await client.reply()?.status == 200)
            #expect(throws: RawClient.Failure.self) {
                // At an address that no other test listens at.
                try RawClient(port: listener.port, host: "127.0.0.2")
            }
        }
    }

    @Test("says which TCP address is in use")
    func portInUse() async throws {
        try await withListener(handler: echo) { listener in
            let endpoint = Endpoint.internet(host: "127.0.0.1", port: listener.port)
            #expect(throws: ListenError.inUse(endpoint)) { try Listener(at: endpoint, handler: echo) }
            #expect("\(ListenError.inUse(endpoint))".contains("127.0.0.1:\(listener.port)"))
        }
    }

    @Test(
        "refuses what is no numeric address or port",
        arguments: [("localhost", 0), ("", 0), ("[::1]", 0), ("127.0.0.1", 65_536), ("127.0.0.1", -1), ("1.2.3", 0)]
    )
    func badAddress(host: String, port: Int) {
        let endpoint = Endpoint.internet(host: host, port: port)
        #expect(throws: ListenError.addressInvalid(endpoint)) { try Listener(at: endpoint, handler: echo) }
    }

    @Test("refuses an address of another machine")
    func foreignAddress() {
        let endpoint = Endpoint.internet(host: "192.0.2.1", port: 0)
        #expect(throws: ListenError.addressUnavailable(endpoint)) { try Listener(at: endpoint, handler: echo) }
    }

    @Test("makes its socket file with the mode that it is told, whatever the umask", arguments: [0o600, 0o660, 0o666])
    func mode(mode: UInt32) async throws {
        let path = folder.path("socket")
        try await withListener(at: .local(path: path, mode: mode), handler: echo) { _ in
            var found = stat()
            #expect(lstat(path, &found) == 0)
            #expect(found.st_mode & 0o7777 == mode)
        }
    }

    @Test("removes its socket file at the end, and not one that another has put there")
    func removes() async throws {
        let path = folder.path("socket")
        try await withListener(at: .local(path: path), handler: echo) { _ in
            #expect(access(path, F_OK) == 0)
        }
        #expect(access(path, F_OK) != 0)
        try await withListener(at: .local(path: path), handler: echo) { _ in
            unlink(path)
            close(creat(path, 0o600))
        }
        #expect(access(path, F_OK) == 0)
    }

    @Test("replaces the socket file of a process that has died")
    func stale() async throws {
        let path = folder.path("socket")
        var address = RawClient.local(path)
        let left = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(left, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        close(left)
        try await withListener(at: .local(path: path), handler: echo) { _ in
            let isServed = try await answers(path: path)
            #expect(isServed)
        }
    }

    @Test("refuses the socket of a process that lives, and leaves it working")
    func live() async throws {
        let path = folder.path("socket")
        try await withListener(at: .local(path: path), handler: echo) { _ in
            let endpoint = Endpoint.local(path: path)
            #expect(throws: ListenError.inUse(endpoint)) { try Listener(at: endpoint, handler: echo) }
            let isServed = try await answers(path: path)
            #expect(isServed)
        }
    }

    @Test("refuses a path at which another kind of file stands, and leaves the file")
    func otherFile() throws {
        let path = folder.path("file")
        close(creat(path, 0o600))
        #expect(throws: ListenError.notASocket(path: path)) { try Listener(at: .local(path: path), handler: echo) }
        #expect(access(path, F_OK) == 0)
    }

    @Test("refuses a socket path over 107 bytes and says how long it is")
    func longPath() async throws {
        let path = folder.path("")
        let fits = path + String(repeating: "s", count: 107 - path.utf8.count)
        try await withListener(at: .local(path: fits), handler: echo) { _ in
            let isServed = try await answers(path: fits)
            #expect(isServed)
        }
        let error = ListenError.pathTooLong(path: fits + "s", length: 108)
        #expect(throws: error) { try Listener(at: .local(path: fits + "s"), handler: echo) }
        #expect("\(error)".contains("108 bytes"))
    }

    @Test("refuses a folder that does not exist")
    func noFolder() throws {
        let endpoint = Endpoint.local(path: folder.path("none/socket"))
        #expect(throws: ListenError.self) { try Listener(at: endpoint, handler: echo) }
    }
}
