import Clocks
import Foundation
import JSON
import Testing

@Suite("A suppression", .timeLimit(.minutes(12)))
struct SuppressionTests {
    private func suppress(_ post: Installation, _ body: JSONValue) async throws -> JSONValue {
        let answer = try await post.call("POST", "/v1/suppressions", body)
        guard answer.status == 201 else { throw Disappointment("It was answered \(answer.status): \(answer.body)") }
        return answer.body
    }

    @Test("refuses a recipient of a tenant, or of all, with its reason and the channels that are left")
    func refuses() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            let mail = try await suppress(
                post,
                ["email": "Bobby@Example.com", "tenant": "default", "reason": "complaint"]
            )
            #expect(mail["recipient"] == "b***@e***.com")
            #expect((mail["channel"], mail["tenant"], mail["source"]) == ("email", "default", "manual"))
            #expect(mail["until"] == .null)
            #expect(mail["id"]?.string?.hasPrefix("sp_") == true)
            let refused = try await post.submit(
                to: "bobby@example.com",
                ["phone": .string(phone(1)), "channels": ["email"]]
            )
            #expect((refused.status, refused.problem) == (422, "suppressed"))
            #expect((refused.body["reason"], refused.body["until"]) == ("complaint", .null))
            #expect(refused.body["other_channels"] == ["sms"])
            #expect(refused.body["detail"]?.string?.lowercased().contains("bobby") == false)
            #expect(try await post.submit(to: "bobby@example.com", ["tenant": "shop"]).status == 202)
            #expect(try await post.submit(to: phone(1)).status == 202)
            // For all, by a number that is written as at home.
            let number = try await suppress(post, ["phone": "(201) 200-0002", "source": "carrier list"])
            #expect((number["tenant"], number["channel"]) == (.null, "sms"))
            #expect(number["recipient"]?.string?.contains("200000") == false)
            for tenant in ["default", "shop"] {
                #expect(try await post.submit(to: phone(2), ["tenant": .string(tenant)]).problem == "suppressed")
            }
            // One channel of a group.
            let group = try await post.submit(
                "mfa",
                to: "bobby@example.com",
                ["phone": .string(phone(3)), "channels": ["email", "sms"]]
            )
            #expect(group.body["deliveries"]?.array?.map { $0["channel"] } == ["sms"])
            #expect(group.body["refused"]?.array?.first?["problem"]?["type"] == "urn:gatepost:problem:suppressed")
            #expect(try await post.call("GET", "/v1/suppressions").body == ["items": [number, mail], "next": nil])
            #expect(try await post.call("DELETE", "/v1/suppressions/\(mail["id"]?.string ?? "")").status == 204)
            #expect(try await post.call("DELETE", "/v1/suppressions?id=\(number["id"]?.string ?? "")").status == 204)
            #expect(try await post.call("DELETE", "/v1/suppressions/\(mail["id"]?.string ?? "")").status == 404)
            for address in ["bobby@example.com", phone(2)] { #expect(try await post.submit(to: address).status == 202) }
        }
    }

    @Test("ends what waits for the recipient, survives a kill, ends by itself and is not readable at rest")
    func endsWhatWaits() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.onClock()
            let waiting = try await post.signUp("readable.person@example.com")
            let until = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) + .seconds(3600)
            let body: JSONValue = ["email": "readable.person@example.com", "until": .string("\(until)")]
            let made = try await suppress(post, body)
            #expect(made["until"] == .string("\(until)"))
            let delivery = try await post.delivery(waiting.delivery)
            #expect((delivery["state"], delivery["reason"]) == ("dead", "cancelled"))
            server.kill()
            await server.exitCode()
            for name in ["data/gatepost.db", "data/gatepost.db-wal"] {
                #expect(!fileContains(post.path(name), "readable.person"))
            }
            _ = try await post.onClock()
            #expect(try await post.submit(to: "readable.person@example.com").body["until"] == made["until"])
            let again = try await suppress(
                post,
                ["email": "readable.person@example.com", "until": .string("\(until)")]
            )
            #expect(again["id"] == made["id"])
            try post.setClock(ahead: .seconds(3601))
            #expect(try await post.submit(to: "readable.person@example.com").status == 202)
            #expect(try await post.call("GET", "/v1/suppressions").body["items"] == [])
        }
    }

    @Test("of many comes page by page, newest first")
    func pages() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            var ids: [String?] = []
            for number in 1...7 {
                ids.append(try await suppress(post, ["email": .string("p\(number)@example.com")])["id"]?.string)
            }
            var found: [String?] = []
            var sizes: [Int] = []
            var path = "/v1/suppressions?limit=3"
            while true {
                let page = try await post.call("GET", path).body
                let items = page["items"]?.array ?? []
                sizes.append(items.count)
                found += items.map { $0["id"]?.string }
                guard let next = page["next"]?.string else { break }
                path = "/v1/suppressions?limit=3&cursor=\(next)"
            }
            #expect(sizes == [3, 3, 1])
            #expect(Set(found) == Set(ids))
            for query in ["limit=0", "limit=1001", "limit=x", "cursor=x", "email=a@example.com"] {
                #expect(try await post.call("GET", "/v1/suppressions?\(query)").status == 422, "\(query)")
            }
        }
    }

    private static let bad: [(body: JSONValue, pointer: String)] = [
        ([], ""), ([:], "/email"), (["email": "nobody"], "/email"), (["email": 5], "/email"),
        (["phone": "12"], "/phone"), (["phone": .string(phone(1)), "email": "a@example.com"], "/phone"),
        (["phone": "+1 201 200 0001 ext. 5"], "/phone"), (["email": "a@example.com", "channel": "sms"], "/channel"),
        (["phone": .string(phone(1)), "channel": "email"], "/channel"),
        (["email": "a@example.com", "until": "2020-01-01T00:00:00Z"], "/until"),
        (["email": "a@example.com", "reason": ""], "/reason"), (["email": "a@example.com", "source": ""], "/source"),
        (["email": "a@example.com", "person": "b"], "/person"), (["email": "a@example.com", "tenant": 5], "/tenant"),
    ]

    @Test("that is not well formed is refused with the member, and suppresses nobody")
    func refusesBadBodies() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            for (body, pointer) in SuppressionTests.bad {
                let answer = try await post.call("POST", "/v1/suppressions", body)
                #expect(answer.status == 422, "\(body): \(answer.body)")
                #expect(answer.body["pointer"] == .string(pointer), "\(body): \(answer.body)")
                #expect(answer.body["detail"]?.string?.contains("201") != true)
            }
            let undeclared: JSONValue = ["email": "a@example.com", "tenant": "nobody"]
            #expect(try await post.call("POST", "/v1/suppressions", undeclared).problem == "forbidden")
            #expect(try await post.call("GET", "/v1/suppressions").body["items"] == [])
            #expect(try await post.call("GET", "/v1/suppressions/sp_1").status == 405)
        }
    }

    @Test("of a bound token is one of its tenant, and it sees and ends no other")
    func tenants() async throws {
        try await Installation.make(.sandbox) { post in
            let server = try await post.server()
            let url = try await post.url(of: server)
            let headers = [("Authorization", "Bearer " + (try await post.token("operate", tenant: "shop")))]
            func call(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> Installation.Answer {
                try await post.call(method, "/v1/suppressions" + path, body, headers: headers, at: url)
            }
            let all = try await suppress(post, ["email": "a@example.com"])
            let other = try await suppress(post, ["email": "b@example.com", "tenant": "default"])
            #expect(try await call("POST", "", ["email": "c@example.com", "tenant": "default"]).problem == "forbidden")
            // Without a tenant it is its own, not all.
            let own = try await call("POST", "", ["email": "c@example.com"])
            #expect((own.status, own.body["tenant"]) == (201, "shop"))
            #expect(try await call("GET", "").body["items"] == [own.body])
            let never = try await call("DELETE", "/sp_00000000000000000000000000000000")
            for hidden in [all, other] {
                let answer = try await call("DELETE", "/\(hidden["id"]?.string ?? "")")
                #expect((answer.status, answer.body) == (404, never.body))
            }
            // Its own word on one that is suppressed for all is another suppression.
            let twice = try await call("POST", "", ["email": "a@example.com"])
            #expect(twice.body["id"] != all["id"])
            for item in [twice, own] {
                #expect(try await call("DELETE", "/\(item.body["id"]?.string ?? "")").status == 204)
            }
            #expect(try await post.call("GET", "/v1/suppressions").body["items"]?.array?.count == 2)
            #expect(try await post.submit(to: "c@example.com").status == 202)
        }
    }
}
