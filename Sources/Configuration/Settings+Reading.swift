private import AuthEvents
import Challenges
import Clocks
import Composition
import Deliveries
import Foundation
import Limits
import PhoneNumbers
import TOML

extension Settings {
    /// Reads the settings from a file and the environment.
    ///
    /// A key that is not known, a value that is not allowed and a missing one are refused with file, line and key.
    package init(file path: String, environment variables: [String: String]) throws(SettingsError) {
        let absolute = URL(filePath: path).standardizedFileURL.path
        guard let data = FileManager.default.contents(atPath: absolute) else {
            throw SettingsError(
                file: path,
                line: nil,
                key: nil,
                reason: "the settings cannot be read; make them with `gatepost init`, or name them with --config"
            )
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw SettingsError(file: path, line: nil, key: nil, reason: "the file is not UTF-8")
        }
        let environment = SettingsEnvironment(variables)
        let root: SettingsSection
        do {
            root = SettingsSection(
                try TOMLTable(parsing: text),
                line: nil,
                path: "",
                file: path,
                environment: environment
            )
        } catch {
            throw SettingsError(file: path, line: error.line, key: nil, reason: error.reason)
        }
        try self.init(root, file: absolute)
        if let stranger = environment.strangers.first {
            warnings.append("\(stranger) in the environment meets no key of the settings; it has no effect")
        }
    }

    private init(_ root: SettingsSection, file: String) throws(SettingsError) {
        self.file = file
        let base = directory(of: file)
        server = try Server(root.section("server"), base: base)
        (database, backupLog) = try Settings.store(root.section("store"), base: base)
        let keys = try root.section("keys")
        keyFile = resolved(try keys.string("file") ?? "keys.toml", base)
        try keys.refuseUnknown()
        let sandbox = try root.section("sandbox")
        let folder = resolved(try sandbox.string("dir") ?? "sandbox", base)
        sandboxFolder = try sandbox.boolean("enabled") ?? false ? folder : nil
        try sandbox.refuseUnknown()
        (tenants, templates) = try Settings.tenants(root, base: base)
        purposes = try Settings.purposes(root.section("purposes"))
        gateways = try GatewaySettings.all(
            root,
            base: base,
            hasSandbox: sandboxFolder != nil,
            publicURL: server.publicURL
        )
        routes = try Settings.routes(root, gateways: gateways)
        try Settings.refuseMixing(gateways, without: routes, root)
        carriers = try Carriers(root.section("carriers"))
        destinationPolicy = try Settings.policy(root.section("countries"))
        (budgets, limitLines) = try Settings.budgets(root)
        limitLines["countries.price_ceiling"] = try root.section("countries").error("price_ceiling", "").line
        prices = try Prices(root.section("prices"), base: base)
        limits = try Settings.limits(root)
        warnings = []
        try root.refuseUnknown()
    }

    private static func store(
        _ store: SettingsSection,
        base: String
    ) throws(SettingsError) -> (database: String, backupLog: Int64) {
        let url = try store.string("url") ?? "sqlite:data/gatepost.db"
        guard url.hasPrefix("sqlite:"), url.count > 7 else { throw store.error("url", "must be sqlite:PATH") }
        // The store keeps a log file of 64 MiB from one use to the next.
        let log = try store.integer("backup_wal", in: 128 << 20...1 << 40) ?? 1 << 30
        try store.refuseUnknown()
        return (resolved(String(url.dropFirst(7)), base), log)
    }

    private static func tenants(
        _ root: SettingsSection,
        base: String
    ) throws(SettingsError) -> ([Tenant], [TenantName: TemplatePlace]) {
        var tenants: [Tenant] = []
        var templates: [TenantName: TemplatePlace] = [:]
        for entry in try root.entries("tenants") ?? [] {
            let name = try entry.required("name", "the tenant's name")
            guard let known = TenantName(name) else {
                throw entry.error("name", "must have 1 to 64 of a-z, 0-9, - and _")
            }
            guard !tenants.contains(where: { $0.name == known }) else { throw entry.error("name", "stands twice") }
            let links = try entry.strings("links") ?? []
            for link in links where !link.hasPrefix("https://") && !link.hasPrefix("http://") {
                throw entry.error("links", "must be URLs that begin with https:// or http://")
            }
            let country = try entry.string("default_country")
            if let country, !isRegion(country) {
                throw entry.error("default_country", "must be an ISO 3166 code such as US")
            }
            let brand = try Brand(entry.section("brand"), tenant: known)
            let language = try entry.string("language")
            guard let tag = LanguageTag(language ?? "en") else {
                throw entry.error("language", "must be a BCP 47 tag such as en or pt-BR")
            }
            if let folder = try entry.string("templates") {
                templates[known] = TemplatePlace(folder: resolved(folder, base), language: tag)
            } else if language != nil {
                throw entry.error(
                    "language",
                    "says in which language templates are that fit no other; give templates too"
                )
            }
            // They are read with the limits of all.
            _ = try entry.entries("limits")
            tenants.append(Tenant(name: known, links: links, brand: brand, defaultCountry: country ?? "US"))
            try entry.refuseUnknown()
        }
        let isDefaultThere = tenants.contains { $0.name == .default }
        return (isDefaultThere ? tenants : tenants + [Tenant(name: .default)], templates)
    }

