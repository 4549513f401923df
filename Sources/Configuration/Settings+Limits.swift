import AuthEvents
import Limits

extension Settings {
    /// The limits of an installation and those of its tenants' own, or the standard ones where none are given.
    static func limits(_ root: SettingsSection) throws(SettingsError) -> LimitSet {
        let entries = try root.entries("limits")
        let general = try entries.map { entries throws(SettingsError) in try limits(entries, of: nil) }
        var own: [TenantName: [Limit]] = [:]
        for tenant in try root.entries("tenants") ?? [] {
            guard let name = TenantName(try tenant.string("name") ?? ""), let entries = try tenant.entries("limits")
            else { continue }
            own[name] = try limits(entries, of: name)
        }
        return LimitSet(general ?? Limit.standard, own: own)
    }

    private static func limits(
        _ entries: [SettingsSection],
        of tenant: TenantName?
    ) throws(SettingsError) -> [Limit] {
        var limits: [Limit] = []
        for entry in entries {
            let limit = try limit(entry, of: tenant)
            guard !limits.contains(where: { $0.name == limit.name }) else { throw entry.error("name", "stands twice") }
            limits.append(limit)
            try entry.refuseUnknown()
        }
        return limits
    }

    private static func limit(_ entry: SettingsSection, of tenant: TenantName?) throws(SettingsError) -> Limit {
        let name = try entry.required("name", "the limit's name, which a refusal tells")
        guard (1...64).contains(name.utf8.count), name != "resend" else {
            throw entry.error("name", "must have 1 to 64 bytes and not be resend, which names the resend wait")
        }
        let scopes = Limit.Scope.allCases.map(\.rawValue).joined(separator: ", ")
        guard let scope = Limit.Scope(rawValue: try entry.required("scope", scopes)) else {
            throw entry.error("scope", "must be one of \(scopes)")
        }
        guard let rate = try entry.rate("rate") else {
            throw entry.error("rate", "is required: so many in so much time, such as 5/10m")
        }
        let burst = try entry.integer("burst", in: 1...1_000_000)
        guard rate.allows(burst: burst ?? 1) else {
            throw entry.error("burst", "must be one that the rate fills again within a year")
        }
        guard let moment = Limit.Moment(rawValue: try entry.string("on", default: "accept")) else {
            throw entry.error("on", "must be accept or verify")
        }
        let channelName = try entry.string("channel")
        let channel = channelName.flatMap(Channel.init(name:))
        guard channelName == nil || channel != nil else { throw entry.error("channel", "must be email or sms") }
        let isForeign = try entry.boolean("foreign", default: false)
        let isShared = try entry.boolean("shared", default: false)
        guard channel != .email || !isForeign && scope != .country && scope != .prefix else {
            throw entry.error("channel", "must be sms or left out: only numbers have a country and a prefix")
        }
        guard !isShared || tenant == nil else {
            throw entry.error("shared", "must be left out: a tenant's own limit counts that tenant alone")
        }
        guard tenant == nil || scope != .all else {
            throw entry.error("scope", "must not be all: a tenant's own limit counts that tenant alone; use tenant")
        }
        guard !isShared || scope != .tenant else {
            throw entry.error("shared", "must be left out: a limit of scope all counts all tenants together")
        }
        let digits = try entry.integer("prefix_digits", in: 1...15)
        guard digits == nil || scope == .prefix else {
            throw entry.error("prefix_digits", "must be left out: it belongs to the scope prefix")
        }
        return Limit(
            name: name,
            scope: scope,
            rate: rate,
            burst: burst,
            moment: moment,
            channel: channel,
            isForeign: isForeign,
            isShared: isShared,
            prefixDigits: digits.map(Int.init) ?? Limit.standardPrefixDigits
        )
    }
}
