import Foundation
import JSON
import Testing

@Suite("A code of the application's own", .timeLimit(.minutes(12)))
struct ForeignCodeTests {
    private static func expiry(_ seconds: Double) -> JSONValue {
        .string(Date(timeIntervalSinceNow: seconds).formatted(.iso8601))
    }

    @Test("is delivered as it is, verifies nothing, and is erased when its delivery has ended")
    func delivered() async throws {
        try await Installation.make(.branded()) { post in
            let server = try await post.server()
            let code = "a&b <C> 7/%"
            for (member, address) in [("email", "a@example.com"), ("phone", "+12012000001")] {
                let answer = try await post.accept(
                    "recovery",
                    [member: .string(address), "code": .string(code), "expires_at": ForeignCodeTests.expiry(3600)]
                )
                #expect(answer["challenge"] == nil)
                #expect(answer["deliveries"]?.array?.first?["challenge"] == .null)
                let verified = try await post.call(
                    "POST",
                    "/v1/verify",
                    ["purpose": "recovery", member: .string(address), "code": .string(code)]
                )
                #expect(verified.status == 422)
                #expect(verified.problem == "code-mismatch")
            }
            #expect(try post.eventsWithWhatWasBrought() == 2)
            server.terminate()
            await server.exitCode()
            _ = try await post.up()
            try await eventually("both messages") {
                try await post.call("GET", "/v1/sandbox").body["items"]?.array?.count == 2
            }
            for message in try await post.call("GET", "/v1/sandbox").body["items"]?.array ?? [] {
                #expect(message["code"] == .string(code))
                #expect(message["text"]?.string?.contains(code) == true)
                if message["channel"] == "email" {
                    #expect(message["html"]?.string?.contains("a&amp;b &lt;C&gt; 7/%") == true)
                } else {
                    #expect(message["text"] == .string("\(code) is your Cruddur reset code.\n\n@cruddur.com #\(code)"))
                }
            }
            try await post.rest(of: "email")
            try await post.rest(of: "sms")
            #expect(try post.eventsWithWhatWasBrought() == 0)
        }
    }

    @Test("that comes again after it was erased is answered as the first time")
    func duplicate() async throws {
        try await Installation.make(.branded()) { post in
            let up = try await post.start("gatepost", ["up"], variables: [post.clock])
            _ = try await up.line("ready")
            let event = Installation.envelope(
                "sign_up",
                ["email": "a@example.com", "code": "ABCD", "expires_at": ForeignCodeTests.expiry(3600)]
            )
            let first = try await post.submit(event)
            #expect(first.status == 202)
            try await post.rest(of: "email")
            try post.setClock(ahead: .seconds(2 * 3600))
            let again = try await post.submit(event)
            #expect(again.status == 200)
            #expect(again.body["status"] == "duplicate")
            #expect(again.body["deliveries"]?.array?.first?["id"] == first.body["deliveries"]?.array?.first?["id"])
        }
    }

    @Test("is refused with the place of the fault, above all without the end of its life")
    func refused() async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.server()
            let cases: [(String, JSONObject)] = [
                ("/data/expires_at", ["code": "ABCD"]),
                ("/data/expires_at", ["code": "ABCD", "expires_at": "soon"]),
                ("/data/expires_at", ["code": "ABCD", "expires_at": ForeignCodeTests.expiry(30)]),
                ("/data/expires_at", ["code": "ABCD", "expires_at": ForeignCodeTests.expiry(-60)]),
                ("/data/expires_at", ["code": "ABCD", "expires_at": ForeignCodeTests.expiry(8 * 86_400)]),
                ("/data/expires_at", ["expires_at": ForeignCodeTests.expiry(3600)]),
                ("/data/code", ["code": "ABC", "expires_at": ForeignCodeTests.expiry(3600)]),
                (
                    "/data/code",
                    [
                        "code": .string(String(repeating: "9", count: 33)),
                        "expires_at": ForeignCodeTests.expiry(3600),
                    ]
                ),
                ("/data/code", ["code": "ABCDé", "expires_at": ForeignCodeTests.expiry(3600)]),
                ("/data/ttl", ["code": "ABCD", "expires_at": ForeignCodeTests.expiry(3600), "ttl": "10m"]),
            ]
            for (pointer, members) in cases {
                var data = members
                data["email"] = "a@example.com"
                let answer = try await post.submit(Installation.envelope("sign_up", data))
                #expect(answer.status == 422)
                #expect(answer.body["pointer"] == .string(pointer), "\(members)")
            }
            #expect(try await post.count("ready") == 0)
        }
    }
}
