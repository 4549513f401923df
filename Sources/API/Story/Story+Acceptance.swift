import AuthEvents
import Clocks
import Deliveries
import JSON
import Limits
import Spend
import Store

// How a delivery came to be: what was judged, in the order in which it is.
extension Story {
    /// The whole story of a delivery.
    init(of chronicle: Chronicle) {
        tellEvent(of: chronicle)
        if let decision = chronicle.decision { tell(decision, of: chronicle) }
        for booking in chronicle.bookings { tell(booking) }
        for attempt in chronicle.attempts { tell(attempt) }
        for receipt in chronicle.receipts { tell(receipt) }
        tellNotes(of: chronicle)
        if let claim = chronicle.claim { tell(claimedBy: claim.carrier, at: claim.at) }
        tellEnd(of: chronicle)
        tellProof(of: chronicle)
    }

    private mutating func tellEvent(of chronicle: Chronicle) {
        let report = chronicle.report
        let what = chronicle.type.map { "The event \($0)" } ?? "An event for \(report.purpose.name)"
        let address = report.isPrevious ? ", to the address before the change" : ""
        tell(
            .event,
            at: chronicle.receivedAt,
            "\(what) came for the tenant \(report.tenant), by \(report.channel.name)\(address).",
            [
                "event": .string(report.eventName), "type": chronicle.type.map(JSONValue.string) ?? nil,
                "purpose": .string(report.purpose.name), "tenant": .string("\(report.tenant)"),
                "channel": .string(report.channel.name), "locale": report.locale.map(JSONValue.string) ?? nil,
                "time": chronicle.occurredAt.map { .string("\($0)") } ?? nil, "previous": .bool(report.isPrevious),
            ]
        )
        if let replay = report.replay {
            let origin = chronicle.origin.map { " of \($0.delivery)" } ?? ""
            tell(
                .replay,
                at: report.createdAt,
                "The replay \(replay) made this delivery anew\(origin).",
                [
                    "replay": .string("\(replay)"),
                    "origin": chronicle.origin.map { .string("\($0.delivery)") } ?? nil,
                ]
            )
        }
    }

    private mutating func tell(_ decision: Decision, of chronicle: Chronicle) {
        let at = chronicle.report.createdAt
        tell(
            .checks,
            at: at,
            "The recipient was not suppressed, and nothing that covers the message was held.",
            ["suppressed": false, "held": false]
        )
        if let quote = chronicle.quote, let type = decision.numberType {
            tell(
                .destination,
                at: at,
                "The number is one of \(quote.estimate.country) and of the type \(type); both are written to.",
                ["country": .string(quote.estimate.country), "number_type": .string(type)]
            )
        }
        if let resend = decision.resend {
            tell(
                .resend,
                at: at,
                "The person had been written to \(Story.times(resend.sent)): \(resend.wait.text) had to pass since, "
                    + "\(Story.seconds(resend.elapsed)) had.",
                resend.facts
            )
        }
        for limit in decision.limits {
            tell(
                .limit,
                at: at,
                "The limit \(limit.name) lets \(limit.rate.text) through \(Story.words(limit.scope)): with this one "
                    + "\(limit.burst - limit.left) of \(limit.burst) were used.",
                limit.facts
            )
        }
        tellChallenge(decision, of: chronicle)
        tellCosts(decision, of: chronicle)
        tell(decision.route, of: chronicle)
    }

