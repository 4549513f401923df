/// The settings of the storm: real kinds of gateways, two of each channel, limits and a budget that are soon met.
enum StormSettings {
    /// The seconds within which a recovery must be sent: some meet their end on the way.
    private static let shortLife = 10
    /// How many wrong codes lock a challenge.
    static let tries = 5

    /// How many messages one person gets, of whatever kind, in ten minutes.
    static let perPerson = 3
    /// The milliseconds after which each of them comes back.
    static let perPersonPause: Int64 = 600_000 / Int64(perPerson)
    /// The country whose messages are dear, and what they may cost in an hour, in micros.
    static let dearCountry = "GB"
    static let dearLimit: Int64 = 20_000_000

    static let prices = """
        gateway,country,prefix,mcc,mnc,sender_type,unit_price,currency,fee,valid_from,valid_to,source
        ,US,1,,,,0.0001,USD,,,,
        ,GB,44,,,,0.4,USD,0.1,,,

        """

    static func text(port: UInt16, gateways: [String: UInt16]) -> String {
        let tables = StormTerms.gateways.map { name in
            let port = gateways[name] ?? 0
            return """
                [[gateways]]
                name = "\(name)"
                timeout = "\(StormTerms.gatewayTimeout)ms"
                connections = \(StormTerms.connections)
                \(name.hasPrefix("mail") ? mail(port) : text(port))
                """
        }
        return ([general(port)] + tables).joined(separator: "\n\n") + "\n"
    }

    private static func general(_ port: UInt16) -> String {
        """
        [server]
        listen = "127.0.0.1:\(port)"
        [sandbox]
        enabled = true
        [carriers]
        per_recipient = "1000/10m"
        [countries]
        allow = ["US", "GB"]
        [purposes.sign_up]
        resend_waits = []
        [purposes.recovery]
        ttl = "\(shortLife + 5)s"
        minimum_life = "5s"
        resend_waits = []
        [purposes.mfa]
        ttl = "10m"
        resend_waits = []
        [[limits]]
        name = "per-person"
        scope = "recipient"
        rate = "\(perPerson)/10m"
        [[budgets]]
        name = "country-hour"
        scope = "country"
        period = "hour"
        limit = "20.00 USD"
        """
    }

    private static func mail(_ port: UInt16) -> String {
        """
        channel = "email"
        kind = "smtp"
        url = "smtp://127.0.0.1:\(port)"
        """
    }

    private static func text(_ port: UInt16) -> String {
        """
        channel = "sms"
        kind = "http"
        url = "http://127.0.0.1:\(port)/messages"
        body = '{"to":"{{to}}","from":"{{from}}","text":"{{text}}","ttl":{{valid_for_seconds}},"ref":"{{reference}}"}'
        reference = "/sid"
        price = "/cost/amount"
        currency = "/cost/currency"
        """
    }
}
