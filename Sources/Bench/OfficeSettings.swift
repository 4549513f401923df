/// The settings of the installation that is measured: all that intake can do is on, and nothing is refused.
struct OfficeSettings: Sendable {
    /// What a text costs, in USD.
    static let price = "0.0100"

    /// Ports of the sinks.
    var mailPort: UInt16 = 9
    var textPort: UInt16 = 9
    /// Besides the one that is always there.
    var tenants: [String] = []
    /// Messages that a gateway may have in hand at once.
    var connections = BenchRun.connections

    static let prices = """
        gateway,country,prefix,mcc,mnc,sender_type,unit_price,currency,fee,valid_from,valid_to,source
        ,US,1,,,,\(price),USD,,,,bench
        ,DE,49,,,,\(price),USD,,,,bench

        """

    var text: String {
        """
        [server]
        listen = "127.0.0.1:0"
        socket = "s"
        [store]
        url = "sqlite:post.db"
        [keys]
        file = "keys.toml"
        [countries]
        allow = ["US", "DE"]
        [prices]
        files = ["prices.csv"]
        [[tenants]]
        name = "default"
        default_country = "US"
        [[limits]]
        name = "recipient-10m"
        scope = "recipient"
        rate = "5/10m"
        [[limits]]
        name = "recipient-day"
        scope = "recipient"
        rate = "10/24h"
        [[limits]]
        name = "ip-hour"
        scope = "ip"
        rate = "100/1h"
        [[limits]]
        name = "tenant-second"
        scope = "tenant"
        rate = "1000000/1s"
        [[budgets]]
        name = "month"
        scope = "all"
        period = "month"
        limit = "100000000 USD"
        [[gateways]]
        name = "mail"
        channel = "email"
        kind = "smtp"
        url = "smtp://127.0.0.1:\(mailPort)"
        starttls = "none"
        connections = \(connections)
        [[gateways]]
        name = "text"
        channel = "sms"
        kind = "http"
        url = "http://127.0.0.1:\(textPort)/messages"
        body = '{"to":"{{to}}","from":"{{from}}","text":"{{text}}","ttl":{{valid_for_seconds}},"ref":"{{reference}}"}'
        accepted = [201]
        reference = "/sid"
        connections = \(connections)

        """ + tenants.map { "[[tenants]]\nname = \"\($0)\"\n" }.joined()
    }
}
