import HTTPServer
import Testing

@Suite("Answers", .timeLimit(.minutes(12)))
struct AnswerTests {
    @Test("to pipelined requests come in their order")
    func pipelined() async throws {
        try await withListener { request in
            // Some give way to others, so that order is not a matter of luck.
            if request.path.hasSuffix("3") { await Task.yield() }
            return await echo(request)
        } test: { listener in
            let client = try RawClient(port: listener.port)
            let requests = (0..<300).map { number in
                number.isMultiple(of: 2)
                    ? "GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n"
                    : "POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
            }
            client.send(requests.joined())
            for number in 0..<300 {
                let expected = number.isMultiple(of: 2) ? "GET /\(number) " : "POST /\(number) abc"
                try #require(await client.reply()?.body == expected)
            }
        }
    }

    @Test("from a file of any size come whole, and the connection goes on")
    func files() async throws {
        let folder = try TemporaryFolder()
        try await withListener { request in
            guard request.path == "/file", let file = try? ResponseFile(in: folder.path(".")) else {
                return await echo(request)
            }
            var isWhole = true
            for part in 0..<100 {
                do {
                    try await file.append([UInt8](repeating: UInt8(part), count: 100_000))
                } catch {
                    isWhole = false
                }
            }
            var response = Response(status: isWhole ? 200 : 500)
            response.file = file
            return response
        } test: { listener in
            let client = try RawClient(port: listener.port)
            client.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
            let reply = try #require(await client.reply())
            #expect(reply.status == 200)
            #expect(reply.body.utf8.count == 10_000_000)
            let parts = (0..<100).map { [UInt8](reply.body.utf8)[$0 * 100_000] }
            #expect(parts == [UInt8](0..<100))
            client.send("HEAD /file HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await client.reply(toHead: true)?.status == 200)
            client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await client.reply()?.body == "GET /a ")
        }
    }

    @Test("to 1000 requests come over one kept connection")
    func sequential() async throws {
        let ports = Mailbox<Peer.Address>()
        try await withListener { request in
            ports.post(request.peer.address)
            return await echo(request)
        } test: { listener in
            let client = try RawClient(port: listener.port)
            for number in 0..<1000 {
                let body = String(repeating: "b", count: number)
                client.send("POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: \(number)\r\n\r\n\(body)")
                try #require(await client.reply()?.body == "POST /\(number) \(body)")
            }
            #expect(ports.rest.count == 1000)
            #expect(ports.rest.allSatisfy { $0 == ports.rest.first })
        }
    }

    @Test("to 64 clients at a time reach the right ones, 200 each")
    func parallel() async throws {
        try await withListener(handler: echo) { listener in
            let clients = try (0..<64).map { _ in try RawClient(port: listener.port) }
            for round in 0..<200 {
                for (number, client) in clients.enumerated() {
                    let body = "\(round)-\(number)"
                    client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
                }
                for (number, client) in clients.enumerated() {
                    try #require(await client.reply()?.body == "POST /a \(round)-\(number)")
                }
            }
        }
    }

    @Test("of megabytes arrive whole")
    func large() async throws {
        let body = [UInt8](repeating: 0x78, count: 8 << 20)
        let written = Mailbox<Bool>()
        try await withListener { _ in
            Response(status: 200, body: body) { written.post($0) }
        } test: { listener in
            let client = try RawClient(port: listener.port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(await client.everything()?.hasSuffix(String(decoding: body, as: UTF8.self)) == true)
            #expect(await written.next())
        }
    }

    @Test("are noticed as written, once each")
    func written() async throws {
        let written = Mailbox<Bool>()
        try await withListener { _ in
            Response(status: 200) { written.post($0) }
        } test: { listener in
            let client = try RawClient(port: listener.port)
            for _ in 0..<10 {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(await client.reply()?.status == 200)
            }
        }
        #expect(written.rest == [Bool](repeating: true, count: 10))
    }

    @Test("with a line end in a header are not sent")
    func injectedHeader() async throws {
        let written = Mailbox<Bool>()
        try await withListener { _ in
            Response(status: 200, headers: [("X", "a\r\nY: b")]) { written.post($0) }
        } test: { listener in
            let client = try RawClient(port: listener.port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await client.everything() == "")
            #expect(await written.next() == false)
        }
    }
}
