import HTTPServer
import Testing

/// The other deadlines are far away, so that only the one under test can end a connection within a test.
@Suite("A deadline", .timeLimit(.minutes(12)))
struct DeadlineTests {
    private static let short = Duration.milliseconds(300)

    /// A kept connection that has had an answer; on a busy machine the deadline may hit some before.
    private func answered(port: Int) async throws -> RawClient {
        for _ in 0..<50 {
            let client = try RawClient(port: port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            if await client.reply()?.status == 200 { return client }
        }
        throw RawClient.Failure(call: "reply", code: 0)
    }

    @Test("cuts off a peer that sends its header an octet at a time", arguments: ["", "GET / HTTP/1.1\r\nX: "])
    func slowHeader(start: String) async throws {
        try await withListener(limits: ServerLimits { $0.headerDeadline = Self.short }, handler: echo) { listener in
            let client = try RawClient(port: listener.port)
            client.send(start)
            #expect(await client.drip(UInt8(ascii: "a")))
        }
    }

    @Test("cuts off a peer that sends its body an octet at a time, also in chunks")
    func slowBody() async throws {
        try await withListener(limits: ServerLimits { $0.bodyDeadline = Self.short }, handler: echo) { listener in
            let plain = try RawClient(port: listener.port)
            plain.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
            #expect(await plain.drip(UInt8(ascii: "a")))
            let chunked = try RawClient(port: listener.port)
            chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n")
            #expect(await chunked.drip(UInt8(ascii: "a")))
        }
    }

    @Test("tells a peer in the middle of a request why, and closes a silent one without a word")
    func says() async throws {
        try await withListener(limits: ServerLimits { $0.headerDeadline = Self.short }, handler: echo) { listener in
            // On a kept connection the deadline starts with the request line, so that it cannot pass before.
            let started = try await answered(port: listener.port)
            started.send("GET / HTTP/1.1\r\nHost: a\r\n")
            let silent = try RawClient(port: listener.port)
            #expect(await started.everything()?.hasPrefix("HTTP/1.1 408 ") == true)
            #expect(await silent.everything() == "")
        }
    }

    @Test("ends a kept connection that stays idle, or starts its next request and does not finish")
    func idle() async throws {
        let limits = ServerLimits {
            $0.idleTimeout = Self.short
            $0.headerDeadline = Self.short
        }
        try await withListener(limits: limits, handler: echo) { listener in
            let slow = try await answered(port: listener.port)
            slow.send("GET / HTTP/1.1\r\n")
            #expect(await slow.drip(UInt8(ascii: "a")))
            let idle = try await answered(port: listener.port)
            #expect(await idle.everything() == "")
        }
    }

    @Test("does not run while a handler works")
    func notWhileHandled() async throws {
        let latch = Latch()
        let limits = ServerLimits {
            $0.bodyDeadline = Self.short
            $0.idleTimeout = Self.short
        }
        let arrived = Mailbox<Void>()
        try await withListener(limits: limits) { _ in
            arrived.post(())
            await latch.wait()
            return Response(status: 200)
        } test: { listener in
            let parked = try RawClient(port: listener.port)
            parked.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
            await arrived.next()
            // Two that come later and are cut off show that the deadlines of the first would have passed.
            for _ in 0..<2 {
                let late = try RawClient(port: listener.port)
                late.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n")
                #expect(await late.everything()?.hasPrefix("HTTP/1.1 408 ") == true)
            }
            latch.open()
            #expect(await parked.reply()?.status == 200)
        }
    }

    @Test("ends an answer that the peer does not read")
    func unreadAnswer() async throws {
        let written = Mailbox<Bool>()
        try await withListener(limits: ServerLimits { $0.answerDeadline = Self.short }) { _ in
            Response(status: 200, body: [UInt8](repeating: 0x78, count: 64 << 20)) { written.post($0) }
        } test: { listener in
            let client = try RawClient(port: listener.port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await written.next() == false)
            // The client lives until here and has read nothing.
            client.end()
        }
    }
}
