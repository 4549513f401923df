import JSON
import Testing

@Suite("A verification", .timeLimit(.minutes(12)))
struct VerificationTests {
    @Test("takes the right code once, and says who was meant")
    func verifies() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            var event = Installation.event("1", to: "a@example.com").object ?? [:]
            event["subject"] = "user-1"
            let one = try Accepted(await post.submit(.object(event)))
            let code = try await post.code(of: one)
            let verified = try await post.verify(one, code)
            #expect(verified.status == 200)
            #expect(
                verified.body == [
                    "result": "verified", "challenge": .string(one.challenge), "subject": "user-1",
                    "purpose": "sign_up",
                    "channel": "email",
                ]
            )
            let again = try await post.verify(one, code)
            #expect(again.status == 409)
            #expect(again.problem == "code-used")
            let challenge = try await post.call("GET", "/v1/challenges/\(one.challenge)").body
            #expect(challenge["state"] == "verified")
            #expect(challenge["deliveries"] == [.string(one.delivery)])
        }
    }

    @Test("counts wrong codes, and after five locks the challenge even for the right one")
    func locks() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            let one = try await post.signUp("a@example.com")
            let code = try await post.code(of: one)
            for left in [4, 3, 2, 1, 0] as [Int64] {
                let answer = try await post.verify(one, wrong(code, by: Int(left) + 1))
                #expect(answer.status == 422)
                #expect(answer.problem == "code-mismatch")
                #expect(answer.body["tries_left"] == .integer(left))
            }
            let locked = try await post.verify(one, code)
            #expect(locked.status == 429)
            #expect(locked.problem == "too-many-tries")
            #expect(locked.header("Retry-After").flatMap { Int($0) } ?? 0 >= 1)
            #expect(try await post.call("GET", "/v1/challenges/\(one.challenge)").body["state"] == "locked")
        }
    }

    @Test("that is not well formed names the member and costs no try")
    func refusesBadMembers() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            let one = try await post.signUp("a@example.com")
            let bodies: [(JSONValue, String)] = [
                (["purpose": "sign_up", "email": "a@example.com", "code": "1", "ip": "x"], "/ip"),
                (["purpose": "sign_up", "email": "a@example.com", "phone": "+12423571234", "code": "1"], "/phone"),
            ]
            for (body, pointer) in bodies {
                let answer = try await post.call("POST", "/v1/verify", body)
                #expect(answer.status == 422)
                #expect(answer.body["pointer"] == .string(pointer))
            }
            #expect(try await post.call("GET", "/v1/challenges/\(one.challenge)").body["tries_left"] == 5)
        }
    }

    @Test("is repeated with the same Idempotency-Key, and with another body it is a conflict")
    func repeats() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            let one = try await post.signUp("a@example.com")
            let code = try await post.code(of: one)
            let first = try await post.verify(one, code, key: "k1")
            #expect(first.status == 200)
            #expect(first.body["repeated"] == nil)
            let second = try await post.verify(one, code, key: "k1")
            #expect(second.status == 200)
            #expect(second.body["repeated"] == true)
            let conflict = try await post.verify(one, wrong(code), key: "k1")
            #expect(conflict.status == 409)
            #expect(conflict.problem == "conflict")
            #expect(try await post.verify(one, code, key: "k2").problem == "code-used")
            #expect(try await post.verify(one, code).problem == "code-used")
        }
    }

    @Test("of many at once with the right code verifies one")
    func racing() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            let one = try await post.signUp("a@example.com")
            let code = try await post.code(of: one)
            let statuses = try await withThrowingTaskGroup { group in
                for _ in 1...16 { group.addTask { try await post.verify(one, code).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.filter { $0 == 409 }.count == 15)
        }
    }

    @Test("with an Idempotency-Key that another tenant used is not disturbed by it")
    func keysApart() async throws {
        try await Installation.make(.sandbox) { post in
            let up = try await post.up()
            let url = try await post.url(of: up)
            for tenant in ["default", "shop"] {
                let token = try await post.token("events,codes", tenant: tenant)
                let event = Installation.event("1", to: "a@example.com")
                let one = try Accepted(
                    await post.submit(event, headers: [("Authorization", "Bearer " + token)], at: url)
                )
                let code = try await post.code(of: one)
                let answer = try await post.verify(one, code, key: "k1", token: token, at: url)
                #expect(answer.status == 200)
                #expect(answer.body["challenge"] == .string(one.challenge))
                #expect(answer.body["repeated"] == nil)
            }
        }
    }

    @Test(
        "by address finds the person's open challenge, however the address is written, and tells nothing of strangers"
    )
    func byAddress() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            let one = try await post.signUp("Ann@Example.com")
            let code = try await post.code(of: one)
            func verify(_ email: String, _ code: String) async throws -> Installation.Answer {
                try await post.call(
                    "POST",
                    "/v1/verify",
                    ["purpose": "sign_up", "email": .string(email), "code": .string(code)]
                )
            }
            let stranger = try await verify("nobody@example.com", code)
            let mistaken = try await verify("ann@example.com", wrong(code))
            #expect(stranger.status == 422)
            #expect(mistaken.status == 422)
            #expect(stranger.body == mistaken.body)
            #expect(mistaken.body["tries_left"] == 4)
            #expect(try await verify("ann@EXAMPLE.com", code).body["challenge"] == .string(one.challenge))
            let used = try await verify("ann@example.com", code)
            #expect(used.problem == "code-mismatch")
        }
    }

    @Test("with another session is a wrong code")
    func session() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.up()
            let one = try Accepted(await post.submit(Installation.event("1", to: "a@example.com", ["session": "s1"])))
            let code = try await post.code(of: one)
            #expect(try await post.verify(one, code, session: "s2").problem == "code-mismatch")
            #expect(try await post.verify(one, code, session: "s1").status == 200)
        }
    }

    @Test("of an expired code says so, and what expired unsent is never sent")
    func expired() async throws {
        try await Installation.make(.sandbox) { post in
            let up = try await post.start("gatepost", ["up"], variables: [post.clock])
            _ = try await up.line("ready")
            let one = try await post.signUp("a@example.com")
            let code = try await post.code(of: one)
            up.terminate()
            await up.exitCode()

            let server = try await post.start("gatepost-server", variables: [post.clock])
            _ = try await server.line("ready")
            let unsent = try Accepted(
                await post.submit(Installation.event("2", to: "b@example.com", ["ttl": "10m"]))
            )
            // A minute is the shortest life that is worth a mail.
            try post.setClock(ahead: .seconds(600 - 50))
            try await post.reached("dead", unsent)
            #expect(try await post.delivery(unsent.delivery)["reason"] == "expired")
            #expect(try await post.claim(instance: "x", waitMilliseconds: 0, gateway: "sandbox-email").isEmpty)
            #expect(try await post.verify(one, wrong(code)).problem == "code-mismatch")
            try post.setClock(ahead: .seconds(86_400 + 60))
            let late = try await post.verify(one, code)
            #expect(late.status == 410)
            #expect(late.problem == "code-expired")
            #expect(try await post.call("GET", "/v1/challenges/\(one.challenge)").body["state"] == "expired")
        }
    }
}
