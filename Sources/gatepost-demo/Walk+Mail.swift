import Configuration
import JSON
import SMTPSink

extension Walk {
    /// Sign-ups by mail: accepted, delivered, verified, refused, sent again, expired.
    func mail() async throws {
        say("\nAn application posts auth.sign_up; the mail leaves through SMTP:")
        let accepted = try await signUp("demo-1", "bobby@example.com")
        try expect(accepted.status == 202, "202: the event is durable")
        let again = try await signUp("demo-1", "bobby@example.com")
        try expect(again.status == 200 && again.body["status"] == "duplicate", "the same event again changes nothing")
        let mail = try await mail(1)
        try expect(mail.recipients == ["bobby@example.com"], "the mail goes to the person")
        guard let challenge = accepted.body["challenge"]?["id"]?.string else {
            throw Disappointment("the event has no challenge")
        }
        say("  ok  the mail holds a code of \(mail.code.count) digits")
        try await check(challenge, mail.code)
        try await refuse()
        try await resend()
    }

    private func signUp(_ id: String, _ email: String, ttl: String? = nil) async throws -> Answer {
        var data: JSONObject = ["email": .string(email), "name": "Bobby", "locale": "en-GB"]
        if let ttl { data["ttl"] = .string(ttl) }
        return try await emit("auth.sign_up", id: id, data)
    }

    private func check(_ challenge: String, _ code: String) async throws {
        say("\nThe code is checked:")
        let wrong = try await verify(challenge, code == "000000" ? "000001" : "000000")
        try expect(wrong.status == 422 && wrong.body["tries_left"] == 4, "a wrong code is refused and costs a try")
        let right = try await verify(challenge, code, key: "k-1")
        try expect(right.status == 200 && right.body["subject"] == "user-7231", "the right code is verified")
        let repeated = try await verify(challenge, code, key: "k-1")
        try expect(repeated.body["repeated"] == true, "the same request again answers the same")
        try expect(try await verify(challenge, code).status == 409, "a second use is refused")
    }

    private func refuse() async throws {
        say("\nWhat is not right is refused:")
        let refused = try await signUp("demo-2", "not an address")
        try expect(
            refused.status == 422 && refused.body["pointer"] == "/data/email",
            "a bad address, named by its JSON Pointer"
        )
        let conflict = try await signUp("demo-1", "carol@example.com")
        try expect(conflict.status == 409, "another content under the same id is a conflict")
    }

    /// A resend while the code is young, and a code that has expired.
    private func resend() async throws {
        say("\nA person asks again, first too soon; later the code has expired:")
        let first = try await signUp("demo-3", "dora@example.com", ttl: "8s")
        let challenge = first.body["challenge"]?["id"]?.string ?? ""
        // The mail before must have left: what is still unsent gives way to a resend.
        let code = try await mail(2).code
        var again = try await signUp("demo-4", "dora@example.com", ttl: "8s")
        // A machine that was slow enough has waited already.
        if again.status == 429 {
            try expectLimit("resend", again)
            try await Task.sleep(for: .seconds(again.body["retry_after"]?.int ?? 1))
            again = try await signUp("demo-4", "dora@example.com", ttl: "8s")
        }
        try expect(again.body["challenge"]?["id"]?.string == challenge, "a resend is the same challenge")
        try expect(try await mail(3).code == code, "and the same code while it is young")
        for _ in 0..<200 {
            if try await get("/v1/challenges/\(challenge)").body["state"] == "expired" { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        let late = try await verify(challenge, code)
        try expect(late.status == 410, "an expired code is refused as such")
    }
}
