import JSON
import Testing

@Suite("Over TCP", .timeLimit(.minutes(12)))
struct AccessTests {
    /// A server in the sandbox that listens on TCP, and its URL.
    private func serving(_ body: (Installation, String) async throws -> Void) async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            try await body(post, try await post.url(of: server))
        }
    }

    private func bearer(_ token: String) -> [(name: String, value: String)] { [("Authorization", "Bearer " + token)] }

    @Test("a bound token sees and does only what is its tenant's, and learns nothing of the rest")
    func tenants() async throws {
        try await serving { post, url in
            let shop = try await post.token("events,codes,read", tenant: "shop")
            let any = try await post.token("events,codes,read")
            let own = try Accepted(
                await post.submit(Installation.event("1", to: "a@example.com"), headers: bearer(shop), at: url)
            )
            let other = try Accepted(
                await post.submit(Installation.event("1", to: "a@example.com"), headers: bearer(any), at: url)
            )
            #expect(try await post.delivery(own.delivery)["tenant"] == "shop")
            #expect(try await post.delivery(other.delivery)["tenant"] == "default")

            let foreign = Installation.event("2", to: "a@example.com", ["tenant": "default"])
            #expect(try await post.submit(foreign, headers: bearer(shop), at: url).problem == "forbidden")
            let named = Installation.event("2", to: "b@example.com", ["tenant": "shop"])
            #expect(try await post.submit(named, headers: bearer(any), at: url).status == 202)
            let undeclared = Installation.event("3", to: "b@example.com", ["tenant": "nobody"])
            #expect(try await post.submit(undeclared, headers: bearer(any), at: url).problem == "forbidden")

            func get(_ path: String) async throws -> Installation.Answer {
                try await post.call("GET", path, headers: bearer(shop), at: url)
            }
            #expect(try await get("/v1/deliveries/\(own.delivery)").status == 200)
            let hidden = try await get("/v1/deliveries/\(other.delivery)")
            let never = try await get("/v1/deliveries/dl_00000000000000000000000000000000")
            #expect(hidden.status == 404)
            #expect(hidden.body == never.body)
            #expect(try await get("/v1/challenges/\(other.challenge)").status == 404)
            #expect(try await post.verify(other, "000000", token: shop, at: url).problem == "not-found")
            let tenants = try await get("/v1/deliveries").body["items"]?.array?.map { $0["tenant"] } ?? []
            #expect(tenants == ["shop", "shop"])
            #expect(try await get("/v1/status").body["channels"]?.array?.first?["ready"] == 2)
        }
    }

    @Test("a bound token clears its own tenant's messages of the sandbox, and no other's")
    func clearsItsOwn() async throws {
        try await Installation.make(.sandbox) { post in
            let up = try await post.up()
            let url = try await post.url(of: up)
            for (id, tenant) in [("1", "shop"), ("2", "default")] {
                let event = Installation.event(id, to: "a@example.com", ["tenant": .string(tenant)])
                #expect(try await post.submit(event).status == 202)
            }
            try await eventually("two messages in the sandbox") {
                try await post.call("GET", "/v1/sandbox").body["items"]?.array?.count == 2
            }
            let token = try await post.token("sandbox", tenant: "shop")
            #expect(try await post.call("DELETE", "/v1/sandbox", headers: bearer(token), at: url).status == 204)
            let left = try await post.call("GET", "/v1/sandbox").body["items"]?.array ?? []
            #expect(left.compactMap { $0["tenant"]?.string } == ["default"])
        }
    }

    @Test("a token that has expired is no token")
    func expired() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.start("gatepost-server", variables: [post.clock])
            let url = try await post.url(of: server)
            _ = try await server.line("ready")
            let made = try await post.gatepost("token", "create", "--scope", "read", "--expires-in", "1h")
            #expect(try await post.call("GET", "/v1/status", headers: bearer(made.output), at: url).status == 200)
            try post.setClock(ahead: .seconds(3601))
            #expect(try await post.call("GET", "/v1/status", headers: bearer(made.output), at: url).status == 401)
        }
    }

    @Test("a token is not found in the database")
    func hashed() async throws {
        try await serving { post, _ in
            let token = try await post.token("read")
            for name in ["data/gatepost.db", "data/gatepost.db-wal"] {
                #expect(!fileContains(post.path(name), token))
                #expect(!fileContains(post.path(name), String(token.dropFirst(3))))
            }
        }
    }

    @Test("health and readiness need no token, and the sandbox says so")
    func health() async throws {
        try await serving { post, url in
            let health = try await post.call("GET", "/healthz", at: url)
            #expect(health.status == 200)
            #expect(health.body == "ok\n")
            #expect(try await post.call("GET", "/readyz", at: url).body == "sandbox\n")
        }
        try await Installation.make(.mail(port: 9)) { post in
            _ = try await post.server()
            #expect(try await post.call("GET", "/readyz").body == "ready\n")
        }
    }
}