    private mutating func tellChallenge(_ decision: Decision, of chronicle: Chronicle) {
        let report = chronicle.report
        guard let id = report.challenge, let opening = decision.opening else {
            let hasCode = report.purpose.carriesCode && !report.isPrevious
            return tell(
                .challenge,
                at: report.createdAt,
                hasCode
                    ? "The code is the application's own: there is nothing to verify here." : "It carries no code.",
                ["challenge": nil, "expires_at": .string("\(report.expiresAt)")]
            )
        }
        let sentence =
            switch opening {
            case .opened: "It opened the challenge \(id), with its first code."
            case .sameCode: "The challenge \(id) was open and its code young: the same code is sent again."
            case .newCode: "The challenge \(id) was open, its code past half of its life: it got a new one."
            case .reopened: "The challenge \(id) had expired: it was opened again, with a new code."
            case .replayed: "The challenge \(id) got a fresh code."
            }
        let group = chronicle.group.isEmpty ? "" : " Any code of its group of \(chronicle.group.count) will do."
        let manner =
            switch opening {
            case .opened: "new"
            case .sameCode: "same_code"
            case .newCode: "new_code"
            case .reopened: "reopened"
            case .replayed: "replayed"
            }
        tell(
            .challenge,
            at: report.createdAt,
            sentence + group,
            [
                "challenge": .string("\(id)"), "manner": .string(manner), "code_number": .integer(chronicle.code),
                "expires_at": .string("\(report.expiresAt)"),
                "group": .array(chronicle.group.map { .string("\($0)") }),
            ]
        )
    }

    private mutating func tellCosts(_ decision: Decision, of chronicle: Chronicle) {
        guard let quote = chronicle.quote else { return }
        let (at, estimate) = (chronicle.report.createdAt, quote.estimate)
        let units = decision.units.map { " (\($0) units)" } ?? ""
        tell(
            .text,
            at: at,
            "The text takes \(Story.count(estimate.segments, "segment")) of \(estimate.encoding.name)\(units).",
            [
                "segments": .integer(estimate.segments), "encoding": .string(estimate.encoding.name),
                "units": decision.units.map(JSONValue.integer) ?? nil,
            ]
        )
        let (unit, fee) = (decision.unitPrice ?? 0, decision.fee ?? 0)
        tell(
            .price,
            at: at,
            "A segment costs \(Money.text(micros: unit)) and a fee of \(Money.text(micros: fee)) at \(quote.gateway), "
                + "the dearest of its route (prices \(estimate.priceVersion)): \(estimate.amount) for the message.",
            [
                "gateway": .string(quote.gateway), "unit_price": .string(Money.text(micros: unit)),
                "fee": .string(Money.text(micros: fee)), "segments": .integer(estimate.segments),
                "amount": .string(estimate.amount.amount), "currency": .string("\(estimate.amount.currency)"),
                "price_version": .string(estimate.priceVersion),
            ]
        )
        for budget in decision.budgets {
            tell(
                .budget,
                at: at,
                "It fits: \(budget.words), and it takes \(budget.amount.amount).",
                budget.facts
            )
        }
    }

    private mutating func tell(_ route: RouteJudgement, of chronicle: Chronicle) {
        let channel = chronicle.report.channel.name
        let rule =
            route.rule.map { "Rule \($0) of the routes leads to \(Story.list(route.gateways))" }
            ?? "No route is written for \(channel), so its gateways follow in their order: \(Story.list(route.gateways))"
        let passed = route.passed.map { "\($0.gateway) \(Story.words($0.obstacle))" }
        let because = passed.isEmpty ? "" : ", since \(Story.list(passed))"
        let fate =
            switch route.parked {
            case nil where route.isTrial: "it is the one that tries whether \(route.gateway) is back\(because)"
            case nil: "\(route.gateway) takes it\(because)"
            case .paused: "it waits parked, since the channel \(channel) is paused"
            case .some: "it waits parked\(because)"
            }
        tell(
            .route,
            at: chronicle.report.createdAt,
            "\(rule); \(fate).",
            [
                "rule": route.rule.map(JSONValue.integer) ?? nil,
                "gateways": .array(route.gateways.map(JSONValue.string)), "gateway": .string(route.gateway),
                "passed_over": .array(
                    route.passed.map {
                        ["gateway": .string($0.gateway), "reason": .string($0.obstacle.rawValue)]
                    }
                ),
                "state": route.parked == nil ? "ready" : "parked",
                "reason": route.parked.map { .string($0.name) } ?? nil, "trial": .bool(route.isTrial),
            ]
        )
    }
}
