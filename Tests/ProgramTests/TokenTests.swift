import Foundation
import JSON
import SQLite
import Testing

@Suite("A token", .timeLimit(.minutes(12)))
struct TokenTests {
    /// A few of each kind; which scope each endpoint needs is told elsewhere.
    static let endpoints = [
        ("POST", "/v1/events"), ("POST", "/v1/verify"), ("GET", "/v1/deliveries"), ("GET", "/v1/status"),
        ("GET", "/v1/tokens"), ("POST", "/v1/tokens"), ("DELETE", "/v1/tokens"), ("GET", "/v1/sandbox"),
        ("POST", "/v1/carriers/claim"), ("POST", "/v1/carriers/settle"),
    ]

    @Test("that was revoked is refused at once everywhere, as one that never was and one past its end are, for good")
    func revoked() async throws {
        try await Installation.make(.sandbox) { post in
            var server = try await post.start("gatepost-server", variables: [post.clock])
            var url = try await post.url(of: server)
            _ = try await server.line("ready")
            let scopes = "events,codes,read,operate,spend,admin,carry,sandbox"
            let words = ["token", "create", "--json", "--scope", scopes, "--gateway", "sandbox-email"]
            let token = try await post.run("gatepost", words).json
            let brief = try await post.gatepost("token", "create", "--scope", "read", "--expires-in", "1h").output
            let secret = try #require(token["token"]?.string)
            let id = try #require(token["id"]?.string)
            func answers(_ secret: String) async throws -> [Installation.Answer] {
                var answers: [Installation.Answer] = []
                for (method, path) in TokenTests.endpoints {
                    let body: JSONValue? = if method == "POST" { [:] } else { Optional.none }
                    answers.append(try await post.call(method, path, body, headers: bearer(secret), at: url))
                }
                return answers
            }
            #expect(try await answers(secret).allSatisfy { ![401, 403, 404, 405].contains($0.status) })
            let unknown = try await answers("gp_" + String(repeating: "A", count: 43))
            #expect(unknown.allSatisfy { $0.status == 401 && $0.header("WWW-Authenticate") == "Bearer" })

            #expect(try await post.gatepost("token", "revoke", id).output == "revoked \(id)")
            try post.setClock(ahead: .seconds(3601))
            for _ in 1...2 {
                for secret in [secret, brief] {
                    let refused = try await answers(secret)
                    #expect(refused.map(\.status) == unknown.map(\.status))
                    #expect(refused.map(\.body) == unknown.map(\.body))
                }
                server.terminate()
                await server.exitCode()
                server = try await post.start("gatepost-server", variables: [post.clock])
                url = try await post.url(of: server)
                _ = try await server.line("ready")
            }
        }
    }

    @Test("that is revoked while its carrier waits for work gets none, and the work is there for another")
    func revokedWhileItWaits() async throws {
        try await serving { post, url in
            let token = try await post.newToken(["scopes": ["carry"], "gateways": ["sandbox-email"]])
            let waiting = Task {
                try await post.claim("sandbox-email", as: "waits", max: 5, wait: 25_000, token: token.secret, at: url)
            }
            try await eventually("a carrier that waits") {
                let carriers = try await post.call("GET", "/v1/status").body["carriers"]?.array ?? []
                return carriers.contains { $0["carrier"] == "waits" }
            }
            #expect(try await post.call("DELETE", "/v1/tokens/\(token.id)").status == 204)
            let one = try await post.signUp("a@example.com")
            let answer = try await waiting.value
            #expect(answer.problem == "unauthenticated")
            #expect(answer.body["claims"] == nil)
            let claims = try await post.claim("sandbox-email", as: "other", wait: 0).body["claims"]?.array
            #expect(claims?.map { $0["delivery"] } == [.string(one.delivery)])
        }
    }

    @Test("is revoked once, by whichever way and however often and many at once; one that never was is not found")
    func revocations() async throws {
        try await serving { post, _ in
            let token = try await post.newToken(["scopes": ["read"]])
            let paths = ["/v1/tokens/\(token.id)", "/v1/tokens?id=\(token.id)"]
            let answers = try await withThrowingTaskGroup { group in
                for index in 0..<8 {
                    group.addTask { try await post.call("DELETE", paths[index % 2]).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers == Array(repeating: 204, count: 8))
            let first = try await post.listed(token.id)["revoked_at"]
            #expect(first?.string != nil)
            #expect(try await post.call("DELETE", paths[0]).status == 204)
            #expect(try await post.listed(token.id)["revoked_at"] == first)
            for path in ["/v1/tokens/tk_0000000000000000", "/v1/tokens?id=tk_0000000000000000", "/v1/tokens/gp_x"] {
                #expect(try await post.call("DELETE", path).problem == "not-found")
            }
            let nothing = try await post.call("DELETE", "/v1/tokens")
            #expect(nothing.problem == "invalid-request")
            #expect(nothing.body["pointer"] == "/id")
        }
    }

    @Test("shows when it was last used, also after a restart, and costs no request a commit")
    func lastUse() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            let url = try await post.url(of: server)
            let used = try await post.newToken(["scopes": ["read"]])
            let unused = try await post.newToken(["scopes": ["read"]])
            #expect(try await post.listed(used.id)["last_used_at"] == JSONValue.null)
            let before = try post.commits()
            for _ in 1...50 {
                #expect(try await post.call("GET", "/v1/status", headers: bearer(used.secret), at: url).status == 200)
            }
            // Refused for its scope it was used all the same.
            #expect(try await post.call("GET", "/v1/tokens", headers: bearer(used.secret), at: url).status == 403)
            let latest = try await post.listed(used.id)["last_used_at"]
            #expect(latest?.string != nil)
            #expect(try post.commits() <= before + 1)
            server.terminate()
            #expect(await server.exitCode() == 0)
            _ = try await post.server()
            #expect(try await post.listed(used.id)["last_used_at"] == latest)
            #expect(try await post.listed(unused.id)["last_used_at"] == JSONValue.null)
        }
    }

