import JSON
import Testing

@Suite("A token", .timeLimit(.minutes(12)))
struct TokenBoundsTests {
    @Test("of an administrator that is bound to a tenant makes, shows and revokes tokens of that tenant alone")
    func boundAdministrator() async throws {
        try await serving { post, url in
            let any = try await post.newToken(["scopes": ["read"]])
            let other = try await post.newToken(["scopes": ["read"], "tenant": "default"])
            let admin = try await post.newToken(["scopes": ["admin"], "tenant": "shop"])
            func ask(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> Installation.Answer {
                try await post.call(method, path, body, headers: bearer(admin.secret), at: url)
            }
            for tenant in ["default", "nobody"] {
                let answer = try await ask("POST", "/v1/tokens", ["scopes": ["read"], "tenant": .string(tenant)])
                #expect(answer.status == 403)
                #expect(answer.body["scope"] == "admin")
            }
            let carry: JSONValue = ["scopes": ["carry"], "gateways": ["sandbox-email"]]
            #expect(try await ask("POST", "/v1/tokens", carry).body["pointer"] == "/scopes/0")
            let own = try await ask("POST", "/v1/tokens", ["scopes": ["events", "admin"]])
            #expect(own.status == 201)
            #expect(own.body["tenant"] == "shop")
            let named = try await ask("POST", "/v1/tokens", ["scopes": ["read"], "tenant": "shop"])
            #expect(named.body["tenant"] == "shop")

            let shown = try await ask("GET", "/v1/tokens").body["items"]?.array ?? []
            let ids = [named.body["id"]?.string, own.body["id"]?.string, admin.id].compactMap(\.self)
            #expect(shown.compactMap { $0["id"]?.string }.sorted() == ids.sorted())
            #expect(try await ask("GET", "/v1/tokens?tenant=default").problem == "not-found")
            #expect(try await ask("GET", "/v1/tokens?tenant=shop").body["items"]?.array?.count == 3)
            let never = try await ask("DELETE", "/v1/tokens/tk_0000000000000000")
            for id in [any.id, other.id] {
                let hidden = try await ask("DELETE", "/v1/tokens/\(id)")
                #expect(hidden.status == 404)
                #expect(hidden.body == never.body)
                #expect(try await post.listed(id)["revoked_at"] == JSONValue.null)
            }
            // Its own last.
            for id in [own.body["id"]?.string, named.body["id"]?.string, admin.id] {
                #expect(try await ask("DELETE", "/v1/tokens/\(id ?? "")").status == 204)
            }
            #expect(try await ask("GET", "/v1/tokens").status == 401)
            #expect(try await post.call("GET", "/v1/tokens?tenant=default").body["items"]?.array?.count == 1)
        }
    }

    @Test("of a carrier gets claims for its gateways only, and at others begins, settles and frees nothing")
    func carriersGateways() async throws {
        var settings = InstallationSettings(listen: "127.0.0.1:0")
        settings.tables = ["near", "far"].map { InstallationSettings.gateway($0, port: 9, timeout: 60) }
        try await Installation.make(settings) { post in
            let url = try await post.url(of: try await post.server())
            let near = try await post.newToken(["scopes": ["carry"], "gateways": ["near"]]).secret
            let far = try await post.newToken(["scopes": ["carry"], "gateways": ["far"]]).secret
            let one = try await post.signUp("a@example.com")
            #expect(try await post.claim("near", wait: 0, token: far, at: url).body == ["claims": []])
            let claims = try await post.claim("near", wait: 0, token: near, at: url).body["claims"]?.array
            let claim = try #require(claims?.first)
            #expect(claim["delivery"] == .string(one.delivery))
            // A process of the same name, of somebody else, frees nothing and kills nothing.
            let other = try await post.claim("far", as: "carrier", "two", wait: 0, token: far, at: url)
            #expect(other.body == ["claims": []])
            let token = claim["token"] ?? nil
            func carry(_ action: String, _ result: String?, _ secret: String) async throws -> JSONValue? {
                var item: JSONObject = ["token": token]
                if let result { item["result"] = .string(result) }
                let body: JSONValue = [result == nil ? "items" : "outcomes": [.object(item)]]
                let answer = try await post.call(
                    "POST",
                    "/v1/carriers/\(action)",
                    body,
                    headers: bearer(secret),
                    at: url
                )
                return answer.body["results"]?.array?.first
            }
            #expect(try await carry("begin", nil, far) == "stale")
            #expect(try await carry("settle", "released", far) == "stale")
            #expect(try await post.state(one) == "leased")
            #expect(try await carry("begin", nil, near) == "go")
            #expect(try await carry("begin", nil, far) == "stale")
            #expect(try await carry("settle", "refused", far) == "stale")
            #expect(try await post.state(one) == "sending")
            #expect(try await carry("settle", "accepted", near) == "applied")
            #expect(try await carry("settle", "accepted", far) == "stale")
            #expect(try await post.state(one) == "accepted")
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
