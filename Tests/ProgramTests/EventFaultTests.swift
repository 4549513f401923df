import JSON
import Testing

@Suite("An event of another type than sign-up", .timeLimit(.minutes(4)))
struct EventFaultTests {
    private static let faults: [(type: String, pointer: String, data: JSONObject)] = [
        ("recovery", "/data/email", ["locale": "en"]),
        ("mfa", "/data/phone", ["locale": "en"]),
        ("invitation", "/data/phone", ["email": "a@example.com", "channels": ["email", "sms"]]),
        ("notice", "/data/notice", ["email": "a@example.com"]),
        ("notice", "/data/notice", ["email": "a@example.com", "notice": "Password changed"]),
        ("notice", "/data/ttl", ["email": "a@example.com", "notice": "password_changed", "ttl": "10m"]),
        ("notice", "/data/session", ["email": "a@example.com", "notice": "password_changed", "session": "s"]),
        ("notice", "/data/code", ["email": "a@example.com", "notice": "password_changed", "code": "ABCD"]),
        (
            "notice", "/data/link",
            ["email": "a@example.com", "notice": "new_sign_in", "link": "https://app.example.com/{{code}}"]
        ),
        ("recovery", "/data/notice", ["email": "a@example.com", "notice": "password_changed"]),
        ("recovery", "/data/previous_email", ["email": "a@example.com", "previous_email": "b@example.com"]),
        ("attribute_change", "/data/previous_email", ["email": "a@example.com", "previous_email": "nobody"]),
        ("attribute_change", "/data/previous_phone", ["email": "a@example.com", "previous_phone": "12"]),
        ("attribute_change", "/data/any_of", ["email": "a@example.com", "any_of": true]),
        ("confirmation", "/data/any_of", ["email": "a@example.com", "any_of": true]),
        ("recovery", "/data/ttl", ["email": "a@example.com", "ttl": "61m"]),
        ("recovery", "/data/ttl", ["email": "a@example.com", "ttl": "59s"]),
        ("mfa", "/data/ttl", ["email": "a@example.com", "ttl": "29s"]),
        ("mfa", "/data/phone", ["phone": "+12015550123 ext. 5"]),
        ("mfa", "/data/channels/1", ["phone": "+12012000001", "channels": ["sms", "sms"]]),
        ("mfa", "/data/template_data/x", ["phone": "+12012000001", "template_data": ["x": 1]]),
    ]

    @Test("is refused with the place of its fault, by the members that its type has")
    func faults() async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.server()
            for (type, pointer, data) in EventFaultTests.faults {
                let answer = try await post.submit(Installation.envelope(type, data))
                #expect(answer.status == 422, "\(type) \(data): \(answer.body)")
                #expect(answer.problem == "invalid-event")
                #expect(answer.body["pointer"] == .string(pointer), "\(type) \(data): \(answer.body)")
            }
            #expect(try await post.count("ready") == 0)
        }
    }

    @Test("may have a link below one of the tenant's, and to no host that only looks like theirs")
    func links() async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.server()
            let refused = [
                "https://evil.example/", "https://app.example.com.evil.com/", "https://app.example.comevil/",
                "https://app.example.com@evil.com/", "https://app.example.com:8443@evil.com/",
                "http://app.example.com/",
                "https://APP.example.com/", "https://app.example.com\\@evil.com/", "https://www.example.com/other",
                "https://www.example.com/account/../other", "https://www.example.com/account/%2e%2E/other",
                "javascript:alert(1)", "//app.example.com/", "https://app.example.com/{{name}}",
                "https://app.example.com/\u{202e}x", "https://app.example.com/ x",
            ]
            for link in refused {
                let event = Installation.envelope("recovery", ["email": "a@example.com", "link": .string(link)])
                let answer = try await post.submit(event)
                #expect(answer.status == 422, "\(link)")
                #expect(answer.body["pointer"] == "/data/link", "\(link)")
            }
            let allowed = [
                "https://app.example.com", "https://app.example.com/x?code={{code}}", "https://app.example.com?c=1",
                "https://app.example.com#c", "https://www.example.com/account/reset/{{code}}",
            ]
            for link in allowed {
                _ = try await post.accept("recovery", ["email": "a@example.com", "link": .string(link)])
            }
        }
    }

    @Test("has a code that lives as long as its ttl says, and its purpose's life without one")
    func lives() async throws {
        try await Installation.make(.branded()) { post in
            let up = try await post.start("gatepost", ["up"], variables: [post.clock])
            _ = try await up.line("ready")
            let short = try await post.accept("recovery", ["email": "a@example.com", "ttl": "10m"])
            let long = try await post.accept("recovery", ["email": "b@example.com"])
            let codes = (
                try await post.message(ofOnly: short)["code"]?.string ?? "",
                try await post.message(ofOnly: long)["code"]?.string ?? ""
            )
            func verify(_ answer: JSONValue, _ code: String) async throws -> Installation.Answer {
                try await post.verify(Accepted(.init(status: 202, body: answer, headers: [])), code)
            }
            try post.setClock(ahead: .seconds(601))
            #expect(try await verify(short, codes.0).problem == "code-expired")
            #expect(try await verify(long, codes.1).status == 200)
        }
    }
}
