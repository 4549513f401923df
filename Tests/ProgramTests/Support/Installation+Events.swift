import Foundation
import JSON

/// What a test keeps of an accepted event.
struct Accepted: Sendable {
    var delivery: String
    var challenge: String

    init(delivery: String, challenge: String) {
        (self.delivery, self.challenge) = (delivery, challenge)
    }

    /// - Throws: ``Disappointment`` where the answer is no 202.
    init(_ answer: Installation.Answer) throws {
        guard answer.status == 202, let delivery = answer.body["deliveries"]?.array?.first?["id"]?.string,
            let challenge = answer.body["challenge"]?["id"]?.string
        else { throw Disappointment("A sign-up was answered \(answer.status): \(answer.body)") }
        (self.delivery, self.challenge) = (delivery, challenge)
    }
}

extension Installation {
    static func event(
        _ id: String,
        _ type: String = "sign_up",
        to email: String,
        _ data: JSONObject = [:]
    ) -> JSONValue {
        var data = data
        data["email"] = .string(email)
        return [
            "specversion": "1.0", "id": .string(id), "source": "/tests", "type": .string("auth." + type),
            "data": .object(data),
        ]
    }

    /// Submits an event and returns whatever is answered.
    func submit(_ event: JSONValue, headers: [(name: String, value: String)] = [], at url: String? = nil) async throws
        -> Answer
    {
        try await call("POST", "/v1/events", event, type: "application/cloudevents+json", headers: headers, at: url)
    }

    /// Submits a sign-up that must be accepted.
    func signUp(_ email: String, event: String = UUID().uuidString) async throws -> Accepted {
        try Accepted(await submit(Installation.event(event, to: email)))
    }

    /// Submits so many sign-ups, one after the other.
    func signUps(_ count: Int, from start: Int = 1) async throws -> [Accepted] {
        var accepted: [Accepted] = []
        for number in start..<start + count { accepted.append(try await signUp("p\(number)@example.com")) }
        return accepted
    }
}

// MARK: What became of them

extension Installation {
    func delivery(_ id: String) async throws -> JSONValue {
        try await call("GET", "/v1/deliveries/\(id)").body
    }

    func state(_ accepted: Accepted) async throws -> String {
        try await delivery(accepted.delivery)["state"]?.string ?? "nothing"
    }

    func attempts(_ accepted: Accepted) async throws -> [JSONValue] {
        try await delivery(accepted.delivery)["attempts"]?.array ?? []
    }

    /// Waits until a delivery is in this state.
    func reached(_ state: String, _ accepted: Accepted) async throws {
        var last = ""
        try await eventually("\(accepted.delivery) in the state \(state), it is \(last)") {
            last = try await self.state(accepted)
            return last == state
        }
    }

    /// How many deliveries of mails are in a state.
    func count(_ state: String) async throws -> Int64 {
        let channels = try await call("GET", "/v1/status").body["channels"]?.array ?? []
        return channels.first { $0["channel"] == "email" }?[state]?.int ?? 0
    }

    func reached(_ state: String, count wanted: Int64) async throws {
        var last: Int64 = 0
        try await eventually("\(wanted) deliveries in the state \(state), there are \(last)") {
            last = try await count(state)
            return last == wanted
        }
    }

    /// The state of a gateway, as `status` tells it.
    func gatewayState(_ name: String) async throws -> String? {
        let gateways = try await call("GET", "/v1/status").body["gateways"]?.array ?? []
        return gateways.first { $0["name"] == .string(name) }?["state"]?.string
    }

    /// Claims as a carrier; returns the tokens.
    func claim(
        as carrier: String = "email-worker",
        instance: String,
        max: Int = 100,
        waitMilliseconds: Int = 25_000,
        gateway: String = "mail"
    ) async throws -> [JSONValue] {
        try await call(
            "POST",
            "/v1/carriers/claim",
            [
                "carrier": .string(carrier), "instance": .string(instance), "channel": "email",
                "gateways": [.string(gateway)], "max": .integer(Int64(max)),
                "wait_ms": .integer(Int64(waitMilliseconds)),
            ]
        ).body["claims"]?.array ?? []
    }
}
