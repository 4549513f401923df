import AuthEvents
import Clocks
import Deliveries
import Limits

extension Settings.Server {
    init(_ section: SettingsSection, base: String) throws(SettingsError) {
        listen = try Settings.ListenAddress(section, text: section.string("listen", default: "127.0.0.1:8440"))
        socket = resolved(try section.string("socket", default: "run/gatepost.sock"), base)
        // sun_path has 108 bytes with its closing zero (unix(7)).
        guard socket.utf8.count <= 107 else {
            throw section.error("socket", "the path has \(socket.utf8.count) bytes; a socket's path may have 107")
        }
        hosts = try section.strings("hosts", default: ["localhost", "127.0.0.1"])
        trustedProxies = try section.addressBlocks("trusted_proxies")
        edge = try Settings.Edge(section)
        publicURL = try Settings.publicURL(section)
        try section.refuseUnknown()
    }
}

extension Settings {
    fileprivate static func publicURL(_ section: SettingsSection) throws(SettingsError) -> String? {
        guard let text = try section.string("public_url") else { return nil }
        let rest = ["https://", "http://"].first { text.hasPrefix($0) }.map { text.dropFirst($0.count) }
        guard let rest, rest.first.map({ $0 != "/" }) == true,
            rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !rest.contains(where: { "?#@".contains($0) })
        else { throw section.error("public_url", "must be https://HOST, with a path if need be, and no query") }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
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
        users = try section.strings("users", default: [])
        perRecipient = try section.rate("per_recipient", default: Rate(count: 20, period: .seconds(600)))
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
        let sender = try section.string("from_sms")
        if let sender, !Brand.isSender(sender) {
            throw section.error(
                "from_sms",
                "must be a number such as +12015550123, or 1 to 11 letters, digits and blanks"
            )
        }
        if let domain, !Brand.isHost(domain) {
            throw section.error("domain", "must be a host name such as cruddur.com, without https:// and port")
        }
        self.init(name: name, domain: domain, fromEmail: from, fromSMS: sender)
        try section.refuseUnknown()
    }
}

extension Brand {
    /// E.164, a short code, or a name: at most 11 letters, digits, blanks, `-` and `_`, with a letter among them.
    fileprivate static func isSender(_ text: String) -> Bool {
        let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
        if (3...15).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }) { return true }
        return (1...11).contains(text.count) && text.contains(where: \.isLetter)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || " -_".contains($0)) }
    }

    fileprivate static func isHost(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            }
    }
}
