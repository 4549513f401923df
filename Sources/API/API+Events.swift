private import AuthEvents
import HTTPServer
import Intake
import JSON
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
            throw Problem(error)
        }
        readiness.set(.ready)
        return .json(receipt.json, status: receipt.isDuplicate ? 200 : 202)
    }
}

extension Intake.Receipt {
    var json: JSONValue {
        var object: JSONObject = ["event": .string(event), "status": isDuplicate ? "duplicate" : "accepted"]
        let challenges = accepted.deliveries.map(\.challengeJSON)
        if challenges.count == 1 { object["challenge"] = challenges[0] }
        object["deliveries"] = .array(accepted.deliveries.map(\.json))
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
            "country": nil, "segments": nil, "encoding": nil, "challenge": challengeJSON, "estimate": nil,
        ]
    }
}
