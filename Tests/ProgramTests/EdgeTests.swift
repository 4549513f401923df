import Foundation
import JSON
import Processes
import Testing

@Suite("The edge of the server", .timeLimit(.minutes(12)))
struct EdgeTests {
    private func serving(
        _ variables: [String] = [],
        _ body: (Installation, Running, String) async throws -> Void
    ) async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.start("gatepost-server", variables: variables)
            _ = try await server.line("ready")
            try await body(post, server, try await post.url(of: server))
        }
    }

    /// A request that no reader takes, how it is answered, and whether that is a problem of ours; nothing: it is closed.
    struct Broken: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var request: String
        var status: Int?
        var problem: String?

        init(_ name: String, _ request: String, _ status: Int?, _ problem: String? = nil) {
            (testDescription, self.request, self.status, self.problem) = (name, request, status, problem)
        }
    }

    private static let get = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
    private static let post = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\n"
    private static let batch = "Content-Type: application/cloudevents-batch+json\r\n"
    private static let chunked = post + "Transfer-Encoding: chunked\r\n\r\n"

    private static func many(_ count: Int) -> String { String(repeating: "a", count: count) }

    static let broken = [
        Broken("one word", "abcdef\r\n\r\n", nil),
        Broken("control characters", "\u{1}\u{2}\u{3}\r\n\r\n", nil),
        Broken("HTTP/0.9", "GET /healthz\r\n\r\n", 400),
        Broken("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        Broken("HTTP/3.0", "GET /healthz HTTP/3.0\r\nHost: localhost\r\n\r\n", 505),
        Broken(
            "an absolute target",
            "GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
            400,
            "malformed"
        ),
        Broken("a target of 20 kB", "GET /\(many(20_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n", 413, "too-large"),
        Broken("a target of 40 kB", "GET /\(many(40_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        Broken("a field of 20 kB", get + "X: \(many(20_000))\r\n\r\n", 413, "too-large"),
        Broken("a field of 40 kB", get + "X: \(many(40_000))\r\n\r\n", 431),
        Broken("a thousand fields", get + (1...1000).map { "X-\($0): y\r\n" }.joined() + "\r\n", 431),
        Broken("bare line feeds", "GET /healthz HTTP/1.1\nHost: localhost\n\n", 400, "malformed"),
        Broken("NUL in a field", get + "X: a\0b\r\n\r\n", 400, "malformed"),
        Broken("a folded field", get + "X: a\r\n b\r\n\r\n", 400, "malformed"),
        Broken("a blank before the colon", get + "X : a\r\n\r\n", 400, "malformed"),
        Broken("no colon", get + "X\r\n\r\n", 400),
        Broken("no Host", "GET /healthz HTTP/1.1\r\n\r\n", 400, "malformed"),
        Broken("a negative length", post + "Content-Length: -1\r\n\r\n", 400),
        Broken("a length beyond 63 bits", post + "Content-Length: 9223372036854775808\r\n\r\n", 400, "malformed"),
        Broken("a length beyond 64 bits", post + "Content-Length: 99999999999999999999\r\n\r\n", 413),
        Broken("two framings", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "malformed"),
        Broken("gzip, chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "malformed"),
        Broken("a chunk of no size", chunked + "xyz\r\n", 400),
        Broken("a chunk of 80 bits", chunked + "fffffffffffffffffff\r\n", 413),
        Broken("a trailer without a colon", chunked + "1\r\nx\r\n0\r\nx\r\n\r\n", 400),
        Broken("an event of 256 KiB and a byte", post + "Content-Length: 262145\r\n\r\n", 413, "too-large"),
        Broken(
            "such an event in chunks",
            chunked + "40001\r\n\(many(262_145))\r\n0\r\n\r\n",
            413,
            "too-large"
        ),
        Broken("a batch of 4 MiB and a byte", post + batch + "Content-Length: 4194305\r\n\r\n", 413, "too-large"),
        Broken(
            "a batch where none belongs",
            "POST /v1/verify HTTP/1.1\r\nHost: localhost\r\n\(batch)Content-Length: 262145\r\n\r\n",
            413,
            "too-large"
        ),
    ]

    @Test("refuses what is no request, or too large, before a token is looked at, and closes")
    func broken() async throws {
        try await serving { post, _, url in
            for broken in Self.broken {
                let answer = try await RawConnection.ask(url, broken.request)
                let name = broken.testDescription
                if let status = broken.status {
                    #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(name): \(answer)")
                    #expect(answer.lowercased().contains("\r\nconnection: close\r\n"), "\(name)")
                } else {
                    #expect(answer.isEmpty, "\(name): \(answer)")
                }
                #expect(answer.contains("application/problem+json") == (broken.problem != nil), "\(name)")
                if let problem = broken.problem { #expect(answer.contains(":problem:\(problem)\""), "\(name)") }
                if broken.problem == "too-large", name.contains("batch of") {
                    #expect(answer.contains("\"limit_bytes\":4194304"))
                } else if broken.problem == "too-large", !name.contains("20 kB") {
                    #expect(answer.contains("\"limit_bytes\":262144"))
                }
            }
            #expect(try await post.call("GET", "/healthz", at: url).status == 200)
        }
    }

    @Test("answers pipelined requests in their order, and HEAD as GET without a body")
    func wellFormed() async throws {
        try await serving { post, _, url in
            let token = try await post.token("events,codes,read,sandbox")
            let accepted = try Accepted(await post.submit(Installation.event("1", to: "a@example.com")))
            func ask(_ line: String, close: Bool = false) -> String {
                "\(line) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n"
                    + (close ? "Connection: close\r\n\r\n" : "\r\n")
            }
            let row = [
                ask("GET /healthz"), ask("GET /nothing"), ask("DELETE /v1/events"), ask("GET /v1/status"),
                ask("POST /v1/verify"), ask("GET /healthz", close: true),
            ]
            let statuses = try await RawConnection.ask(url, row.joined()).split(separator: "HTTP/1.1 ").map {
                $0.prefix(3)
            }
            #expect(statuses == ["200", "404", "405", "200", "400", "200"])

            for path in [
                "/healthz", "/readyz", "/v1/status", "/v1/deliveries", "/v1/deliveries/\(accepted.delivery)",
                "/v1/challenges/\(accepted.challenge)", "/v1/spend", "/v1/ledger", "/v1/sandbox", "/v1/nothing",
            ] {
                let get = try await RawConnection.ask(url, ask("GET \(path)", close: true))
                let head = try await RawConnection.ask(url, ask("HEAD \(path)", close: true))
                #expect(head.prefix { !$0.isNewline } == get.prefix { !$0.isNewline }, "\(path)")
                #expect(head.hasSuffix("\r\n\r\n"), "\(path)")
                #expect(head.firstRange(of: "\r\n\r\n")?.upperBound == head.endIndex, "\(path)")
                #expect(head.contains("\r\nContent-Length: "), "\(path)")
                let options = try await RawConnection.ask(url, ask("OPTIONS \(path)", close: true))
                let isThere = path != "/v1/nothing"
                #expect(options.hasPrefix("HTTP/1.1 \(isThere ? 405 : 404) "), "\(path)")
                #expect(options.contains("\r\nAllow: GET") == isThere, "\(path)")
            }
        }
    }

    @Test("tells who asks first to go on, or why not")
    func expectation() async throws {
        try await serving { post, _, url in
            let token = try await post.token("events")
            let body =
                #"[{"specversion":"1.0","id":"1","source":"/t","type":"auth.sign_up","data":{"email":"a@b.example"}}]"#
            let head = Self.post + Self.batch + "Authorization: Bearer \(token)\r\nExpect: 100-continue\r\n"
            let connection = try RawConnection(url)
            await connection.send(head + "Connection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
            #expect(await connection.text(upTo: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))
            await connection.send(body)
            #expect(await connection.text().hasPrefix("HTTP/1.1 200 "))
            let large = try await RawConnection.ask(url, head + "Content-Length: 4194305\r\n\r\n")
            #expect(large.hasPrefix("HTTP/1.1 413 "))
            // libcurl asks first where a body has more than a megabyte.
            var padded = Installation.event("2", to: "b@example.com").object ?? [:]
            padded["padding"] = .string(String(repeating: "a", count: 200_000))
            let answer = try await post.call(
                "POST",
                "/v1/events",
                .array([JSONValue](repeating: .object(padded), count: 8)),
                type: "application/cloudevents-batch+json",
                headers: [("Authorization", "Bearer " + token)],
                at: url
            )
            #expect(answer.status == 200)
            #expect(answer.body["results"]?.array?.count == 8)
        }
    }

    @Test("refuses large bodies while one that does not end takes the memory, and takes events all the same")
    func memory() async throws {
        let variables = [
            "GATEPOST_SERVER_MAX_BATCH_BODY=524288", "GATEPOST_SERVER_BUFFERED_BODIES=4194304",
            "GATEPOST_SERVER_BODY_DEADLINE=10m",
        ]
        try await serving(variables) { post, _, url in
            let token = try await post.token("events")
            let slow = try RawConnection(url)
            await slow.send(Self.post + Self.batch + "Content-Length: 524288\r\n\r\n" + Self.many(500_000))
            let large = Self.post + Self.batch + "Expect: 100-continue\r\nContent-Length: 524288\r\n\r\n"
            func mayBeLarge() async throws -> Bool {
                let connection = try RawConnection(url)
                await connection.send(large)
                let head = await connection.text(upTo: "\r\n\r\n")
                guard !head.hasPrefix("HTTP/1.1 100 ") else { return true }
                #expect(head.hasPrefix("HTTP/1.1 503 "))
                #expect(head.contains("\r\nRetry-After: 1\r\n"))
                #expect(await connection.text().contains("urn:gatepost:problem:unavailable"))
                return false
            }
            try await eventually("a refusal of a large body") { try await !mayBeLarge() }
            let event = Installation.event("1", to: "a@example.com")
            let answer = try await post.submit(event, headers: [("Authorization", "Bearer " + token)], at: url)
            #expect(answer.status == 202)
            await slow.send(Self.many(24_288))
            #expect(await slow.text(upTo: "\r\n").hasPrefix("HTTP/1.1 401 "))
            try await eventually("room for a large body") { try await mayBeLarge() }
        }
    }

    @Test("serves who asks while a thousand connections from the same address say nothing or half a word")
    func idleConnections() async throws {
        guard CurrentProcess.allowDescriptors(4096) >= 3000 else {
            throw Disappointment("This needs a hard limit of 3000 open files.")
        }
        try await serving(["GATEPOST_SERVER_CONNECTIONS_PER_ADDRESS=100000"]) { post, server, url in
            let idle = try (0..<1000).map { _ in try RawConnection(url) }
            for connection in idle.suffix(300) { await connection.send("GET /heal") }
            let token = try await post.token("events,codes")
            for number in 1...20 {
                let fields = [("Authorization", "Bearer " + token), ("Connection", "close")]
                let event = Installation.event("\(number)", to: "a\(number)@example.com")
                #expect(try await post.submit(event, headers: fields, at: url).status == 202)
                #expect(try await post.call("GET", "/readyz").status == 200)
            }
            #expect(!server.complaints.contains("connections"))
            withExtendedLifetime(idle) {}
        }
    }

    @Test("serves who asks while idle connections have taken the last file that it may open")
    func descriptors() async throws {
        try await serving { post, server, url in
            let words = ["--pid", "\(server.processID)", "--nofile=64:64"]
            let changed = await Child.start("/usr/bin/prlimit", words)
            #expect(await changed?.exitCode() == 0)
            let idle = try (0..<100).map { _ in try RawConnection(url) }
            for _ in 0..<5 {
                #expect(
                    try await post.call("GET", "/healthz", headers: [("Connection", "close")], at: url).status == 200
                )
            }
            withExtendedLifetime(idle) {}
        }
    }

    @Test("warns at the start where it may open fewer files than its connections need")
    func tooFewDescriptors() async throws {
        // env(1) runs the first word that is no variable.
        try await serving(["GATEPOST_SERVER_CONNECTIONS=5000", "prlimit", "--nofile=500:2000"]) { _, server, _ in
            #expect(server.complaints.contains("server.connections"))
            #expect(server.complaints.contains("2000"))
        }
    }
}
