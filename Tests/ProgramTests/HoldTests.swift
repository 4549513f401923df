import Clocks
import Foundation
import JSON
import Testing

@Suite("A hold", .timeLimit(.minutes(12)))
struct HoldTests {
    private func holding(_ body: (Installation) async throws -> Void) async throws {
        let countries = "[countries]\nallow = [\"US\", \"GB\", \"BS\"]\n[prices]\nunpriced = \"0.01 USD\""
        var settings = InstallationSettings.sandbox
        settings.tables.append(countries)
        try await Installation.make(settings) { post in
            _ = try await post.onClock("gatepost")
            try await body(post)
        }
    }

    private func hold(_ post: Installation, _ scope: String, _ value: String, _ more: JSONObject = [:]) async throws
        -> JSONValue
    {
        var body = more
        (body["scope"], body["value"]) = (.string(scope), .string(value))
        let answer = try await post.call("POST", "/v1/holds", .object(body))
        guard answer.status == 201 else { throw Disappointment("A hold was answered \(answer.status): \(answer.body)") }
        return answer.body
    }

    @Test("of a prefix, country or tenant refuses at intake with its reason, its end and the channels that are left")
    func refuses() async throws {
        try await holding { post in
            let prefix = try await hold(post, "prefix", "1242", ["reason": "pumping"])
            #expect(prefix["value"] == "+1242")
            let both: JSONObject = ["email": "a@example.com", "channels": ["sms"]]
            let refused = try await post.submit(to: "+12423591234", both)
            #expect((refused.status, refused.problem) == (422, "held"))
            #expect(refused.body["reason"] == "pumping")
            #expect(refused.body["until"] == prefix["until"])
            #expect(refused.body["other_channels"] == ["email"])
            #expect(refused.body["detail"]?.string?.contains("1234") == false)
            #expect(try await post.submit(to: phone(1)).status == 202)
            let country = try await hold(post, "country", "gb")
            #expect((country["value"], country["reason"]) == ("GB", "manual"))
            #expect(try await post.submit(to: "+447400123456").body["other_channels"] == [])
            let tenant = try await hold(post, "tenant", "shop")
            // Nothing of a tenant that is held goes, by any channel.
            let whole = try await post.submit(
                to: "+12012000002",
                ["email": "a@example.com", "channels": ["sms"], "tenant": "shop"]
            )
            #expect(whole.problem == "held")
            #expect(whole.body["other_channels"] == [])
            let items = try await post.call("GET", "/v1/holds").body
            #expect(items == ["items": [prefix, country, tenant], "next": nil])
            for hold in [prefix, country, tenant] {
                let id = try #require(hold["id"]?.string)
                #expect(id.hasPrefix("hd_"))
                #expect(try await post.call("DELETE", "/v1/holds/\(id)").status == 204)
                #expect(try await post.call("DELETE", "/v1/holds?id=\(id)").status == 404)
            }
            for number in ["+12423591234", "+447400123456"] { #expect(try await post.submit(to: number).status == 202) }
            #expect(try await post.call("GET", "/v1/holds").body["items"] == [])
        }
    }

    @Test("of a gateway parks what it was to take, shows in the status, and lets it go when it is removed")
    func gateway() async throws {
        try await holding { post in
            let made = try await hold(post, "gateway", "sandbox-email", ["reason": "maintenance"])
            #expect(try await post.gatewayState("sandbox-email") == "held")
            let accepted = try await post.submit(to: "a@example.com")
            #expect(accepted.status == 202)
            #expect(accepted.body["deliveries"]?.array?.first?["state"] == "parked")
            let one = try Accepted(accepted)
            #expect(try await post.delivery(one.delivery)["reason"] == "held")
            // The other channel has a gateway of its own.
            _ = try await post.message(ofOnly: post.submit(to: phone(1)).body)
            #expect(try await post.state(one) == "parked")
            #expect(try await post.call("DELETE", "/v1/holds/\(made["id"]?.string ?? "")").status == 204)
            try await post.reached("accepted", one)
            #expect(try await post.gatewayState("sandbox-email") == "ok")
            #expect(try await post.verify(one, post.code(of: one)).status == 200)
        }
    }

    @Test("parks what waits already and lets it go at its end; what it keeps too long dies of it")
    func ends() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.onClock()
            let lasting = try await post.signUp("a@example.com")
            let brief = try Accepted(await post.submit("mfa", to: "b@example.com"))
            let other = try Accepted(await post.submit(to: "c@example.com", ["tenant": "shop"]))
            let until = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) + .seconds(3600)
            _ = try await hold(post, "tenant", "default", ["until": .string("\(until)")])
            for one in [lasting, brief] { try await post.reached("parked", one) }
            #expect(try await post.delivery(lasting.delivery)["reason"] == "held")
            #expect(try await post.state(other) == "ready")
            try post.setClock(ahead: .seconds(300))
            try await post.reached("dead", brief)
            #expect(try await post.delivery(brief.delivery)["reason"] == "held_too_long")
            #expect(try await post.submit(to: "d@example.com").problem == "held")
            try post.setClock(ahead: .seconds(3601))
            try await post.reached("ready", lasting)
            #expect(try await post.submit(to: "d@example.com").status == 202)
            #expect(try await post.call("GET", "/v1/holds").body["items"] == [])
        }
    }

    @Test("lasts a day where no end is given, and takes the place of one of the same")
    func replaces() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            let first = try await hold(post, "country", "GB", ["reason": "first"])
            let until = try #require(first["until"]?.string.flatMap(Instant.init(rfc3339:)))
            let now = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            #expect(until - now > .seconds(86_000) && until - now <= .seconds(86_400))
            let later: JSONValue = .string("\(now + .seconds(300 * 86_400))")
            let second = try await hold(post, "country", "GB", ["reason": "second", "until": later])
            #expect(second["id"] == first["id"])
            #expect(second["reason"] == "second")
            #expect(try await post.call("GET", "/v1/holds").body["items"] == [second])
        }
    }

    private static let bad: [(body: JSONValue, pointer: String)] = [
        ([], ""), ([:], "/scope"), (["scope": "person", "value": "a"], "/scope"), (["scope": "country"], "/value"),
        (["scope": "country", "value": "XX"], "/value"), (["scope": "country", "value": "GBR"], "/value"),
        (["scope": "prefix", "value": "+"], "/value"), (["scope": "prefix", "value": "+12a"], "/value"),
        (["scope": "prefix", "value": "+1234567890123456"], "/value"), (["scope": "prefix", "value": 1242], "/value"),
        (["scope": "prefix", "value": "+٤٤"], "/value"), (["scope": "tenant", "value": "nobody"], "/value"),
        (["scope": "gateway", "value": "nothing"], "/value"),
        (["scope": "country", "value": "GB", "until": "soon"], "/until"),
        (["scope": "country", "value": "GB", "until": "2020-01-01T00:00:00Z"], "/until"),
        (["scope": "country", "value": "GB", "until": "2999-01-01T00:00:00Z"], "/until"),
        (["scope": "country", "value": "GB", "until": 5], "/until"),
        (["scope": "country", "value": "GB", "reason": ""], "/reason"),
        (["scope": "country", "value": "GB", "reason": .string(String(repeating: "a", count: 201))], "/reason"),
        (["scope": "country", "value": "GB", "reason": "a\u{1B}b"], "/reason"),
        (["scope": "country", "value": "GB", "id": "hd_1"], "/id"),
    ]

    @Test("that is not well formed is refused with the member, and holds nothing")
    func refusesBadBodies() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            for (body, pointer) in HoldTests.bad {
                let answer = try await post.call("POST", "/v1/holds", body)
                #expect(answer.status == 422, "\(body): \(answer.body)")
                #expect(answer.problem == "invalid-request")
                #expect(answer.body["pointer"] == .string(pointer), "\(body): \(answer.body)")
            }
            #expect(try await post.call("GET", "/v1/holds").body["items"] == [])
            for (method, path) in [("PUT", "/v1/holds"), ("GET", "/v1/holds/hd_1"), ("POST", "/v1/holds/hd_1")] {
                #expect(
                    try await post.call(method, path, method == "GET" ? nil : [:]).status == 405,
                    "\(method) \(path)"
                )
            }
            #expect(try await post.call("DELETE", "/v1/holds").body["pointer"] == "/id")
            for id in ["hd_1", "x", "dl_00000000000000000000000000000000"] {
                #expect(try await post.call("DELETE", "/v1/holds/\(id)").status == 404)
            }
            #expect(try await post.call("GET", "/v1/holds?tenant=shop").status == 422)
        }
    }

    @Test("of a bound token is one of its tenant, and it sees and ends no other")
    func tenants() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            let url = try await post.url(of: server)
            let headers = [("Authorization", "Bearer " + (try await post.token("operate", tenant: "shop")))]
            let reader = [("Authorization", "Bearer " + (try await post.token("read")))]
            let foreign = [
                try await hold(post, "tenant", "default"), try await hold(post, "country", "GB"),
                try await hold(post, "gateway", "sandbox-email"),
            ]
            for (scope, value) in [
                ("tenant", "default"), ("country", "GB"), ("prefix", "+1"), ("gateway", "sandbox-sms"),
            ] {
                let body: JSONValue = ["scope": .string(scope), "value": .string(value)]
                let answer = try await post.call("POST", "/v1/holds", body, headers: headers, at: url)
                #expect((answer.status, answer.problem) == (403, "forbidden"))
                #expect(answer.body["scope"] == "operate")
                let unable = try await post.call("POST", "/v1/holds", body, headers: reader, at: url)
                #expect(unable.status == 403)
            }
            let own = try await post.call(
                "POST",
                "/v1/holds",
                ["scope": "tenant", "value": "shop"],
                headers: headers,
                at: url
            )
            #expect(own.status == 201)
            #expect(try await post.call("GET", "/v1/holds", headers: headers, at: url).body["items"] == [own.body])
            let never = try await post.call(
                "DELETE",
                "/v1/holds/hd_00000000000000000000000000000000",
                headers: headers,
                at: url
            )
            for hold in foreign {
                let path = "/v1/holds/\(hold["id"]?.string ?? "")"
                let hidden = try await post.call("DELETE", path, headers: headers, at: url)
                #expect((hidden.status, hidden.body) == (404, never.body))
            }
            let path = "/v1/holds/\(own.body["id"]?.string ?? "")"
            #expect(try await post.call("DELETE", path, headers: headers, at: url).status == 204)
            #expect(try await post.call("GET", "/v1/holds").body["items"]?.array?.count == 3)
        }
    }
}
