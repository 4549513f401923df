import JSON
import Testing

@Suite("A resend", .timeLimit(.minutes(12)))
struct ResendWaitTests {
    private static let settings: InstallationSettings = {
        var settings = InstallationSettings.limited("", hasResendWaits: true)
        settings.limits = "limits = []"
        return settings
    }()

    @Test("waits half a minute, then one, then two, whatever the session, and says when it may come")
    func waits() async throws {
        try await Installation.make(ResendWaitTests.settings) { post in
            _ = try await post.onClock()
            func submit(_ session: String?) async throws -> Installation.Answer {
                var data: JSONObject = ["phone": .string(phone(1))]
                data["session"] = session.map(JSONValue.string)
                return try await post.submit(Installation.envelope("mfa", data))
            }
            var ahead: Int64 = 0
            #expect(try await submit("a").status == 202)
            for longest in [30, 60, 120, 120] as [Int64] {
                var wait: Int64 = 0
                for session in ["a", "b", nil] { wait = try await submit(session).wait(for: "resend") }
                #expect(wait <= longest && wait > longest - 25)
                ahead += wait
                try post.setClock(ahead: .seconds(ahead))
                #expect(try await submit(longest == 60 ? "b" : "a").status == 202)
            }
            // Another purpose and another person are other resends; a notice waits for nothing.
            #expect(try await post.submit("recovery", to: phone(1)).status == 202)
            #expect(try await post.submit("mfa", to: phone(2)).status == 202)
            for _ in 1...2 {
                #expect(try await post.submit("notice", to: phone(1), ["notice": "new_sign_in"]).status == 202)
            }
        }
    }

    @Test("is not needed after a verification, and waits after a lock")
    func ends() async throws {
        try await Installation.make(ResendWaitTests.settings) { post in
            _ = try await post.start("gatepost", ["up"]).line("ready")
            let one = try await post.signUp("a@example.com")
            #expect(try await post.verify(one, post.code(of: one)).status == 200)
            #expect(try await post.submit(to: "a@example.com").status == 202)
            let locked = try await post.signUp("b@example.com")
            for number in 1...5 { _ = try await post.verify(locked, "wrong\(number)") }
            try await post.submit(to: "b@example.com").wait(for: "resend")
            let batch = try await post.submitBatch([
                Installation.event("1", to: "c@example.com"), Installation.event("2", to: "c@example.com"),
                Installation.event("1", to: "c@example.com"),
            ])
            let results = batch.body["results"]?.array ?? []
            #expect(results.map { $0["status"] } == ["accepted", "refused", "duplicate"])
            #expect(results[1]["problem"]?["limit"] == "resend")
        }
    }
}
