package import AuthEvents
package import Clocks

/// A temporary stop of a number prefix, a country, a tenant or a gateway.
///
/// What it covers is refused at intake and parked where it waits already; a gateway that is held takes nothing, and what it
/// was to take goes to the next of its route.
package struct Hold: Sendable, Equatable {
    package enum Scope: String, Sendable, CaseIterable {
        case prefix, country, tenant, gateway
    }

    package var id: HoldID
    package var scope: Scope
    /// A prefix in E.164 (`+1242`), a country (ISO 3166-1), or the name of a tenant or gateway.
    package var value: String
    package var reason: String
    package var until: Instant
    /// The tenant whose own token made it, which alone may end it; `nil` for those of the installation.
    package var owner: TenantName?

    package init(
        id: HoldID,
        scope: Scope,
        value: String,
        reason: String,
        until: Instant,
        owner: TenantName? = nil
    ) {
        (self.id, self.scope, self.value) = (id, scope, value)
        (self.reason, self.until, self.owner) = (reason, until, owner)
    }

    /// Whether it stops what goes to a number of a country, or to no number, for a tenant; what a gateway takes is not
    /// asked here.
    ///
    /// `number`: In E.164; it matters to prefixes only.
    package func covers(tenant: TenantName, country: String?, number: String?) -> Bool {
        switch scope {
        case .tenant: value == tenant.description
        case .country: value == country
        case .prefix: number?.hasPrefix(value) ?? false
        case .gateway: false
        }
    }
}
