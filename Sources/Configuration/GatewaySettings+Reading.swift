import AuthEvents
import Clocks
import Deliveries

extension GatewaySettings {
    static func all(
        _ root: SettingsSection,
        base: String,
        hasSandbox: Bool,
        publicURL: String?
    ) throws(SettingsError) -> [GatewaySettings] {
        var gateways: [GatewaySettings] = []
        for entry in try root.entries("gateways") ?? [] {
            let gateway = try GatewaySettings(entry, base: base, hasSandbox: hasSandbox, publicURL: publicURL)
            guard !gateways.contains(where: { $0.terms.name == gateway.terms.name }) else {
                throw entry.error("name", "stands twice")
            }
            gateways.append(gateway)
        }
        // The sandbox without a gateway of its own has one, so that a new installation works untouched.
        for channel in Channel.allCases where hasSandbox && !gateways.contains(where: { $0.terms.channel == channel }) {
            gateways.append(GatewaySettings(sandboxFor: channel))
        }
        return gateways
    }

    private init(sandboxFor channel: Channel) {
        terms = GatewayTerms(name: "sandbox-\(channel.name)", channel: channel, kind: "sandbox", timeout: .seconds(10))
        (url, rate, connections, encryption) = ("", nil, 4, .none)
        (account, secret, caFile, http) = (nil, nil, nil, nil)
    }

    private init(
        _ entry: SettingsSection,
        base: String,
        hasSandbox: Bool,
        publicURL: String?
    ) throws(SettingsError) {
        let name = try entry.required("name", "the gateway's name")
        guard (1...64).contains(name.utf8.count),
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        else { throw entry.error("name", "must have 1 to 64 letters, digits, - and _") }
        guard let channel = Channel(name: try entry.required("channel", "email or sms")) else {
            throw entry.error("channel", "must be email or sms")
        }
        let kind = try GatewaySettings.kind(entry, channel: channel, hasSandbox: hasSandbox)
        let standard: Duration = kind == "smtp" ? .seconds(30) : .seconds(10)
        terms = GatewayTerms(
            name: name,
            channel: channel,
            kind: kind,
            timeout: try entry.duration("timeout", default: standard, in: .seconds(1)...GatewayTerms.longestTimeout)
        )
        rate = try entry.rate("rate")
        connections = try entry.integer("connections", default: 4, in: 1...1000)
        account = try entry.string("account")
        secret = try entry.secret("secret")
        caFile = try entry.string("ca").map { resolved($0, base) }
        switch (channel, kind) {
        case (.sms, "sandbox"): (url, encryption, http) = (try entry.string("url") ?? "", .none, nil)
        case (.sms, _):
            let layers = try DescriptionLayers(entry, kind: kind)
            (url, encryption) = (try layers.baseURL(), .none)
            http = try HTTPDescription(layers, hasAccount: account != nil, hasSecret: secret != nil)
        case (.email, _):
            url =
                try kind == "smtp"
                ? entry.required("url", "smtp://HOST:PORT or smtps://HOST:PORT") : entry.string("url") ?? ""
            encryption = try GatewaySettings.encryption(entry, kind: kind, url: url, hasAccount: account != nil)
            http = nil
            guard (account == nil) == (secret == nil) else {
                throw entry.error(account == nil ? "secret" : "account", "account and secret belong together")
            }
        }
        let hasQuestion = try entry.section("ask").isThere
        guard http != nil || !hasQuestion else {
            throw entry.error(
                "ask",
                kind == "smtp"
                    ? "must be left out: a mail server cannot be asked what became of a mail"
                    : "must be left out: the sandbox is asked by a look into its folder"
            )
        }
        if http != nil {
            try readReceipts(entry, publicURL: publicURL)
        } else {
            terms.receiptWait = try entry.duration("receipt_wait", default: .zero, in: .zero...(.seconds(86_400)))
        }
        try readUnknown(entry)
        try entry.refuseUnknown()
    }

    private static func kind(
        _ entry: SettingsSection,
        channel: Channel,
        hasSandbox: Bool
    ) throws(SettingsError) -> String {
        let allowed =
            switch channel {
            case .email: ["smtp", "sandbox"]
            case .sms: ["http"] + HTTPDescription.presets.keys.sorted() + ["sandbox"]
            }
        let list = allowed.dropLast().joined(separator: ", ") + " or sandbox"
        let kind = try entry.required("kind", list)
        guard allowed.contains(kind) else {
            throw entry.error("kind", "must be \(list) for the channel \(channel.name)")
        }
        guard kind != "sandbox" || hasSandbox else {
            throw entry.error("kind", "a sandbox gateway needs [sandbox] with enabled = true")
        }
        return kind
    }

    /// STARTTLS is taken where it is offered.
    ///
    /// With an account it is required, so that nobody between can have the password by hiding the offer; on loopback
    /// there is nobody between.
    private static func encryption(
        _ entry: SettingsSection,
        kind: String,
        url: String,
        hasAccount: Bool
    ) throws(SettingsError) -> Encryption {
        let text = try entry.string("starttls")
        guard kind == "smtp" else { return .none }
        guard url.hasPrefix("smtp://") || url.hasPrefix("smtps://") else {
            throw entry.error("url", "must begin with smtp:// or smtps://")
        }
        guard let text else { return hasAccount && !isOnLoopback(url) ? .required : .opportunistic }
        guard let encryption = Encryption(rawValue: text) else {
            throw entry.error("starttls", "must be required, opportunistic or none")
        }
        return encryption
    }
}
