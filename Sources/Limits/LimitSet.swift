package import AuthEvents

/// All limits of an installation.
package struct LimitSet: Sendable, Equatable {
    /// For all tenants.
    private let general: [Limit]
    /// A tenant's own.
    private let own: [TenantName: [Limit]]

    /// `own`: A limit of a tenant takes the place of the general one of its name; others come to the general ones.
    package init(_ general: [Limit] = Limit.standard, own: [TenantName: [Limit]] = [:]) {
        (self.general, self.own) = (general, own)
    }

    /// What is judged for a tenant at a moment.
    package func limits(of tenant: TenantName, at moment: Limit.Moment) -> [Limit] {
        let own = own[tenant] ?? []
        let others = general.filter { limit in !own.contains { $0.name == limit.name } }
        return (others + own).filter { $0.moment == moment }
    }

    /// The names of all of them, each once: what a refusal may name.
    package var names: Set<String> { Set((general + own.values.flatMap(\.self)).map(\.name)) }
}