    @Test("is never shown again, and neither is its hash")
    func secret() async throws {
        try await serving { post, _ in
            let made = try await post.call("POST", "/v1/tokens", ["scopes": ["read"], "expires_in": "90d"])
            #expect(made.status == 201)
            #expect(
                Set(made.body.object?.members.map(\.name) ?? [])
                    == ["token", "id", "scopes", "tenant", "gateways", "created_at", "expires_at"]
            )
            let secret = try #require(made.body["token"]?.string)
            let answer = try await post.call("GET", "/v1/tokens").body
            let item = try #require(answer["items"]?.array?.first)
            #expect(
                Set(item.object?.members.map(\.name) ?? [])
                    == [
                        "id", "scopes", "tenant", "gateways", "created_at", "expires_at", "last_used_at", "revoked_at",
                    ]
            )
            let text = String(decoding: answer.serialized(), as: UTF8.self)
            #expect(!text.contains(secret) && !text.contains(secret.dropFirst(3)) && !text.contains("gp_"))
            for words in [["token", "list"], ["token", "list", "--json"]] {
                #expect(try await !post.run("gatepost", words).output.contains("gp_"))
            }
        }
    }

    static let mistakes: [(JSONValue, String)] = [
        ([:], "/scopes"), (["scopes": []], "/scopes"), (["scopes": ["read", "root"]], "/scopes/1"),
        (["scopes": ["read", "read"]], "/scopes/1"), (["scopes": "read"], "/scopes"),
        (["scopes": ["read"], "tenant": "nobody"], "/tenant"), (["scopes": ["read"], "tenant": nil], "/tenant"),
        (["scopes": ["carry"]], "/gateways"), (["scopes": ["carry"], "gateways": []], "/gateways"),
        (["scopes": ["read"], "gateways": ["sandbox-email"]], "/gateways"),
        (["scopes": ["carry"], "gateways": ["sandbox-email", "nowhere"]], "/gateways/1"),
        (["scopes": ["carry"], "gateways": ["sandbox-email", "sandbox-email"]], "/gateways/1"),
        (["scopes": ["read", "carry"], "tenant": "shop", "gateways": ["sandbox-email"]], "/scopes/1"),
        (["scopes": ["read"], "expires_in": "59s"], "/expires_in"),
        (["scopes": ["read"], "expires_in": "3651d"], "/expires_in"),
        (["scopes": ["read"], "expires_in": "soon"], "/expires_in"),
        (["scopes": ["read"], "expires_in": 90], "/expires_in"),
        (["scopes": ["read"], "expires_at": "2001-01-01T00:00:00Z"], "/expires_at"),
        (["scopes": ["read"], "expires_at": "9999-01-01T00:00:00Z"], "/expires_at"),
        (["scopes": ["read"], "expires_at": "tomorrow"], "/expires_at"),
        (["scopes": ["read"], "expires_in": "90d", "expires_at": "2030-01-01T00:00:00Z"], "/expires_at"),
        (["scopes": ["read"], "life": "90d"], "/life"),
    ]

    @Test("that cannot be made is refused with the member that is wrong, and none is made")
    func mistaken() async throws {
        try await serving { post, _ in
            for (body, pointer) in TokenTests.mistakes {
                let answer = try await post.call("POST", "/v1/tokens", body)
                #expect(answer.status == 422, "\(body)")
                #expect(answer.body["pointer"] == .string(pointer), "\(body)")
            }
            #expect(try await post.call("GET", "/v1/tokens").body == ["items": [], "next": nil])
            for query in ["limit=0", "limit=1001", "cursor=x", "tenant=%20", "id=tk_1"] {
                #expect(try await post.call("GET", "/v1/tokens?\(query)").problem == "invalid-request")
            }
            let year = try await post.newToken(["scopes": ["read"], "expires_in": "3650d"])
            let minute = try await post.newToken(["scopes": ["read"], "expires_in": "1m"])
            #expect(try await post.listed(year.id)["expires_at"]?.string != nil)
            let page = try await post.call("GET", "/v1/tokens?limit=1").body
            let next = try #require(page["next"]?.string)
            let rest = try await post.call("GET", "/v1/tokens?limit=1&cursor=\(next)").body
            let shown = [page, rest].flatMap { $0["items"]?.array ?? [] }.compactMap { $0["id"]?.string }
            // Both may be of one millisecond.
            #expect(shown.sorted() == [year.id, minute.id].sorted())
            #expect(rest["next"] == JSONValue.null)
        }
    }

    private func serving(_ body: (Installation, String) async throws -> Void) async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            try await body(post, try await post.url(of: server))
        }
    }

    private func bearer(_ token: String) -> [(name: String, value: String)] { [("Authorization", "Bearer " + token)] }
}
