import JSON
import Testing

@Suite("A request", .timeLimit(.minutes(12)))
struct APIRefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var method: String
        var path: String
        var pointer: String
        var body: JSONValue?

        var testDescription: String { "\(method) \(path) \(pointer)" }

        init(_ method: String, _ path: String, _ pointer: String, _ body: JSONValue? = nil) {
            (self.method, self.path, self.pointer, self.body) = (method, path, pointer, body)
        }
    }

    private static let zeros = String(repeating: "0", count: 32)

    private static let priced: JSONValue = [
        "token": "t", "result": "accepted", "price": ["amount": "1", "currency": "USD", "tax": "1"],
    ]

    static let cases = [
        Case("GET", "/v1/deliveries?limit=%2B5", "/limit"),
        Case("GET", "/v1/deliveries?country=us", "/country"),
        Case("GET", "/v1/deliveries?country=USA", "/country"),
        Case("GET", "/v1/deliveries?since=2026-11-21T10:00:00.\(zeros)\(zeros)Z", "/since"),
        Case("GET", "/v1/sandbox?since=2026-11-21T10:00:00.\(zeros)\(zeros)Z", "/since"),
        Case("GET", "/v1/spend?from=2026-11-21T10:00:00.\(zeros)\(zeros)Z", "/from"),
        Case("GET", "/v1/ledger?after=a:-1", "/after"),
        Case("GET", "/v1/ledger?after=a::1", "/after"),
        Case("GET", "/v1/ledger?after=:1", "/after"),
        Case("DELETE", "/v1/holds/hd_\(zeros)?id=hd_\(zeros)", "/id"),
        Case("DELETE", "/v1/suppressions/sp_\(zeros)?tenant=shop", "/tenant"),
        Case("DELETE", "/v1/tokens/tk_0123456789abcdef?id=tk_0123456789abcdef", "/id"),
        Case("POST", "/v1/replays", "/filter/country", ["filter": ["country": "us"]]),
        Case(
            "POST",
            "/v1/replays",
            "/filter/until",
            ["filter": ["until": .string("2026-11-21T10:00:00.\(zeros)\(zeros)Z")]]
        ),
        Case("POST", "/v1/carriers/begin", "/items/0/segments", ["items": [["token": "t", "segments": "1"]]]),
        Case("POST", "/v1/carriers/begin", "/items/0/encoding", ["items": [["token": "t", "segments": 1]]]),
        Case("POST", "/v1/carriers/settle", "/outcomes/0/price/tax", ["outcomes": [priced]]),
    ]

    @Test("is refused at the value that is not as it is described")
    func refused() async throws {
        try await Installation.make(.sandbox) { post in
            _ = try await post.server()
            for one in APIRefusalTests.cases {
                let answer = try await post.call(one.method, one.path, one.body)
                #expect(answer.problem == "invalid-request", "\(one.testDescription)")
                #expect(answer.body["pointer"]?.string == one.pointer, "\(one.testDescription)")
            }
        }
    }
}
