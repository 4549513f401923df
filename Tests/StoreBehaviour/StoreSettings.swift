package import AuthEvents
package import Deliveries
package import Spend
package import Store

/// What a store is opened with.
package struct StoreSettings: Sendable {
    package var routing: RoutingTable
    package var budgets: [Budget]
    package var policy: @Sendable (Channel, Purpose) -> SendingPolicy
    package var stories = StoryBounds()
    package var terms: StoreTerms

    package init(
        routing: RoutingTable = StoreBehaviour.routing,
        budgets: [Budget] = [],
        policy: @escaping @Sendable (Channel, Purpose) -> SendingPolicy = SendingPolicy.standard,
        terms: StoreTerms = StoreTerms(recentRows: 40)
    ) {
        (self.routing, self.budgets, self.policy, self.terms) = (routing, budgets, policy, terms)
    }
}

extension RoutingTable {
    /// The same with this done about all unknown outcomes.
    package func treating(_ policy: UnknownPolicy) -> RoutingTable {
        let gateways = gateways.map { gateway in
            var terms = gateway
            for purpose in Purpose.allCases { terms.unknown[purpose] = policy }
            return terms
        }
        return RoutingTable(gateways: gateways, routes: routes)
    }
}

extension Budget {
    /// A budget over all, of US cents.
    package static func cents(
        _ limit: Int64,
        _ name: String = "all",
        scope: Scope = .all,
        period: Period = .day
    ) -> Budget {
        Budget(name: name, scope: scope, period: period, limit: Money(micros: limit * 10_000, currency: .dollar))
    }
}

extension Currency {
    package static var dollar: Currency {
        guard let dollar = Currency("USD") else { preconditionFailure("USD is a currency") }
        return dollar
    }
}
