private import AuthEvents
import Clocks
import HTTPServer
import Intake
import JSON
import Spend
import Store

extension API {
    /// `POST /v1/events`, CloudEvents 1.0 in structured mode.
    func events(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .events)
        let value = try request.json("application/cloudevents+json")
        guard value.object != nil else {
            throw Problem(.malformed, "Structured mode takes one CloudEvents object.", ["pointer": ""])
        }
        let receipt: Intake.Receipt
        do {
            receipt = try await intake.submit(value, boundTo: principal.tenant)
        } catch {
            if case .store(let cause) = error { readiness.fail(cause.description) }
            throw Problem(error, at: time.now())
        }
        readiness.set(.ready)
        return .json(receipt.json(at: time.now()), status: receipt.isDuplicate ? 200 : 202)
    }
}

extension Intake.Receipt {
    func json(at now: Instant) -> JSONValue {
        var object: JSONObject = ["event": .string(event), "status": isDuplicate ? "duplicate" : "accepted"]
        let challenges = accepted.deliveries.map(\.challengeJSON)
        if challenges.count == 1 { object["challenge"] = challenges[0] }
        object["deliveries"] = .array(accepted.deliveries.map(\.json))
        if !accepted.refused.isEmpty {
            object["refused"] = .array(
                accepted.refused.map { refusal in
                    let accepted = accepted.deliveries.map(\.channel)
                    let other = channels.filter { $0 != refusal.channel && !accepted.contains($0) }
                    return [
                        "channel": .string(refusal.channel.name),
                        "problem": .object(Problem(refusal, other: other, at: now).json),
                    ]
                }
            )
        }
        return .object(object)
    }
}

extension AcceptedEvent.Delivery {
    var challengeJSON: JSONValue {
        ["id": .string("\(challenge)"), "expires_at": .string("\(expiresAt)"), "digits": .integer(Int64(digits))]
    }

    var json: JSONValue {
        [
            "id": .string("\(id)"), "channel": .string(channel.name), "state": isParked ? "parked" : "ready",
            "country": estimate.map { .string($0.country) } ?? nil,
            "segments": estimate.map { .integer($0.segments) } ?? nil,
            "encoding": estimate.map { .string($0.encoding.name) } ?? nil, "challenge": challengeJSON,
            "estimate": estimate?.amount.json ?? nil,
            "price_version": estimate.map { .string($0.priceVersion) } ?? nil,
        ]
    }
}
