import AuthEvents
import Deliveries
import SQLite
import Spend
import Store

extension WriterCore {
    /// What a leg is accepted with, before anything is reserved for it.
    mutating func decision(
        on leg: Submission.Leg,
        _ opened: OpenedChallenge?,
        _ limits: [LimitJudgement],
        _ choice: Placement,
        of origin: Origin
    ) throws(SQLiteError) -> Decision {
        var decision = Decision(
            opening: opened?.opening,
            resend: opened?.resend,
            limits: limits,
            route: judgement(of: choice, leg)
        )
        guard let costs = leg.costs else { return decision }
        let dearest = costs.dearest
        decision.numberType = costs.numberType
        decision.units = Int64(dearest.segments.units)
        (decision.unitPrice, decision.fee) = (dearest.price.unit, dearest.price.fee)
        let subject = Budget.Subject(
            tenant: "\(try tenantName(origin.tenant))",
            country: costs.country,
            purpose: origin.purpose.name
        )
        decision.budgets = try budgetJudgements(of: BudgetDemand(amount: dearest.amount, subject: subject))
        return decision
    }

    private func judgement(of choice: Placement, _ leg: Submission.Leg) -> RouteJudgement {
        let country = leg.costs?.country
        let gateways = routing.route(for: leg.channel, country: country)?.gateways ?? []
        let gateway = gatewayName(choice.gateway)
        // What is parked for want of a gateway waits at the first, which none was passed over for.
        let before = choice.reason == nil ? Array(gateways.prefix { $0 != gateway }) : gateways
        return RouteJudgement(
            rule: routing.rule(for: leg.channel, country: country).map(Int64.init),
            gateways: gateways,
            gateway: gateway,
            passed: before.compactMap { name in
                obstacle(at: name, leg.costs).map { RouteJudgement.Passed(name, $0) }
            },
            parked: choice.reason,
            isTrial: choice.isTrial
        )
    }

    /// Why nothing goes to a gateway now.
    func obstacle(at gateway: String, _ costs: Submission.Costs? = nil) -> RouteJudgement.Obstacle? {
        if let costs, !costs.quotes.contains(where: { $0.gateway == gateway }) {
            return costs.tooDear.contains(gateway) ? .priceCeiling : .noPrice
        }
        if routing.terms(of: gateway) == nil { return .gone }
        if isHeld(gateway: gateway) { return .held }
        let health = state.gatewayNames.ids[gateway].flatMap { state.gateways[$0] }
        return health?.state == .down ? .down : nil
    }
}
