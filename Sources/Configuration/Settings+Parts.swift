import AuthEvents
import Clocks
import Deliveries
import Limits

extension Settings.Server {
    init(_ section: SettingsSection, base: String) throws(SettingsError) {
        listen = try Settings.ListenAddress(section, text: section.string("listen") ?? "127.0.0.1:8440")
        socket = resolved(try section.string("socket") ?? "run/gatepost.sock", base)
        // sun_path has 108 bytes with its closing zero (unix(7)).
        guard socket.utf8.count <= 107 else {
            throw section.error("socket", "the path has \(socket.utf8.count) bytes; a socket's path may have 107")
        }
        hosts = try section.strings("hosts") ?? ["localhost", "127.0.0.1"]
        try section.refuseUnknown()
    }
}

extension Settings.ListenAddress {
    /// `host:port` or `[v6]:port`; an empty text is no address.
    fileprivate init?(_ section: SettingsSection, text: String) throws(SettingsError) {
        guard !text.isEmpty else { return nil }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port), colon > text.startIndex
        else { throw section.error("listen", "must be HOST:PORT such as 127.0.0.1:8440, or empty for the socket only") }
        let name = String(text[..<colon].filter { $0 != "[" && $0 != "]" })
        host = name == "localhost" ? "127.0.0.1" : name
        guard host.allSatisfy({ $0.isHexDigit || $0 == "." || $0 == ":" }) else {
            throw section.error("listen", "must name the host by its IPv4 or IPv6 address, or be localhost")
        }
        self.port = port
    }
}

extension Settings.Carriers {
    init(_ section: SettingsSection) throws(SettingsError) {
        users = try section.strings("users") ?? []
        perRecipient = try section.rate("per_recipient") ?? Rate(count: 20, period: .seconds(600))
        try section.refuseUnknown()
    }
}

extension Brand {
    init(_ section: SettingsSection, tenant: TenantName) throws(SettingsError) {
        let standard = Tenant(name: tenant).brand
        let domain = try section.string("domain")
        let name = try section.string("name") ?? standard.name
        guard !name.unicodeScalars.contains(where: \.isControl), name.count <= 64 else {
            throw section.error("name", "must have at most 64 characters and no control characters")
        }
        let from = try section.string("from_email")
        if let from, (try? MailAddress(from)) == nil { throw section.error("from_email", "must be a mail address") }
        _ = try section.string("from_sms")
        self.init(name: name, domain: domain, fromEmail: from)
        try section.refuseUnknown()
    }
}

extension GatewaySettings {
    static func all(
        _ root: SettingsSection,
        base: String,
        hasSandbox: Bool
    ) throws(SettingsError) -> [GatewaySettings] {
        var gateways: [GatewaySettings] = []
        for entry in try root.entries("gateways") ?? [] {
            let gateway = try GatewaySettings(entry, base: base, hasSandbox: hasSandbox)
            guard !gateways.contains(where: { $0.terms.name == gateway.terms.name }) else {
                throw entry.error("name", "stands twice")
            }
            gateways.append(gateway)
        }
        // The sandbox without a gateway of its own has one, so that a new installation works untouched.
        if hasSandbox, !gateways.contains(where: { $0.terms.channel == .email }) {
            gateways.append(GatewaySettings(sandboxFor: .email))
        }
        return gateways
    }

    private init(sandboxFor channel: Channel) {
        terms = GatewayTerms(name: "sandbox-\(channel.name)", channel: channel, kind: "sandbox", timeout: .seconds(10))
        (url, rate, connections, encryption) = ("", nil, 4, .none)
        (account, secret, caFile) = (nil, nil, nil)
    }

    private init(_ entry: SettingsSection, base: String, hasSandbox: Bool) throws(SettingsError) {
        let name = try entry.required("name", "the gateway's name")
        guard (1...64).contains(name.utf8.count),
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        else { throw entry.error("name", "must have 1 to 64 letters, digits, - and _") }
        let channelName = try entry.required("channel", "email")
        guard let channel = Channel(name: channelName), channel == .email else {
            throw entry.error("channel", "must be email")
        }
        let kind = try entry.required("kind", "smtp or sandbox")
        guard ["smtp", "sandbox"].contains(kind) else { throw entry.error("kind", "must be smtp or sandbox") }
        guard kind != "sandbox" || hasSandbox else {
            throw entry.error("kind", "a sandbox gateway needs [sandbox] with enabled = true")
        }
        let standard: Duration = kind == "smtp" ? .seconds(30) : .seconds(10)
        terms = GatewayTerms(
            name: name,
            channel: channel,
            kind: kind,
            timeout: try entry.duration("timeout", in: .seconds(1)...(.seconds(300))) ?? standard,
            receiptWait: try entry.duration("receipt_wait", in: .zero...(.seconds(86_400))) ?? .zero
        )
        rate = try entry.rate("rate")
        connections = Int(try entry.integer("connections", in: 1...1000) ?? 4)
        account = try entry.string("account")
        secret = try entry.secret("secret")
        caFile = try entry.string("ca").map { resolved($0, base) }
        url =
            try kind == "smtp"
            ? entry.required("url", "smtp://HOST:PORT or smtps://HOST:PORT") : entry.string("url") ?? ""
        encryption = try GatewaySettings.encryption(entry, kind: kind, url: url, hasAccount: account != nil)
        guard (account == nil) == (secret == nil) else {
            throw entry.error(account == nil ? "secret" : "account", "account and secret belong together")
        }
        try entry.refuseUnknown()
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

    /// Whether the gateway's server is on this machine.
    package var isOnLoopback: Bool { GatewaySettings.isOnLoopback(url) }

    private static func isOnLoopback(_ url: String) -> Bool {
        let rest = url.drop { $0 != "/" }.dropFirst(2)
        return rest.hasPrefix("127.") || rest.hasPrefix("localhost") || rest.hasPrefix("[::1]")
    }
}
