import JSON
import Testing

@Suite("A limit on verification", .timeLimit(.minutes(12)))
struct VerificationLimitTests {
    private static func settings(_ scope: String) -> InstallationSettings {
        .limited(InstallationSettings.limit("tries", scope, "3/24h", "on = \"verify\""))
    }

    /// Tries a code of a person, at an id or at whoever has never been written to.
    private func ways(_ post: Installation, _ one: Accepted, ip: JSONValue?) -> [() async throws -> Installation.Answer]
    {
        func body(_ members: JSONObject) -> JSONValue {
            var members = members
            members["code"] = "000000"
            members["ip"] = ip
            return .object(members)
        }
        let nowhere = "ch_" + String(repeating: "0", count: 31) + "1"
        return [
            { try await post.call("POST", "/v1/challenges/\(one.challenge)/verify", body([:])) },
            { try await post.call("POST", "/v1/challenges/\(nowhere)/verify", body([:])) },
            { try await post.call("POST", "/v1/verify", body(["purpose": "sign_up", "email": "a@example.com"])) },
            { try await post.call("POST", "/v1/verify", body(["purpose": "sign_up", "email": "nobody@example.com"])) },
        ]
    }

    @Test("by network refuses before a code is looked at, the same for whoever has a challenge and who has none")
    func network() async throws {
        try await Installation.make(VerificationLimitTests.settings("ip")) { post in
            _ = try await post.onClock()
            let one = try await post.signUp("a@example.com")
            let first = ways(post, one, ip: "2001:db8:0:1::1")
            for way in first[..<3] { #expect([404, 422].contains(try await way().status)) }
            let left = try await post.call("GET", "/v1/challenges/\(one.challenge)").body["tries_left"]
            #expect(left == 3)
            let neighbour = ways(post, one, ip: "2001:db8:0:1:ffff::2")
            var wait: Int64 = 0
            for way in first + neighbour { wait = try await way().wait(for: "tries") }
            #expect((28_000...28_800).contains(wait))
            #expect(try await post.call("GET", "/v1/challenges/\(one.challenge)").body["tries_left"] == left)
            // Another network, and who names none, are not counted there.
            for ip in ["2001:db8:0:2::1", "203.0.113.7", nil] as [JSONValue?] {
                let answer = try await ways(post, one, ip: ip)[3]()
                #expect(answer.problem == "code-mismatch", "\(answer.body)")
            }
            try post.setClock(ahead: .seconds(wait))
            #expect(try await first[3]().problem == "code-mismatch")
            try await first[3]().wait(for: "tries")
        }
    }

    @Test("counts right and wrong, by tenant and over all, and what is repeated with its key not again")
    func tenants() async throws {
        for (scope, isShared) in [("tenant", false), ("all", true)] {
            try await Installation.make(VerificationLimitTests.settings(scope)) { post in
                _ = try await post.start("gatepost", ["up"]).line("ready")
                let one = try await post.signUp("a@example.com")
                let code = try await post.code(of: one)
                _ = try await post.verify(one, wrong(code))
                for _ in 1...4 { #expect(try await post.verify(one, code, key: "k").status == 200) }
                #expect(try await post.verify(one, code).problem == "code-used")
                try await post.verify(one, code).wait(for: "tries")
                let other = try await post.call(
                    "POST",
                    "/v1/verify",
                    ["tenant": "shop", "purpose": "sign_up", "email": "a@example.com", "code": "1"]
                )
                #expect(other.problem == (isShared ? "rate-limited" : "code-mismatch"))
            }
        }
    }

    @Test("by recipient counts a person by id and by address together, and one who was never written to alike")
    func recipients() async throws {
        try await Installation.make(VerificationLimitTests.settings("recipient")) { post in
            _ = try await post.server()
            let one = try await post.signUp("a@example.com")
            let all = ways(post, one, ip: nil)
            for way in [all[0], all[2], all[0]] { #expect(try await way().problem == "code-mismatch") }
            for way in [all[0], all[2]] { try await way().wait(for: "tries") }
            for _ in 1...3 { #expect(try await all[3]().problem == "code-mismatch") }
            try await all[3]().wait(for: "tries")
        }
    }
}
