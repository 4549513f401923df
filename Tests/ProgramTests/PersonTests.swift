import Clocks
import Foundation
import JSON
import TestSupport
import Testing

@Suite("A person", .timeLimit(.minutes(12)))
struct PersonTests {
    private func ids(_ answer: JSONValue) -> [String?] { answer["items"]?.array?.map { $0["id"]?.string } ?? [] }

    @Test("is found by address or number: what went to them, newest first, page by page, and nobody else's")
    func isFound() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            var mine: [String?] = []
            for purpose in ["sign_up", "mfa", "notice"] {
                let data: JSONObject = purpose == "notice" ? ["notice": "password_changed"] : [:]
                let answer = try await post.submit(purpose, to: "Bobby@Example.com", data)
                mine.insert(answer.body["deliveries"]?.array?.first?["id"]?.string, at: 0)
                #expect(try await post.submit(purpose, to: "carol@example.com", data).status == 202)
            }
            let shop = try await post.submit(to: "bobby@example.com", ["tenant": "shop"])
            let text = try await post.submit(to: phone(1))
            let other = shop.body["deliveries"]?.array?.first?["id"]?.string
            func search(_ body: JSONValue) async throws -> JSONValue {
                let answer = try await post.call("POST", "/v1/deliveries/search", body)
                #expect(answer.status == 200, "\(answer.body)")
                return answer.body
            }
            let all = try await search(["email": "bobby@EXAMPLE.com"])
            #expect(ids(all) == [other] + mine && all["next"] == .null)
            #expect(
                all["items"]?.array?.allSatisfy { $0["recipient"]?.string?.lowercased() == "b***@e***.com" } == true
            )
            #expect(ids(try await search(["email": "bobby@example.com", "tenant": "default"])) == mine)
            #expect(ids(try await search(["email": "bobby@example.com", "tenant": "shop"])) == [other])
            #expect(ids(try await search(["email": "nobody@example.com"])).isEmpty)
            let number = text.body["deliveries"]?.array?.first?["id"]?.string
            #expect(ids(try await search(["phone": "(201) 200-0001"])) == [number])
            let first = try await search(["email": "bobby@example.com", "limit": 3])
            #expect(ids(first) == [other] + mine.prefix(2))
            let rest: JSONValue = ["email": "bobby@example.com", "limit": 3, "cursor": first["next"] ?? nil]
            #expect(ids(try await search(rest)) == [mine[2]])
            // The command says the same.
            let run = try await post.gatepost("list", "--email", "bobby@example.com", "--tenant", "default", "--json")
            #expect(ids(run.json) == mine)
            #expect(try await post.gatepost("list", "--phone", phone(1)).output.contains(number ?? "?"))
            #expect(try await post.gatepost("list", "--email", "a@example.com", "--state", "dead").code == 2)
            for (body, pointer) in PersonTests.bad + [(["email": "a@example.com", "limit": 0], "/limit")] {
                let answer = try await post.call("POST", "/v1/deliveries/search", body)
                #expect(answer.status == 422 && answer.body["pointer"] == .string(pointer), "\(body): \(answer.body)")
            }
            let cursor = try await post.call(
                "POST",
                "/v1/deliveries/search",
                ["email": "a@example.com", "cursor": "x"]
            )
            #expect(cursor.status == 422)
        }
    }

    private static let bad: [(body: JSONValue, pointer: String)] = [
        ([], ""), ([:], "/email"), (["email": "nobody"], "/email"), (["phone": "12"], "/phone"),
        (["phone": .string(phone(1)), "email": "a@example.com"], "/phone"),
        (["email": "a@example.com", "person": "b"], "/person"), (["email": "a@example.com", "tenant": 5], "/tenant"),
    ]

    @Test("is erased, however often the server is killed: cannot be read, found or verified, and may come again as new")
    func isErased() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            var sent: [Accepted] = []
            for _ in 1...60 { sent.append(try Accepted(try await post.submit(to: "erased.person@example.com"))) }
            let kept = try await post.signUp("kept.person@example.com")
            _ = try await post.verify(sent[0], "000000")
            #expect(try await post.gatepost("erase", "--email", "erased.person@example.com").code == 2)
            #expect(try await post.count("ready") == 61)
            // Killed while it may be at it; what was done by then stays done.
            let body: JSONValue = ["email": "erased.person@example.com"]
            let interrupted = Task { try? await post.call("POST", "/v1/erasures", body).status }
            server.kill()
            await server.exitCode()
            _ = await interrupted.value
            _ = try await post.server()
            let run = try await post.gatepost("erase", "--email", "Erased.Person@example.com", "--yes", "--json")
            #expect(run.code == 0)
            #expect(run.json["events"]?.int ?? -1 <= 60)
            let again = try await post.gatepost("erase", "--email", "erased.person@example.com", "--yes")
            #expect(again.output == "erased 0 deliveries, 0 challenges, 0 events")
            let found = try await post.call("POST", "/v1/deliveries/search", body)
            #expect(found.body["items"] == [])
            for one in sent {
                let shown = try await post.delivery(one.delivery)
                #expect((shown["state"], shown["reason"], shown["recipient"]) == ("dead", "cancelled", "***"))
                #expect(try await post.verify(one, "000000").problem == "code-expired")
            }
            #expect(try await post.state(kept) == "ready")
            let listed = try await post.gatepost("list", "--email", "kept.person@example.com", "--json")
            #expect(ids(listed.json).count == 1)
            #expect(try await post.submit(to: "erased.person@example.com").status == 202)
            #expect(try await post.gatepost("ledger", "verify").code == 0)
            for (body, pointer) in PersonTests.bad {
                let answer = try await post.call("POST", "/v1/erasures", body)
                #expect(answer.status == 422 && answer.body["pointer"] == .string(pointer), "\(body): \(answer.body)")
            }
            #expect(try await post.gatepost("erase").code == 2)
        }
    }

    @Test("of one tenant is erased there and no token of another tenant erases or finds them")
    func isOfATenant() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            let url = try await server.line("listening http").split(separator: " ").last.map(String.init)
            for tenant in ["default", "shop"] {
                #expect(try await post.submit(to: "bobby@example.com", ["tenant": .string(tenant)]).status == 202)
            }
            let token = try await post.token("admin,read", tenant: "shop")
            let headers = [(name: "Authorization", value: "Bearer " + token)]
            func call(_ path: String, _ body: JSONValue) async throws -> Installation.Answer {
                try await post.call("POST", path, body, headers: headers, at: url)
            }
            let foreign: JSONValue = ["email": "bobby@example.com", "tenant": "default"]
            for path in ["/v1/erasures", "/v1/deliveries/search"] {
                #expect(try await call(path, foreign).problem == "forbidden")
            }
            let own: JSONValue = ["email": "bobby@example.com"]
            #expect(try await ids(call("/v1/deliveries/search", own).body).count == 1)
            #expect(try await call("/v1/erasures", own).body == ["deliveries": 1, "challenges": 1, "events": 1])
            #expect(try await ids(call("/v1/deliveries/search", own).body).isEmpty)
            let left = try await post.call("POST", "/v1/deliveries/search", own).body["items"]?.array ?? []
            #expect(left.map { $0["tenant"] } == ["default"])
            let reader = try await post.token("read")
            let weak = [(name: "Authorization", value: "Bearer " + reader)]
            #expect(try await post.call("POST", "/v1/erasures", own, headers: weak, at: url).problem == "forbidden")
        }
    }
}
