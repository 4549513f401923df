import HTTPServer
import Synchronization
import Testing

@Suite("A request that two readers could understand differently", .timeLimit(.minutes(12)))
struct SmugglingTests {
    private static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

    /// Sends a request with a second one behind it and gives back all that was answered, and which paths were run.
    private func answers(to request: String) async throws -> (text: String, run: [String]) {
        let run = Mailbox<String>()
        var text = ""
        try await withListener { request in
            run.post(request.path)
            return Response(status: 200)
        } test: { listener in
            let client = try RawClient(port: listener.port)
            client.send(request + Self.smuggled)
            text = try #require(await client.everything(), "the connection was not closed")
        }
        return (text, run.rest)
    }

    @Test(
        "is answered 400 and closed, and neither it nor what follows it is run",
        arguments: [
            // Two framings.
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 0\r\ntransfer-encoding: Chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            // Fields that stand alone.
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nIdempotency-Key: 1\r\nIdempotency-Key: 2\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nX: y\r\n\r\n",
            // Lengths that are no number.
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5,5\r\n\r\nabcde",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nabcde",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nabcde",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\nabcde",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nabcde",
            // Codings that this side does not know.
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked \r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{B}chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n",
            // Line ends and folded lines.
            "GET / HTTP/1.1\nHost: a\n\n",
            "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
            "GET / HTTP/1.1\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: y\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\tz: 1\r\nY: z\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n \r\n\r\n",
            "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 36\r\n 0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 36\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
            // Names and values.
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 36\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX\0: y\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: y\rContent-Length: 36\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: \u{7F}\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX\u{E9}: y\r\n\r\n",
            // Request lines.
            "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
            "GET /a /b HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /\0a HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /?a\0b HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
            "G\0T / HTTP/1.1\r\nHost: a\r\n\r\n",
            "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /\r\n\r\n",
            "GET / HTTP/1.10\r\nHost: a\r\n\r\n",
            "GET / http/1.1\r\nHost: a\r\n\r\n",
        ]
    )
    func refused(request: String) async throws {
        let (text, run) = try await answers(to: request)
        #expect(text.hasPrefix("HTTP/1.1 400 "))
        #expect(!text.contains("HTTP/1.1 200 "))
        #expect(run == [])
    }

    @Test("is answered 413 when its length exceeds every number, and 505 in another major version")
    func otherRefusals() async throws {
        let long = try await answers(
            to: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n"
        )
        #expect(long.text.hasPrefix("HTTP/1.1 413 "))
        let future = try await answers(to: "GET / HTTP/2.0\r\nHost: a\r\n\r\n")
        #expect(future.text.hasPrefix("HTTP/1.1 505 "))
        #expect(long.run + future.run == [])
    }

    @Test(
        "is closed when its chunks are broken",
        arguments: [
            "x\r\nhello\r\n0\r\n\r\n", "5\r\nhelloworld\r\n0\r\n\r\n", "-1\r\n\r\n", "0x5\r\nhello\r\n", "\r\n\r\n",
        ]
    )
    func brokenChunks(body: String) async throws {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let (text, run) = try await answers(to: head + body)
        #expect(text.hasPrefix("HTTP/1.1 400 "))
        #expect(run == [])
    }

    @Test("is refused with the answer that the owner makes")
    func ownAnswer() async throws {
        let reasons = Mailbox<Rejection>()
        let listener = try Listener(
            at: .internet(host: "127.0.0.1", port: 0),
            rejection: { rejection in
                reasons.post(rejection)
                return Response(status: 400, headers: [("X-Own", "yes")], body: Array("own".utf8))
            },
            handler: { _ in Response(status: 200) }
        )
        let client = try RawClient(port: listener.port)
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n")
        let reply = try #require(await client.reply())
        #expect(reply.body == "own")
        #expect(reply.head.contains("\r\nX-Own: yes\r\n"))
        #expect(reply.closes)
        #expect(await reasons.next() == .malformed(.framing))
        await listener.drain(within: .zero)
    }
}
