import HTTPServer
import Testing

@Suite("A body", .timeLimit(.minutes(12)))
struct BodyLimitTests {
    private static let limits = ServerLimits { $0.maximumBodyBytes = 100_000 }

    private func withCounted(_ test: (RawClient, Mailbox<Int>) async throws -> Void) async throws {
        let sizes = Mailbox<Int>()
        try await withListener(limits: Self.limits) { request in
            sizes.post(request.body.count)
            return Response(status: 200)
        } test: { listener in
            try await test(RawClient(port: listener.port), sizes)
        }
    }

    @Test("exactly at the limit passes, in one piece or in chunks")
    func atLimit() async throws {
        try await withCounted { client, sizes in
            let half = String(repeating: "x", count: 50_000)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + half + half)
            #expect(await client.reply()?.status == 200)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            client.send("c350\r\n\(half)\r\nc350\r\n\(half)\r\n0\r\n\r\n")
            #expect(await client.reply()?.status == 200)
            #expect(sizes.rest == [100_000, 100_000])
        }
    }

    @Test("that is announced too large is answered 413 before any of it was read", arguments: [100_001, 1 << 40])
    func announced(length: Int) async throws {
        try await withCounted { client, sizes in
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n\r\n")
            let reply = try #require(await client.reply())
            #expect(reply.status == 413)
            #expect(reply.closes)
            #expect(await client.everything() == "")
            #expect(sizes.rest == [])
        }
    }

    @Test("whose chunks grow too large is answered 413 without waiting for its end")
    func chunked() async throws {
        try await withCounted { client, sizes in
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            client.send("186a1\r\n\(String(repeating: "x", count: 100_001))")
            let reply = try #require(await client.reply())
            #expect(reply.status == 413)
            #expect(reply.closes)
            #expect(sizes.rest == [])
        }
    }

    @Test("has the limit of its own request's head, announced or in chunks")
    func ofHead() async throws {
        let limit: @Sendable (RequestHead) -> Int = { $0.target.path == "/large" ? 1000 : 10 }
        try await withListener(limits: Self.limits, bodyLimit: limit, handler: echo) { listener in
            for (path, length, status) in [
                ("/a", 10, 200), ("/a", 11, 413), ("/large", 1000, 200), ("/large", 1001, 413),
            ] {
                let body = String(repeating: "x", count: length)
                let announced = try RawClient(port: listener.port)
                announced.send("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n\(body)")
                #expect(await announced.reply()?.status == status)
                let chunked = try RawClient(port: listener.port)
                chunked.send("POST \(path) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                chunked.send("\(String(length, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
                #expect(await chunked.reply()?.status == status)
            }
        }
    }

    @Test("that is sent although it is too large does not cost the sender its answer")
    func unreadRest() async throws {
        try await withCounted { client, sizes in
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
            #expect(client.send([UInt8](repeating: 0x78, count: 1_000_000)))
            #expect(await client.everything()?.hasPrefix("HTTP/1.1 413 ") == true)
            #expect(sizes.rest == [])
        }
    }

    @Test("that stops half way is cut off at its deadline, and the handler is not called")
    func halfWay() async throws {
        let sizes = Mailbox<Int>()
        let limits = ServerLimits { $0.bodyDeadline = .milliseconds(300) }
        try await withListener(limits: limits) { request in
            sizes.post(request.body.count)
            return Response(status: 200)
        } test: { listener in
            let client = try RawClient(port: listener.port)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf ")
            #expect(await client.everything()?.hasPrefix("HTTP/1.1 408 ") == true)
        }
        #expect(sizes.rest == [])
    }
}
