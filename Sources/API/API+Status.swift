import AuthEvents
import Clocks
import Deliveries
import HTTPServer
import JSON
import Spend
import Store

extension API {
    /// Answers `GET /v1/status`.
    func status(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .read)
        try request.refuseQuery()
        let standing: Standing
        let budgets: [BudgetStanding]
        let held: [Hold]
        let restores: [Restore]
        do {
            standing = try await records.standing(of: principal.tenant)
            budgets = try await money.budgets(of: principal.tenant)
            held = try await holds.holds(of: principal.tenant)
            restores = try await backups.restores()
        } catch {
            throw Problem(error)
        }
        let now = time.now()
        let boot = time.boot()
        let carriers = carriers.seen(at: boot)
        let known = Set(facts.gateways.map(\.name))
        let gateways = standing.gateways.filter { known.contains($0.name) }
        return .json([
            "version": .string(facts.version), "store": .string(facts.store),
            "sandbox": .bool(facts.sandboxFolder != nil),
            "channels": .array(standing.channels.map { channel(_: $0, gateways, at: now) }),
            "carriers": .array(
                carriers.map { carrier in
                    let age = boot - carrier.lastSeen
                    return [
                        "carrier": .string(carrier.name), "channel": .string(carrier.channel.name),
                        // By the wall clock of now, which may have been set since.
                        "last_seen": .string("\(now - age)"), "seen_seconds_ago": .integer(age.milliseconds / 1000),
                    ]
                }
            ),
            "gateways": .array(gateways.map(\.json)), "budgets": .array(budgets.map(\.json)),
            "alerts": .array(
                alerts(gateways) + standing.channels.compactMap(\.alert) + held.map(\.alert)
                    + budgets.compactMap { $0.alert(at: now) }
                    + restores.filter { now < $0.at + Restore.alertPeriod }.map(\.alert)
            ),
        ])
    }

    private func channel(
        _ counts: Standing.ChannelCounts,
        _ gateways: [Standing.GatewayState],
        at now: Instant
    ) -> JSONValue {
        var object: JSONObject = ["channel": .string(counts.channel.name)]
        for state in [DeliveryState.ready, .parked, .leased, .sending, .unknown, .dead] {
            object[state.name] = .integer(counts.counts[state] ?? 0)
        }
        object["unknown_steps"] = [
            UnknownPolicy.Step.awaitReceipt.rawValue: .integer((counts.counts[.unknown] ?? 0) - counts.asking),
            UnknownPolicy.Step.askGateway.rawValue: .integer(counts.asking),
        ]
        object["oldest_ready_seconds"] = .integer(longestWait(counts.channel, gateways, at: now).milliseconds / 1000)
        object["paused"] = .bool(counts.pausedAt != nil)
        return .object(object)
    }

    /// How long the delivery of a channel that has waited longest for a carrier has been due.
    func longestWait(_ channel: Channel, _ gateways: [Standing.GatewayState], at now: Instant) -> Duration {
        let names = Set(facts.gateways.filter { $0.channel == channel }.map(\.name))
        let oldest = gateways.filter { names.contains($0.name) }.compactMap(\.earliestDue).min()
        return oldest.map { max(.zero, now - $0) } ?? .zero
    }

    private func alerts(_ gateways: [Standing.GatewayState]) -> [JSONValue] {
        gateways.compactMap { gateway in
            gateway.health.downSince.map { since in
                [
                    "name": "gateway_down", "since": .string("\(since)"),
                    "detail": .string(
                        "\(gateway.name) could not be reached \(GatewayHealth.unreachableLimit) times in a row"
                    ),
                ]
            }
        }
    }
}

extension Standing.GatewayState {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "state": .string(hold == nil ? health.state.rawValue : "held"),
            "reason": hold.map { .string($0.reason) }
                ?? (health.state == .down ? .string(Outcome.unreachableCode) : nil),
            "since": hold.map { .string("\($0.id.createdAt)") } ?? health.downSince.map { .string("\($0)") } ?? nil,
        ]
    }
}

extension Standing.ChannelCounts {
    /// Tells that the channel was stopped by hand.
    fileprivate var alert: JSONValue? {
        guard let pausedAt else { return nil }
        return [
            "name": "paused", "since": .string("\(pausedAt)"),
            "detail": .string("\(channel.name) is paused, nothing of it is handed out until it is resumed"),
        ]
    }
}

extension Hold {
    fileprivate var alert: JSONValue {
        [
            "name": "hold", "since": .string("\(id.createdAt)"),
            "detail": .string("\(scope.rawValue) \(value) is held until \(until): \(reason)"),
        ]
    }
}

extension BudgetStanding {
    /// `key` is the tenant, country or purpose that is counted apart.
    fileprivate var json: JSONValue {
        [
            "name": .string(budget.name), "scope": .string(budget.scope.rawValue), "key": .string(key),
            "period": .string(budget.period.rawValue), "used": .string(used.amount),
            "limit": .string(budget.limit.amount), "currency": .string("\(budget.limit.currency)"),
        ]
    }

    /// Tells the highest of the budget's percentages that is reached.
    fileprivate func alert(at now: Instant) -> JSONValue? {
        guard let percentage = reachedAlert else { return nil }
        let whose = budget.name + (key.isEmpty ? "" : " of \(key)")
        return [
            "name": "budget", "since": .string("\(budget.period.bounds(around: now).start)"),
            "detail": .string("\(whose) has used \(percentage)% or more: \(used.amount) of \(budget.limit)"),
        ]
    }
}
