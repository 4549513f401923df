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
        do {
            standing = try await records.standing(of: principal.tenant)
            budgets = try await money.budgets(of: principal.tenant)
        } catch {
            throw Problem(error)
        }
        let now = time.now()
        let carriers = carriers.seen(at: now)
        let known = Set(facts.gateways.map(\.name))
        let gateways = standing.gateways.filter { known.contains($0.name) }
        return .json([
            "version": .string(facts.version), "store": .string(facts.store),
            "sandbox": .bool(facts.sandboxFolder != nil),
            "channels": .array(standing.channels.map { channel(_: $0, gateways, at: now) }),
            "carriers": .array(
                carriers.map { carrier in
                    [
                        "carrier": .string(carrier.name), "channel": .string(carrier.channel.name),
                        "last_seen": .string("\(carrier.lastSeen)"),
                    ]
                }
            ),
            "gateways": .array(gateways.map(\.json)), "budgets": .array(budgets.map(\.json)),
            "alerts": .array(alerts(gateways) + budgets.compactMap { $0.alert(at: now) }),
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
        let names = Set(facts.gateways.filter { $0.channel == counts.channel }.map(\.name))
        let oldest = gateways.filter { names.contains($0.name) }.compactMap(\.earliestDue).min()
        object["oldest_ready_seconds"] = .integer(oldest.map { max(0, (now - $0).milliseconds / 1000) } ?? 0)
        object["paused"] = false
        return .object(object)
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
            "name": .string(name), "state": .string(health.state.rawValue),
            "reason": health.state == .down ? .string(Outcome.unreachableCode) : nil,
            "since": health.downSince.map { .string("\($0)") } ?? nil,
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
