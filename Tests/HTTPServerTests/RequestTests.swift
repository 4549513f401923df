import HTTPServer
import Testing

@Suite("A request", .timeLimit(.minutes(12)))
struct RequestTests {
    /// Sends octets and gives back the request that the handler got, with the answer to it.
    private func exchange(
        _ octets: String,
        limits: ServerLimits = .patient,
        response: Response = Response(status: 200)
    ) async throws -> (request: Request, reply: Reply) {
        let requests = Mailbox<Request>()
        var reply: Reply?
        try await withListener(limits: limits) { request in
            requests.post(request)
            return response
        } test: { listener in
            let client = try RawClient(port: listener.port)
            client.send(octets)
            reply = await client.reply(toHead: octets.hasPrefix("HEAD"))
        }
        return (try #require(requests.rest.first), try #require(reply))
    }

    /// A request without a body of exactly this length.
    private func request(octets: Int) -> String {
        let (start, end) = ("GET / HTTP/1.1\r\nHost: a\r\nX: ", "\r\n\r\n")
        return start + String(repeating: "v", count: octets - start.utf8.count - end.utf8.count) + end
    }

    @Test("arrives with method, target, header and body as they were sent")
    func arrives() async throws {
        let (request, reply) = try await exchange(
            "POST /v1/a%2Fb?x=1&y=%20 HTTP/1.1\r\nHost: example.com\r\nX-Empty:\r\nX-Two: 1\r\nx-two: \t2 \t\r\n"
                + "Content-Length: 4\r\n\r\nbody",
            response: Response(status: 202, headers: [("X-Own", "yes")], body: Array("done".utf8))
        )
        #expect(request.method == "POST")
        #expect(request.path == "/v1/a%2Fb")
        #expect(request.target.segments == ["v1", "a/b"])
        #expect(request.target.query?.map(\.value) == ["1", " "])
        #expect(request.headers["host"] == "example.com")
        #expect(request.headers["X-EMPTY"] == "")
        #expect(request.headers["X-Two"] == "1")
        #expect(request.headers.count(of: "X-TWO") == 2)
        #expect(request.headers.fields.last { $0.name == "x-two" }?.value == "2")
        #expect(request.headers["absent"] == nil)
        #expect(request.body == Array("body".utf8))
        #expect(reply.status == 202)
        #expect(reply.body == "done")
        #expect(reply.head.contains("\r\nX-Own: yes\r\n"))
    }

    @Test("may have any token for a method", arguments: ["GET", "PUT", "PATCH", "OPTIONS", "get", "M-SEARCH", "X!"])
    func anyMethod(method: String) async throws {
        let (request, reply) = try await exchange("\(method) /a HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(request.method == method)
        #expect(reply.status == 200)
    }

    @Test("with HEAD is answered without the body, whose length is told")
    func head() async throws {
        let (request, reply) = try await exchange(
            "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            response: Response(status: 200, body: Array("12345".utf8))
        )
        #expect(request.method == "HEAD")
        #expect(reply.head.contains("\r\nContent-Length: 5\r\n"))
    }

    @Test("answered with 204 has no body, and the connection goes on")
    func noContent() async throws {
        try await withListener { _ in
            Response(status: 204)
        } test: { listener in
            let client = try RawClient(port: listener.port)
            for _ in 0..<3 {
                client.send("DELETE /a HTTP/1.1\r\nHost: a\r\n\r\n")
                let reply = try #require(await client.reply())
                #expect(reply.status == 204)
                #expect(!reply.head.lowercased().contains("transfer-encoding"))
            }
        }
    }

    @Test("in chunks arrives as one body")
    func chunked() async throws {
        let (request, _) = try await exchange(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n1;name=value\r\n \r\n5\r\nworld\r\n0\r\nX-Trailer: 1\r\n\r\n"
        )
        #expect(request.body == Array("hello world".utf8))
        #expect(request.headers["X-Trailer"] == nil)
    }

    @Test("that asks first is told to continue")
    func expectsContinue() async throws {
        try await withListener(handler: echo) { listener in
            let client = try RawClient(port: listener.port)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(await client.reply()?.status == 100)
            client.send("ok")
            #expect(await client.reply()?.body == "POST / ok")
        }
    }

    @Test("in HTTP/1.0 needs no Host and closes its connection")
    func oldVersion() async throws {
        let (request, reply) = try await exchange("GET /old HTTP/1.0\r\n\r\n")
        #expect(request.path == "/old")
        #expect(reply.status == 200)
    }

    @Test("keeps the raw path when its encoding is broken, so that the handler can say so")
    func brokenEncoding() async throws {
        let (request, _) = try await exchange("GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(request.path == "/a%zz")
        #expect(request.target.segments == nil)
    }

    @Test("may have a large header within the limit, in many pieces")
    func largeHeader() async throws {
        let requests = Mailbox<Request>()
        try await withListener(limits: ServerLimits { $0.maximumHeaderBytes = 16_384 }) { request in
            requests.post(request)
            return Response(status: 200)
        } test: { listener in
            let client = try RawClient(port: listener.port)
            client.send("GET /?q=\(String(repeating: "q", count: 3000)) HTTP/1.1\r\nHost: a\r\n")
            for number in 0..<120 {
                client.send("X-Field-\(number): \(String(repeating: "v", count: 80))\r\n")
            }
            client.send("\r\n")
            #expect(await client.reply()?.status == 200)
            #expect(requests.rest.first?.headers.fields.count == 121)
            #expect(requests.rest.first?.headers["x-field-119"]?.utf8.count == 80)
        }
    }

    @Test("may have as many parameters as the limit of its header has room for", arguments: ["&", "a=b&", "%26;&="])
    func manyParameters(parameter: String) async throws {
        let query = String(repeating: parameter, count: 16_000 / parameter.utf8.count)
        let (request, reply) = try await exchange("GET /a?\(query) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(reply.status == 200)
        #expect(request.path == "/a")
        #expect(request.target.rawQuery == query)
    }

    @Test("with a header over the limit is answered 431 and closed", arguments: [2049, 4000, 40_000])
    func tooLargeHeader(length: Int) async throws {
        try await withListener(limits: ServerLimits { $0.maximumHeaderBytes = 2048 }, handler: echo) { listener in
            let client = try RawClient(port: listener.port)
            client.send(request(octets: length))
            #expect(await client.everything()?.hasPrefix("HTTP/1.1 431 ") == true)
        }
    }

    @Test("with a header exactly at the limit passes")
    func headerAtLimit() async throws {
        try await withListener(limits: ServerLimits { $0.maximumHeaderBytes = 2048 }, handler: echo) { listener in
            let client = try RawClient(port: listener.port)
            client.send(request(octets: 2048))
            #expect(await client.reply()?.status == 200)
        }
    }

    @Test("with a target beyond all memory is answered 414 and closed")
    func tooLongTarget() async throws {
        try await withListener(limits: ServerLimits { $0.maximumHeaderBytes = 2048 }, handler: echo) { listener in
            let client = try RawClient(port: listener.port)
            client.send("GET /\(String(repeating: "a", count: 50_000)) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await client.everything()?.hasPrefix("HTTP/1.1 414 ") == true)
        }
    }
}
