import JSON
import Testing

@Suite("A request with events", .timeLimit(.minutes(12)))
struct EventModeTests {
    private func serving(_ body: (Installation) async throws -> Void) async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.server()
            try await body(post)
        }
    }

    @Test("that is a batch has a result for each, in order, and a bad one sinks no other")
    func batch() async throws {
        try await serving { post in
            let good = Installation.envelope("sign_up", ["email": "a@example.com"], id: "1")
            let answer = try await post.submitBatch([
                good,
                Installation.envelope("sign_up", ["email": "nobody"], id: "2"),
                5,
                Installation.envelope("notice", ["email": "a@example.com", "notice": "new_sign_in"], id: "3"),
                good,
                Installation.envelope("sign_up", ["email": "b@example.com"], id: "1"),
                Installation.envelope("mfa", ["phone": "+447400123456"], id: "4"),
                Installation.envelope("mfa", ["phone": "+12012000001", "tenant": "nobody"], id: "5"),
                Installation.envelope("mfa", ["phone": "+12012000001"], id: "6"),
            ])
            #expect(answer.status == 200)
            let results = answer.body["results"]?.array ?? []
            #expect(results.map { $0["event"] } == ["1", "2", .null, "3", "1", "1", "4", "5", "6"])
            #expect(
                results.map { $0["status"] } == [
                    "accepted", "refused", "refused", "accepted", "duplicate", "refused", "refused", "refused",
                    "accepted",
                ]
            )
            let problems = results.map { $0["problem"]?["type"]?.string?.split(separator: ":").last.map(String.init) }
            #expect(
                problems == [
                    nil, "invalid-event", "invalid-event", nil, nil, "conflict", "destination-refused", "forbidden",
                    nil,
                ]
            )
            #expect(results.count == 9)
            guard results.count == 9 else { return }
            #expect(results[1]["problem"]?["pointer"] == "/data/email")
            #expect(results[2]["problem"]?["pointer"] == "")
            #expect(results[0]["challenge"]?["id"] == results[4]["challenge"]?["id"])
            #expect(try await post.count("ready") == 2)
            #expect(try await post.texts("ready") == 1)
            // What a batch said counts for what comes alone.
            #expect(try await post.submit(good).body["status"] == "duplicate")
            #expect(
                try await post.submit(Installation.envelope("sign_up", ["email": "c@example.com"], id: "2")).status
                    == 202
            )
        }
    }

    @Test("of a thousand events takes all, and one more is too large")
    func thousand() async throws {
        try await serving { post in
            let events = (1...1001).map { Installation.envelope("sign_up", ["email": .string("p\($0)@example.com")]) }
            let over = try await post.submitBatch(events)
            #expect(over.status == 413)
            #expect(over.problem == "too-large")
            #expect(over.body["limit_bytes"] == 4_194_304)
            #expect(over.body["limit_events"] == 1000)
            #expect(try await post.count("ready") == 0)
            let answer = try await post.submitBatch(Array(events.dropLast()))
            #expect(answer.status == 200)
            let results = answer.body["results"]?.array ?? []
            #expect(results.count == 1000)
            #expect(results.allSatisfy { $0["status"] == "accepted" })
            #expect(try await post.count("ready") == 1000)
        }
    }

    @Test("is too large above 4 MiB for a batch, and above 256 KiB for an event and for anything else")
    func tooLarge() async throws {
        try await serving { post in
            func event(_ id: String, _ bytes: Int) -> JSONValue {
                var event = Installation.envelope("sign_up", ["email": "a@example.com"], id: id).object ?? [:]
                event["padding"] = .string(String(repeating: "a", count: bytes))
                return .object(event)
            }
            let alone = try await post.submit(event("1", 300_000))
            #expect(alone.status == 413)
            #expect(alone.problem == "too-large")
            #expect(alone.body["limit_bytes"] == 262_144)
            let batch = try await post.submitBatch([event("1", 300_000), event("2", 200_000), event("3", 200_000)])
            #expect(batch.status == 200)
            let results = batch.body["results"]?.array ?? []
            #expect(results.map { $0["event"] } == ["1", "2", "3"])
            #expect(results.map { $0["status"] } == ["refused", "accepted", "accepted"])
            #expect(results.first?["problem"]?["type"] == "urn:gatepost:problem:too-large")
            #expect(results.first?["problem"]?["limit_bytes"] == 262_144)
            let whole = try await post.submitBatch((1...22).map { event("\($0)", 200_000) })
            #expect(whole.status == 413)
            #expect(whole.problem == "too-large")
            #expect(whole.body["limit_bytes"] == 4_194_304)
            let other = try await post.call(
                "POST",
                "/v1/verify",
                ["code": .string(String(repeating: "1", count: 300_000))]
            )
            #expect(other.status == 413)
            #expect(other.body["limit_bytes"] == 262_144)
        }
    }

    @Test("in binary mode has its attributes in header fields, percent-encoded where they are not plain")
    func binary() async throws {
        try await serving { post in
            func send(
                _ data: JSONValue,
                type: String = "application/json",
                _ attributes: [(name: String, value: String)]
            ) async throws -> Installation.Answer {
                try await post.call("POST", "/v1/events", data, type: type, headers: attributes)
            }
            let attributes = [
                ("ce-specversion", "1.0"), ("CE-ID", "Euro%20%E2%82%AC"), ("ce-source", "/tests"),
                ("ce-type", "auth.recovery"), ("ce-subject", "user%2D1"),
            ]
            let answer = try await send(["email": "a@example.com"], attributes)
            #expect(answer.status == 202, "\(answer.body)")
            #expect(answer.body["event"] == "Euro \u{20ac}")
            let typed = try await send(["email": "a@example.com"], type: "application/json; charset=utf-8", attributes)
            #expect(typed.status == 200)
            // The same event in structured mode.
            var event =
                Installation.envelope("recovery", ["email": "a@example.com"], id: "Euro \u{20ac}").object ?? [:]
            event["subject"] = "user-1"
            let structured = try await post.submit(.object(event))
            #expect(structured.body["status"] == "duplicate")
            #expect(structured.body["challenge"] == answer.body["challenge"])
        }
    }
}
