import JSON
import Link

/// A carrier without a gateway: it says of each text that it was handed over.
struct BenchCarrier: Sendable {
    /// Deliveries of a claim.
    static let most = 100

    let link: ServerLink
    /// No other carrier has it.
    let name: String

    /// Claims, and returns what there is; tokens and all.
    func claim(waiting milliseconds: Int64 = 0) async throws -> [JSONValue] {
        let answer = try await call(
            "claim",
            [
                "carrier": .string(name), "instance": "bench", "channel": "sms", "gateways": ["text"],
                "max": .integer(Int64(BenchCarrier.most)), "wait_ms": .integer(milliseconds),
            ]
        )
        return answer["claims"]?.array ?? []
    }

    /// Begins what was claimed and reports it as accepted.
    func finish(_ claims: [JSONValue]) async throws {
        let begun = try await call(
            "begin",
            [
                "items": .array(
                    claims.map { claim in
                        [
                            "token": claim["token"] ?? nil, "segments": claim["price"]?["segments"] ?? nil,
                            "encoding": claim["price"]?["encoding"] ?? nil, "amount": .string(OfficeSettings.price),
                            "currency": "USD",
                        ]
                    }
                )
            ]
        )
        try check(begun, claims, "go")
        let settled = try await call(
            "settle",
            [
                "outcomes": .array(
                    claims.map { ["token": $0["token"] ?? nil, "result": "accepted", "gateway_reference": "r"] }
                )
            ]
        )
        try check(settled, claims, "applied")
    }

    private func check(_ answer: JSONValue, _ claims: [JSONValue], _ word: String) throws {
        let results = answer["results"]?.array ?? []
        let other = results.first { $0.string != word }
        guard other == nil, results.count == claims.count else {
            throw BenchFailure("a delivery was answered \(other?.string ?? "nothing") in the place of \(word)")
        }
    }

    private func call(_ action: String, _ body: JSONValue) async throws -> JSONValue {
        let answer = try await link.call("POST", "/v1/carriers/\(action)", body)
        guard answer.isSuccess else { throw BenchFailure("\(action): \(answer.complaint)") }
        return answer.body
    }
}
