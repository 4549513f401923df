private import AuthEvents
import Clocks
import HTTPServer
import Intake
import JSON
import Spend
import Store
import Telemetry

extension API {
    /// `POST /v1/events`, CloudEvents 1.0 in structured, batched and binary mode.
    func events(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .events)
        let mode: EventMode
        let values: [JSONValue]
        do throws(Problem) {
            (mode, values) = try envelopes(of: request)
        } catch {
            metrics.count(EventFate.refused, type: nil)
            var notes = refusalNotes(of: principal, at: time.now())
            let problem = notes.naming(error, of: nil)
            refusals.keep(notes.kept)
            throw problem
        }
        let tooLarge = mode == .batched ? indicesOfTooLarge(values, in: request.body) : []
        let results: [Result<Intake.Receipt, IntakeRefusal>]
        do {
            let others = values.indices.filter { !tooLarge.contains($0) }.map { values[$0] }
            results = try await intake.submit(others, boundTo: principal.tenant)
        } catch {
            if case .store(let cause) = error { readiness.fail(cause.description) }
            for value in values { metrics.count(EventFate.failed, type: EventType(of: value)) }
            throw Problem(error, at: time.now())
        }
        readiness.set(.ready)
        let now = time.now()
        var taken = results[...]
        var notes = refusalNotes(of: principal, at: now)
        let answers = values.enumerated().map { index, value -> Result<Intake.Receipt, Problem> in
            let result = tooLarge.contains(index) ? nil : taken.popFirst()
            let answer = answer(to: value, result, &notes, at: now)
            metrics.count(EventFate(answer), type: EventType(of: value))
            return answer
        }
        refusals.keep(notes.kept)
        guard mode == .batched else {
            let receipt = try answers[0].get()
            noteRefusedLegs(of: receipt, at: now)
            return .json(receipt.json(at: now), status: receipt.isDuplicate ? 200 : 202)
        }
        return .json(["results": .array(zip(values, answers).map { answer($0, $1, at: now) })])
    }

    private func refusalNotes(of principal: Principal, at now: Instant) -> RefusalNotes {
        RefusalNotes(boundTo: principal.tenant, declared: Set(facts.countries.keys), at: now)
    }

    /// `result`: `nil` for an event that was too large to be looked at.
    private func answer(
        to value: JSONValue,
        _ result: Result<Intake.Receipt, IntakeRefusal>?,
        _ notes: inout RefusalNotes,
        at now: Instant
    ) -> Result<Intake.Receipt, Problem> {
        switch result {
        case .success(let receipt):
            notes.add(receipt, of: value)
            return .success(receipt)
        case .failure(let refusal):
            return .failure(notes.naming(Problem(refusal, at: now), of: value, refusal.leg))
        case nil:
            let problem = Problem.tooLarge("The event is too large.", limit: facts.limits.bodyBytes)
            return .failure(notes.naming(problem, of: value))
        }
    }

    /// The events of a batch that would be too large alone too, counted without the blanks between their members.
    private func indicesOfTooLarge(_ values: [JSONValue], in body: [UInt8]) -> Set<Int> {
        let limit = facts.limits.bodyBytes
        guard body.count > limit else { return [] }
        return Set(values.indices.filter { values[$0].serialized().count > limit })
    }

    private func envelopes(of request: Request) throws(Problem) -> (EventMode, [JSONValue]) {
        let headers = request.headers.fields.map { (name: $0.name, value: $0.value) }
        guard let mode = EventMode(headers: headers) else { throw .unsupportedMediaType(EventMode.mediaTypes) }
        do {
            return (mode, try mode.envelopes(headers: headers, body: request.body, limit: facts.limits.batchEvents))
        } catch {
            throw Problem(error, limits: facts.limits)
        }
    }

    private func answer(
        _ value: JSONValue,
        _ result: Result<Intake.Receipt, Problem>,
        at now: Instant
    ) -> JSONValue {
        switch result {
        case .success(let receipt):
            noteRefusedLegs(of: receipt, at: now)
            return receipt.json(at: now)
        case .failure(let problem):
            note(problem)
            return [
                "event": AuthEvent.id(of: value).map(JSONValue.string) ?? nil, "status": "refused",
                "problem": .object(problem.json),
            ]
        }
    }
}

extension IntakeRefusal {
    /// What is refused by settings or store, whatever the event's form.
    fileprivate var leg: LegRefusal? {
        if case .refused(let leg, _) = self { leg } else { nil }
    }
}

extension Intake.Receipt {
    func json(at now: Instant) -> JSONValue {
        var object: JSONObject = ["event": .string(event), "status": isDuplicate ? "duplicate" : "accepted"]
        let challenges = accepted.deliveries.compactMap { $0.challenge?.json }
        if challenges.count == 1 { object["challenge"] = challenges[0] }
        object["deliveries"] = .array(accepted.deliveries.map(\.json))
        if !accepted.refused.isEmpty {
            object["refused"] = .array(
                accepted.refused.map { refusal in
                    let judged = accepted.deliveries.map(\.channel) + accepted.refused.map(\.channel)
                    let other = channels.filter { !judged.contains($0) }
                    let problem = Problem(refusal, other: other, at: now)
                    return [
                        "channel": .string(refusal.channel.name),
                        "problem": .object((accepted.name(of: refusal).map(problem.named) ?? problem).json),
                    ]
                }
            )
        }
        return .object(object)
    }
}

extension AcceptedEvent.Delivery {
    var json: JSONValue {
        [
            "id": .string("\(id)"), "channel": .string(channel.name), "state": isParked ? "parked" : "ready",
            "country": estimate.map { .string($0.country) } ?? nil,
            "segments": estimate.map { .integer($0.segments) } ?? nil,
            "encoding": estimate.map { .string($0.encoding.name) } ?? nil, "challenge": challenge?.json ?? nil,
            "estimate": estimate?.amount.json ?? nil,
            "price_version": estimate.map { .string($0.priceVersion) } ?? nil,
        ]
    }
}

extension AcceptedEvent.Delivery.Challenge {
    fileprivate var json: JSONValue {
        ["id": .string("\(id)"), "expires_at": .string("\(expiresAt)"), "digits": .integer(Int64(digits))]
    }
}
