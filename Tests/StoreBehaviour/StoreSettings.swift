package import AuthEvents
package import Deliveries
package import Spend
package import Store

/// What a store is opened with.
package struct StoreSettings: Sendable {
    package var routing: RoutingTable
    package var budgets: [Budget]
    package var policy: @Sendable (Channel, Purpose) -> SendingPolicy
    package var terms: StoreTerms

    package init(
        routing: RoutingTable = StoreBehaviour.routing,
        budgets: [Budget] = [],
        policy: @escaping @Sendable (Channel, Purpose) -> SendingPolicy = SendingPolicy.standard,
        terms: StoreTerms = StoreTerms()
    ) {
        (self.routing, self.budgets, self.policy, self.terms) = (routing, budgets, policy, terms)
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
