package import Clocks
private import Deliveries
private import JSON
package import Link
private import Spend

/// The server, as a carrier sees it.
package protocol PostOffice: Sendable {
    /// Waits for up to so many tasks.
    ///
    /// `inHandBelow`: Only of tenants and priorities of which fewer are in hand at the gateway; `nil` for any.
    ///
    /// `hasFew`: Whether somebody has few in hand there.
    func claim(
        at gateways: [String],
        limit: Int,
        inHandBelow: Int?,
        hasFew: Bool,
        wait: Duration
    ) async throws(LinkFailure) -> ClaimAnswer

    /// Asks for each claim whether to go on: `go`, or why not. What items are behind of is stored when it returns.
    func begin(_ items: [BeginItem]) async throws(LinkFailure) -> [String]

    /// Reports outcomes; returns when they are stored.
    func settle(_ outcomes: [Report]) async throws(LinkFailure)
}

/// What a carrier has claimed.
package struct ClaimAnswer: Sendable, Equatable {
    package var tasks: [CarrierTask]
    /// Whether somebody has few in hand at other gateways.
    package var haveOthersFew: Bool

    package init(tasks: [CarrierTask] = [], haveOthersFew: Bool = false) {
        (self.tasks, self.haveOthersFew) = (tasks, haveOthersFew)
    }
}

/// The server over its endpoints for carriers.
package struct RemotePostOffice: PostOffice {
    private let link: ServerLink
    private let channel: String
    private let carrier: String
    private let instance: String
    private let time: any TimeSource

    /// `carrier`: Stays the same when the program is started again.
    ///
    /// `instance`: Another for each start: the server then frees what the process before had claimed.
    package init(link: ServerLink, channel: String, carrier: String, instance: String, time: any TimeSource) {
        (self.link, self.channel, self.carrier) = (link, channel, carrier)
        (self.instance, self.time) = (instance, time)
    }

    package func claim(
        at gateways: [String],
        limit: Int,
        inHandBelow: Int?,
        hasFew: Bool,
        wait: Duration
    ) async throws(LinkFailure) -> ClaimAnswer {
        var body: JSONObject = [
            "carrier": .string(carrier), "instance": .string(instance), "channel": .string(channel),
            "gateways": .array(gateways.map(JSONValue.string)), "max": .integer(Int64(limit)),
            "wait_ms": .integer(wait.milliseconds),
        ]
        body["in_hand_below"] = inHandBelow.map { .integer(Int64($0)) }
        if hasFew { body["has_few"] = true }
        let answer = try await call("claim", body, timeout: wait + .seconds(10))
        let arrival = time.boot()
        return ClaimAnswer(
            tasks: (answer["claims"]?.array ?? []).compactMap { CarrierTask($0, arrivedAt: arrival) },
            haveOthersFew: answer["others_have_few"]?.bool ?? false
        )
    }

    package func begin(_ items: [BeginItem]) async throws(LinkFailure) -> [String] {
        var body: JSONObject = ["items": .array(items.map { .object($0.members) })]
        let outcomes = items.compactMap(\.behind)
        if !outcomes.isEmpty { body["outcomes"] = .array(outcomes.map { .object($0.members) }) }
        // An answer after the limit is of no use: the message may not be handed over any more.
        let answer = try await call("begin", body, timeout: Gate.beginLimit)
        return (answer["results"]?.array ?? []).map { $0.string ?? "" }
    }

    package func settle(_ outcomes: [Report]) async throws(LinkFailure) {
        let outcomes = outcomes.map { JSONValue.object($0.members) }
        _ = try await call("settle", ["outcomes": .array(outcomes)], timeout: .seconds(15))
    }

    /// As RFC 9218 has it: who has few in hand waits for nobody's many, in the server either.
    private func urgency(of priority: TaskPriority) -> Int? {
        if priority == .medium { return nil }
        return priority > .medium ? 1 : 5
    }

    private func call(
        _ action: String,
        _ body: JSONObject,
        timeout: Duration
    ) async throws(LinkFailure) -> JSONValue {
        let answer = try await link.call(
            "POST",
            "/v1/carriers/\(action)",
            .object(body),
            headers: urgency(of: Task.currentPriority).map { [("Priority", "u=\($0)")] } ?? [],
            timeout: timeout
        )
        guard answer.isSuccess else {
            throw LinkFailure(mayHaveRun: false, reason: answer.complaint, isFinal: answer.isFinalRefusal)
        }
        return answer.body
    }
}

extension BeginItem {
    fileprivate var members: JSONObject {
        var members: JSONObject = ["token": .string(token)]
        if let quote {
            members["segments"] = .integer(quote.segments)
            members["encoding"] = .string(quote.encoding)
            for (name, value) in quote.amount.members.members { members[name] = value }
        }
        return members
    }
}

extension Report {
    fileprivate var members: JSONObject {
        var members: JSONObject = ["token": .string(token), "result": .string(handOver.outcome.name)]
        members["gateway_reference"] = handOver.gatewayReference.map(JSONValue.string)
        members["code"] = handOver.code.map(JSONValue.string)
        members["detail"] = handOver.detail.map(JSONValue.string)
        members["retry_after_ms"] = handOver.retryAfter.map { .integer($0.milliseconds) }
        members["price"] = handOver.price.map { .object($0.members) }
        return members
    }
}

extension Money {
    fileprivate var members: JSONObject {
        ["amount": .string(amount), "currency": .string(currency.description)]
    }
}
