/// The settings of an installation with one gateway for text messages: what a test may want otherwise.
struct TextSettings {
    var kind = "http"
    var connections = 4
    /// So many seconds for a hand-over; the lease of one that was begun is five more.
    ///
    /// Few only where a test waits until they are over: on a busy machine a peer takes its time.
    var timeout = 10
    /// Lines of the gateway.
    var lines = TextSettings.description
    /// Limits for a month over all, by name.
    var budgets: [(name: String, limit: String)] = []
    /// Lines of `[countries]`.
    var countries = ""
    /// Rows of the price table, under ``header``.
    var prices = [",US,,,,,0.0079,USD,0.003,,,"]
    /// More tables; a mail gateway comes here.
    var tables: [String] = []
    var hasSandbox = false
    var database = "data/gatepost.db"
    var listen = ""
    var publicURL: String?

    /// What a text of one segment costs by ``prices``.
    static let each = "0.0109"

    static let description = """
        secret = "sesame"
        headers = { Authorization = "Bearer {{secret}}" }
        body = '{"to":"{{to}}","from":"{{from}}","text":"{{text}}","ttl":{{valid_for_seconds}},"ref":"{{reference}}"}'
        reference = "/sid"
        code = "/code"
        detail = "/message"
        """

    private static let header =
        "gateway,country,prefix,mcc,mnc,sender_type,unit_price,currency,fee,valid_from,valid_to,source\n"

    static let priceFileName = "prices.csv"

    var priceFile: String { TextSettings.header + prices.map { $0 + "\n" }.joined() }

    func installation(port: UInt16) -> InstallationSettings {
        let gateway = """
            [[gateways]]
            name = "sms"
            channel = "sms"
            kind = "\(kind)"
            url = "http://127.0.0.1:\(port)\(kind == "http" ? "/messages" : "")"
            timeout = "\(timeout)s"
            connections = \(connections)
            \(lines)
            """
        let brand = """
            [[tenants]]
            name = "default"
            brand = { name = "Cruddur", domain = "cruddur.com", from_sms = "Cruddur" }
            """
        let limits = budgets.map { name, limit in
            "[[budgets]]\nname = \"\(name)\"\nscope = \"all\"\nperiod = \"month\"\nlimit = \"\(limit) USD\""
        }
        var settings = InstallationSettings()
        settings.database = database
        (settings.listen, settings.publicURL) = (listen, publicURL)
        settings.tables = [gateway, brand, "[prices]\nfiles = [\"\(TextSettings.priceFileName)\"]"] + limits + tables
        if !countries.isEmpty { settings.tables.append("[countries]\n" + countries) }
        if hasSandbox { settings.tables.append("[sandbox]\nenabled = true") }
        return settings
    }
}
