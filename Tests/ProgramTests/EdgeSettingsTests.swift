import Foundation
import JSON
import Testing

@Suite("A setting of the edge", .timeLimit(.minutes(12)))
struct EdgeSettingsTests {
    /// A key, a value that is not allowed, and what the refusal says.
    static let mistakes: [(key: String, value: String, words: String)] = [
        ("max_body", "4095", "4096 to 16777216"), ("max_body", "\"1k\"", "whole number"),
        ("max_body", "5000000", "at least max_body"), ("max_batch_body", "100000000", "4096 to 67108864"),
        ("max_batch_body", "10000", "at least max_body"), ("max_batch_body", "16777216", "makes 134217728"),
        ("buffered_bodies", "30000000", "makes 33554432"), ("buffered_bodies", "1", "4194304 to 17179869184"),
        ("max_batch", "0", "1 to 10000"), ("max_header", "1024", "4096 to 65536"),
        ("header_deadline", "\"0s\"", "1s to 5m"), ("body_deadline", "\"11m\"", "1s to 10m"),
        ("answer_deadline", "\"soon\"", "1s to 10m"), ("idle_timeout", "\"2h\"", "1s to 1h"),
        ("connections", "7", "8 to 100000"), ("connections_per_address", "-1", "1 to 100000"),
        ("trusted_proxies", "\"127.0.0.1\"", "list of strings"),
        ("trusted_proxies", "[\"proxy.example\"]", "\"proxy.example\" is none"),
        ("trusted_proxies", "[\"127.0.0.1\", \"10.0.0.0/33\"]", "1 to 32 bits"),
        ("trusted_proxies", "[\"10.0.0.0/\"]", "1 to 32 bits"), ("trusted_proxies", "[\"0.0.0.0/0\"]", "1 to 32 bits"),
        ("trusted_proxies", "[\"10.0.0.1/8\"]", "first address"), ("trusted_proxies", "[\"10.0.0.0/+8\"]", "1 to 32"),
        ("trusted_proxies", "[\"2001:db8::1/64\"]", "first address"),
        ("trusted_proxies", "[\"::ffff:10.0.0.1\"]", "without ::ffff:"),
        ("trusted_proxies", "[\"fe80::1%eth0\"]", "addresses or networks"), ("trusted_proxies", "[\"\"]", "networks"),
    ]

    @Test("that is out of bounds ends the start with 78, the file, the line, the key and what is allowed")
    func mistaken() async throws {
        try await Installation.make(.mail(port: 9)) { post in
            let path = post.path("gatepost.toml")
            for (key, value, words) in Self.mistakes {
                // What is too much for another key is told at that one.
                let keys = key == "max_body" && words.hasPrefix("at least") ? "max_batch_body" : key
                let named = key == "max_batch_body" && words.hasPrefix("makes") ? "buffered_bodies" : keys
                try Data("[server]\nlisten = \"\"\n\(key) = \(value)\n".utf8).write(to: URL(filePath: path))
                let run = try await post.run("gatepost-server")
                #expect(run.code == 78, "\(key) = \(value)")
                let line = named == key ? 3 : 1
                #expect(run.complaint.contains("gatepost.toml:\(line): server.\(named): "), "\(run.complaint)")
                #expect(run.complaint.contains(words), "\(run.complaint)")
            }
        }
    }

    /// A server with these settings of the edge, and its URL.
    private func serving(
        _ settings: [String],
        _ body: (Installation, String) async throws -> Void
    ) async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.start("gatepost-server", variables: settings.map { "GATEPOST_SERVER_" + $0 })
            _ = try await server.line("ready")
            try await body(post, try await post.url(of: server))
        }
    }

    @Test("is what counts: sizes")
    func sizes() async throws {
        let settings = ["MAX_BODY=5000", "MAX_BATCH_BODY=6000", "MAX_BATCH=2", "MAX_HEADER=5000"]
        try await serving(settings) { post, url in
            func ask(_ fields: String, _ path: String = "/v1/events") async throws -> String {
                try await RawConnection.ask(url, "POST \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n\r\n")
            }
            #expect(try await ask("Content-Length: 5001").contains("\"limit_bytes\":5000"))
            // What a carrier has to tell is not cut short.
            let carrier = try await ask("Content-Length: 262145", "/v1/carriers/settle")
            #expect(carrier.contains("\"limit_bytes\":262144"))
            let batch = "Content-Type: application/cloudevents-batch+json\r\n"
            #expect(try await ask(batch + "Content-Length: 6001").contains("\"limit_bytes\":6000"))
            #expect(try await ask("X: \(String(repeating: "a", count: 5000))").contains("\"limit_bytes\":5000"))

            let events = (1...3).map { Installation.event("\($0)", to: "a@example.com") }
            let tooMany = try await post.submitBatch(events)
            #expect(tooMany.problem == "too-large")
            #expect(tooMany.body["limit_events"] == 2)
            #expect(try await post.submitBatch(Array(events.prefix(2))).status == 200)
        }
    }

    @Test("is what counts: times")
    func times() async throws {
        try await serving(["HEADER_DEADLINE=3s", "BODY_DEADLINE=3s", "IDLE_TIMEOUT=3s"]) { _, url in
            let head = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\n"
            let body = try await RawConnection.ask(url, head + "Content-Length: 5\r\n\r\n")
            #expect(body.contains("did not arrive in time"))
            #expect(try await RawConnection.ask(url, head).contains("did not arrive in time"))
            // Nothing is sent: an end without a word.
            #expect(try await RawConnection.ask(url, "").isEmpty)
            let kept = try RawConnection(url)
            await kept.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await kept.text().hasSuffix("ok\n"))
        }
    }

    @Test("is what counts: connections of an address, of which the one that waits longest gives way")
    func connections() async throws {
        try await serving(["CONNECTIONS_PER_ADDRESS=2", "IDLE_TIMEOUT=1h"]) { _, url in
            // Each has had an answer: one that the server has only just taken in cannot give way yet.
            var open: [RawConnection] = []
            for _ in 1...2 {
                let connection = try RawConnection(url)
                await connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(await connection.text(upTo: "ok\n").hasPrefix("HTTP/1.1 200 "))
                open.append(connection)
            }
            let third = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            #expect(try await RawConnection.ask(url, third).hasPrefix("HTTP/1.1 200 "))
            #expect(await open[0].text().isEmpty)
            await open[1].send(third)
            #expect(await open[1].text().hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test("that lists proxies may name networks and addresses of both kinds")
    func proxies() async throws {
        let proxies = #"TRUSTED_PROXIES=["2001:db8::/32", "10.0.0.0/9", "::1", "192.0.2.1"]"#
        try await serving([proxies]) { post, url in
            let answer = try await post.call("GET", "/healthz", at: url)
            #expect(answer.status == 200)
        }
    }
}
