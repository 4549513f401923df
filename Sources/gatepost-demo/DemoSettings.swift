import Foundation

/// The settings of the demonstration: real gateways first, and prices and limits that are soon reached.
enum DemoSettings {
    /// What the messages to one country may cost in a day.
    static let budget = "sms-country"
    /// How many SMS one number gets.
    static let limit = "sms-per-number"
    static let perNumber = 3

    /// Writes the settings and the price table beside them.
    static func write(in folder: String, mailPort: UInt16, smsURL: String) throws {
        try Data(text(mailPort, smsURL).utf8).write(to: URL(filePath: folder + "/gatepost.toml"))
        try FileManager.default.createDirectory(
            atPath: folder + "/prices",
            withIntermediateDirectories: true,
            attributes: nil
        )
        try Data(prices.utf8).write(to: URL(filePath: folder + "/prices/demo.csv"))
    }

    /// Prices that nobody takes; the United States alone have a fee.
    private static let prices = """
        # What a segment costs: unit_price + fee.
        gateway,country,prefix,mcc,mnc,sender_type,unit_price,currency,fee,valid_from,valid_to,source
        sms-main,US,1,,,,0.0079,USD,0.0030,,,demo
        twilio,GB,44,,,,0.0463,USD,,,,demo
        ,BS,1242,,,,0.0415,USD,,,,demo

        """

    private static func text(_ mailPort: UInt16, _ smsURL: String) -> String {
        """
        [server]
        listen = "127.0.0.1:0"
        [sandbox]
        enabled = true
        [[tenants]]
        name = "default"
        default_country = "US"
        links = ["https://app.example.com/"]
        brand = { name = "Cruddur", domain = "cruddur.example" }
        [purposes.sign_up]
        minimum_life = "1s"
        resend_waits = ["1s"]
        [purposes.mfa]
        resend_waits = []
        [[limits]]
        name = "\(limit)"
        scope = "recipient"
        channel = "sms"
        rate = "\(perNumber)/10m"
        [countries]
        allow = ["US", "GB", "BS", "CA"]
        [prices]
        files = ["prices/demo.csv"]
        [[budgets]]
        name = "\(budget)"
        scope = "country"
        period = "day"
        limit = "0.20 USD"

        [[gateways]]
        name = "mail-main"
        channel = "email"
        kind = "smtp"
        url = "smtp://127.0.0.1:\(mailPort)"
        [[gateways]]
        name = "sandbox-email"
        channel = "email"
        kind = "sandbox"
        [[gateways]]
        name = "sms-main"
        channel = "sms"
        kind = "http"
        url = "\(smsURL)/messages"
        secret = "\(SMSSink.key)"
        headers = { Authorization = "Bearer {{secret}}" }
        body = '{"to":"{{to}}","from":"{{from}}","text":"{{text}}","ttl":{{valid_for_seconds}},"ref":"{{reference}}"}'
        accepted = [201]
        reference = "/sid"
        price = "/cost/amount"
        currency = "/cost/currency"
        [[gateways]]
        name = "sms-twilio"
        channel = "sms"
        kind = "twilio"
        url = "\(smsURL)"
        account = "\(SMSSink.account)"
        secret = "\(SMSSink.key)"
        [[gateways]]
        name = "sandbox-sms"
        channel = "sms"
        kind = "sandbox"

        [[routes]]
        channel = "email"
        gateways = ["mail-main"]
        [[routes]]
        channel = "sms"
        countries = ["GB"]
        gateways = ["sms-twilio"]
        [[routes]]
        channel = "sms"
        countries = ["BS"]
        gateways = ["sandbox-sms"]
        [[routes]]
        channel = "sms"
        gateways = ["sms-main"]

        """
    }
}
