import AuthEvents
import Challenges
import Clocks
import Composition
import Configuration
import Deliveries
import Spend

/// The tenants' templates and what their messages would cost, from the settings alone.
struct TemplateDesk {
    let tenants: [Tenant]
    private let composer: Composer
    private let settings: Settings
    private let destinations: Destinations
    private let now: Instant

    /// - Throws: `SettingsError`, for faults of templates and price tables too.
    init(_ invocation: Invocation) throws {
        let path = SettingsPlace.path(invocation.config, environment: invocation.environment)
        settings = try Settings(file: path, environment: invocation.environment)
        now = SettingsPlace.time(for: settings, environment: invocation.environment).now()
        tenants = settings.tenants
        composer = try settings.composer()
        destinations = try settings.destinations(at: now)
    }

    /// Without a name `default`.
    func tenant(_ name: String?) throws(CommandFailure) -> Tenant {
        let name = name ?? TenantName.default.description
        guard let tenant = tenants.first(where: { $0.name.description == name }) else {
            throw CommandFailure(1, "the settings have no tenant \(name.debugDescription); add it under [[tenants]]")
        }
        return tenant
    }

    func templates(of tenant: Tenant) -> TemplateSet { composer.templates(of: tenant.name) }

    func terms(of purpose: Purpose) -> PurposeTerms { settings.purposes[purpose] ?? .standard(for: purpose) }

    /// What a thousand texts of this length cost in the tenant's own country: its row for any number there, at the dearest
    /// gateway of the route; `nil` where there is none.
    func thousand(_ count: SegmentCount, for tenant: Tenant) -> Money? {
        let routing = settings.routing
        let names = routing.route(for: .sms, country: tenant.defaultCountry)?.gateways ?? []
        let quotes = names.compactMap { name in
            destinations.price(of: "", country: tenant.defaultCountry, at: name, now: now)
                .map { GatewayQuote(gateway: name, price: $0, segments: count) }
        }
        return GatewayQuote.dearest(of: quotes)?.price.amount(segments: 1000 * count.segments)
    }

    /// A finding with the path of its file, which for a built-in text is the path it would have.
    func place(_ finding: LintFinding, _ report: TemplateReport, of tenant: Tenant) -> String {
        guard !report.isBuiltIn, let folder = settings.templates[tenant.name]?.folder else {
            return "built-in, tenant \(tenant.name): \(finding)"
        }
        return "\(folder)/\(finding)"
    }
}
