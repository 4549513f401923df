import HTTPServer
import Testing

@Suite("A connection limit", .timeLimit(.minutes(12)))
struct ConnectionLimitTests {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A connection that has had one answer and is kept.
    private func idle(port: Int, from source: String) async throws -> RawClient {
        let client = try RawClient(port: port, from: source)
        client.send(Self.request)
        #expect(await client.reply()?.status == 200)
        return client
    }

    @Test("makes the longest idle connection give way to a newcomer from elsewhere")
    func givesWay() async throws {
        try await withListener(limits: ServerLimits { $0.connections = 8 }, handler: echo) { listener in
            var idlers: [RawClient] = []
            for number in 2..<10 { idlers.append(try await idle(port: listener.port, from: "127.0.0.\(number)")) }
            let honest = try await idle(port: listener.port, from: "127.0.0.1")
            #expect(await idlers[0].everything() == "")
            honest.send(Self.request)
            #expect(await honest.reply()?.status == 200)
            idlers[7].send(Self.request)
            #expect(await idlers[7].reply()?.status == 200)
        }
    }

    @Test("of one address is its own: its idle connections give way to its own newcomers only")
    func share() async throws {
        let limits = ServerLimits {
            $0.connections = 100
            $0.connectionsPerAddress = 4
        }
        try await withListener(limits: limits, handler: echo) { listener in
            let honest = try await idle(port: listener.port, from: "127.0.0.1")
            var idlers: [RawClient] = []
            for _ in 0..<9 { idlers.append(try await idle(port: listener.port, from: "127.0.0.2")) }
            for client in idlers.prefix(5) { #expect(await client.everything() == "") }
            for client in idlers.suffix(4) + [honest] {
                client.send(Self.request)
                #expect(await client.reply()?.status == 200)
            }
        }
    }

    @Test("closes a newcomer where all connections are at work, and the Unix socket is served all the same")
    func allAtWork() async throws {
        let latch = Latch()
        let arrived = Mailbox<Void>()
        let folder = try TemporaryFolder()
        let handler: @Sendable (Request) async -> Response = { request in
            if request.path == "/park" {
                arrived.post(())
                await latch.wait()
            }
            return Response(status: 200)
        }
        let limits = ServerLimits { $0.connections = 2 }
        try await withListener(limits: limits, handler: handler) { listener in
            try await withListener(at: .local(path: folder.path("socket")), handler: handler) { _ in
                let parked = try (0..<2).map { _ in try RawClient(port: listener.port) }
                for client in parked {
                    client.send("GET /park HTTP/1.1\r\nHost: a\r\n\r\n")
                    await arrived.next()
                }
                let refused = try RawClient(port: listener.port)
                #expect(await refused.everything() == "")
                let local = try RawClient(path: folder.path("socket"))
                local.send(Self.request)
                #expect(await local.reply()?.status == 200)
                latch.open()
                for client in parked { #expect(await client.reply()?.status == 200) }
                let next = try RawClient(port: listener.port)
                next.send(Self.request)
                #expect(await next.reply()?.status == 200)
            }
        }
    }

    @Test("of one address that is all at work leaves the other addresses alone")
    func shareAtWork() async throws {
        let latch = Latch()
        let arrived = Mailbox<Void>()
        try await withListener(limits: ServerLimits { $0.connectionsPerAddress = 2 }) { request in
            if request.path == "/park" {
                arrived.post(())
                await latch.wait()
            }
            return Response(status: 200)
        } test: { listener in
            let parked = try (0..<2).map { _ in try RawClient(port: listener.port, from: "127.0.0.2") }
            for client in parked {
                client.send("GET /park HTTP/1.1\r\nHost: a\r\n\r\n")
                await arrived.next()
            }
            #expect(await (try RawClient(port: listener.port, from: "127.0.0.2")).everything() == "")
            _ = try await idle(port: listener.port, from: "127.0.0.3")
            latch.open()
            for client in parked { #expect(await client.reply()?.status == 200) }
        }
    }

    @Test("of one address does not count for a proxy, which is told apart from the others")
    func proxy() async throws {
        let limits = ServerLimits { $0.connectionsPerAddress = 2 }
        let isProxy: @Sendable ([UInt8]) -> Bool = { $0 == [127, 0, 0, 2] }
        try await withListener(limits: limits, isProxy: isProxy) { request in
            Response(status: request.peer.isProxy ? 202 : 200)
        } test: { listener in
            let proxies = try (0..<8).map { _ in try RawClient(port: listener.port, from: "127.0.0.2") }
            for _ in 0..<2 {
                for client in proxies {
                    client.send(Self.request)
                    #expect(await client.reply()?.status == 202)
                }
            }
            let others = [
                try await idle(port: listener.port, from: "127.0.0.3"),
                try await idle(port: listener.port, from: "127.0.0.3"),
            ]
            _ = try await idle(port: listener.port, from: "127.0.0.3")
            #expect(await others[0].everything() == "")
        }
    }

    @Test("gives back the place of every connection that has ended")
    func givesBack() async throws {
        let limits = ServerLimits {
            $0.connections = 2
            $0.connectionsPerAddress = 2
        }
        try await withListener(limits: limits, handler: echo) { listener in
            for _ in 0..<50 {
                let client = try RawClient(port: listener.port)
                client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                #expect(await client.everything()?.hasPrefix("HTTP/1.1 200 ") == true)
            }
        }
    }
}