    private static func purposes(_ section: SettingsSection) throws(SettingsError) -> [Purpose: PurposeTerms] {
        var terms: [Purpose: PurposeTerms] = [:]
        for purpose in Purpose.allCases {
            var those = PurposeTerms.standard(for: purpose)
            let entry = try section.section(purpose.name)
            if purpose.carriesCode, let waits = try entry.durations("resend_waits", in: .zero...(.seconds(3600))) {
                guard waits.count <= 100 else { throw entry.error("resend_waits", "must have at most 100 of them") }
                those.resendWaits = waits
            }
            if purpose == .notice {
                those.timeToLive =
                    try entry.duration("max_age", in: .seconds(1)...(.seconds(7 * 86_400))) ?? those.timeToLive
            } else {
                those.timeToLive =
                    try entry.duration("ttl", in: .seconds(1)...(.seconds(7 * 86_400))) ?? those.timeToLive
                those.digits = Int(try entry.integer("digits", in: 4...10) ?? Int64(those.digits))
                those.tries = try entry.integer("tries", in: 1...20) ?? those.tries
                let standard = min(those.minimumLife, those.timeToLive)
                those.minimumLife = try entry.duration("minimum_life", in: .zero...those.timeToLive) ?? standard
            }
            if let names = try entry.strings("channels") {
                let channels = names.compactMap(Channel.init(name:))
                guard channels.count == names.count, !channels.isEmpty, Set(channels).count == channels.count else {
                    throw entry.error("channels", "must name email, sms or both, each once")
                }
                those.channels = channels
            }
            try entry.refuseUnknown()
            terms[purpose] = those
        }
        try section.refuseUnknown()
        return terms
    }

    /// Without a route a channel goes to all of its gateways, and no route mixes sandbox and real.
    private static func refuseMixing(
        _ gateways: [GatewaySettings],
        without routes: [Route],
        _ root: SettingsSection
    ) throws(SettingsError) {
        for channel in Channel.allCases where !routes.contains(where: { $0.channel == channel }) {
            let kinds = gateways.filter { $0.terms.channel == channel }.map { $0.terms.kind == "sandbox" }
            guard Set(kinds).count <= 1 else {
                let name = channel.name
                throw root.error(
                    "gateways",
                    "the channel \(name) has sandbox and real gateways, which no route mixes; say which are used: "
                        + "[[routes]] with channel = \"\(name)\" and gateways = [...]"
                )
            }
        }
    }

    private static func routes(
        _ root: SettingsSection,
        gateways: [GatewaySettings]
    ) throws(SettingsError) -> [Route] {
        var routes: [Route] = []
        for entry in try root.entries("routes") ?? [] {
            guard let channel = Channel(name: try entry.required("channel", "email or sms")) else {
                throw entry.error("channel", "must be email or sms")
            }
            let names = try entry.strings("gateways") ?? []
            guard !names.isEmpty else { throw entry.error("gateways", "must name at least one gateway") }
            let named = names.compactMap { name in
                gateways.first { $0.terms.name == name && $0.terms.channel == channel }
            }
            guard named.count == names.count else {
                throw entry.error("gateways", "must name gateways of the channel \(channel.name)")
            }
            guard Set(named.map { $0.terms.kind == "sandbox" }).count == 1 else {
                throw entry.error("gateways", "must not mix sandbox and real gateways")
            }
            let countries = try entry.strings("countries") ?? []
            guard channel == .sms || countries.isEmpty else {
                throw entry.error("countries", "only numbers have a country; leave it out for email")
            }
            for country in countries where !isRegion(country) {
                throw entry.error("countries", "\(country.debugDescription) is no ISO 3166 code such as US")
            }
            routes.append(Route(channel: channel, countries: Set(countries), gateways: names))
            try entry.refuseUnknown()
        }
        return routes
    }
}

func resolved(_ path: String, _ base: String) -> String {
    path.hasPrefix("/") ? path : URL(filePath: base + "/" + path).standardizedFileURL.path
}
