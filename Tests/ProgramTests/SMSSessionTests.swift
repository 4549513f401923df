import JSON
import Testing

@Suite("A session of a second factor", .timeLimit(.minutes(12)))
struct SMSSessionTests {
    private func serving(_ body: (Installation, SMSGatewayPeer) async throws -> Void) async throws {
        try await Installation.texting { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            try await body(post, peer)
        }
    }

    @Test("has a challenge of its own: the same one asks again for the same code, another or none never does")
    func own() async throws {
        try await serving { post, peer in
            var challenges: [String] = []
            for session in ["s1", "s1", "s2", nil, nil] as [String?] {
                let data: JSONObject = session.map { ["session": .string($0)] } ?? [:]
                let one = try await post.text(to: phone(1), data)
                try await post.reached("accepted", one)
                challenges.append(one.challenge)
            }
            #expect(challenges[0] == challenges[1])
            #expect(Set(challenges).count == 4)
            let codes = peer.taken.map(\.code)
            #expect(codes.count == 5)
            #expect(codes[0] == codes[1])
            let sessions = try await post.call("GET", "/v1/challenges/\(challenges[0])").body["session"]
            #expect(sessions == true)
            #expect(try await post.call("GET", "/v1/challenges/\(challenges[3])").body["session"] == false)
        }
    }

    @Test("is found by number only with its name, and another name is a wrong code")
    func byNumber() async throws {
        try await serving { post, peer in
            let one = try await post.text(to: "+12015550123", ["session": "s1"])
            try await post.reached("accepted", one)
            let code = peer.taken[0].code
            func verify(_ session: String?) async throws -> Installation.Answer {
                var body: JSONObject = ["purpose": "mfa", "phone": "(201) 555-0123", "code": .string(code)]
                body["session"] = session.map(JSONValue.string)
                return try await post.call("POST", "/v1/verify", .object(body))
            }
            for session in [nil, "s2"] {
                let answer = try await verify(session)
                #expect(answer.status == 422)
                #expect(answer.problem == "code-mismatch")
            }
            #expect(try await post.verify(one, code, session: "s2").problem == "code-mismatch")
            let verified = try await verify("s1")
            #expect(verified.status == 200)
            #expect(verified.body["challenge"] == .string(one.challenge))
        }
    }
}
