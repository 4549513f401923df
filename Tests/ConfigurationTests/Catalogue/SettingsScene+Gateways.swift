extension SettingsScene {
    static let gateways = """
        [[gateways]]
        # gateways.mail
        name = "mail"
        channel = "email"
        kind = "smtp"
        url = "smtp://mail.example.com:587"

        [[gateways]]
        # gateways.mail-login
        name = "mail-login"
        channel = "email"
        kind = "smtp"
        url = "smtp://mail.example.com:587"
        account = "user"
        secret = "word"


        """

    /// A gateway for each way to sign receipts that has keys of its own; one of them can be asked.
    static let receipts =
        http(
            "hmac",
            ["authentication = \"hmac-sha256\"", "header = \"S\"", "timestamp_header = \"T\""],
            ask: ["path = \"/{{reference}}\"", "accepted = [200]"]
        )
        + http(
            "ed25519",
            [
                "authentication = \"ed25519\"", "header = \"S\"",
                // RFC 8032, section 7.1, test 1.
                "public_key = \"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\"",
            ],
            secret: ""
        )
        + http("jwt", ["authentication = \"jwt-hs256\""])
        + http("basic", ["authentication = \"basic\""])

    /// A gateway of a kind that comes with a description, whose defaults are its own.
    static let preset = """
        [[gateways]]
        # gateways.preset
        name = "preset"
        channel = "sms"
        kind = "twilio"
        account = "AC0"
        secret = "word"
        receipt_secret = "word"


        """

    private static func http(
        _ name: String,
        _ signature: [String],
        secret: String = "receipt_secret = \"word\"\n",
        ask: [String] = []
    ) -> String {
        let question = ["[gateways.ask]", "# gateways.\(name).ask"] + ask + ["", ""]
        return """
            [[gateways]]
            # gateways.\(name)
            name = "\(name)"
            channel = "sms"
            kind = "http"
            url = "https://sms.example.com"
            account = "AC0"
            body = "{}"
            \(secret)
            [gateways.headers]
            Accept = "application/json"

            \(ask.isEmpty ? "" : question.joined(separator: "\n"))[gateways.receipts]
            # gateways.\(name).receipts
            reference = "/id"
            state = "/state"
            account = "/account"
            delivered = ["delivered"]
            \(signature.joined(separator: "\n"))


            """
    }
}
