import Receipts

extension ReceiptDescription {
    /// How the receipts of some gateways are read, by name: keys of a table `receipts` as they stand in the settings.
    ///
    /// A gateway whose kind has the name has them by itself, any other takes them with `like`. Its own keys count instead.
    package static let presets: [String: String] = [
        "twilio": twilio, "vonage": vonage, "plivo": plivo, "messagebird": messageBird, "telnyx": telnyx,
    ]

    /// Twilio's status callbacks; prices are not in them.
    private static let twilio = """
        authentication = "twilio"
        reference = "/MessageSid"
        state = "/MessageStatus"
        code = "/ErrorCode"
        account = "/AccountSid"
        delivered = ["delivered", "read"]
        undelivered = ["undelivered", "failed", "canceled"]
        accepted = ["queued", "sending", "sent"]
        """

    /// Vonage's delivery receipts by POST as JSON, one for each segment; `client-ref` is the attempt's id.
    private static let vonage = """
        authentication = "jwt-hs256"
        header = "Authorization"
        reference = "/messageId"
        attempt = "/client-ref"
        state = "/status"
        code = "/err-code"
        price = "/price"
        currency = "EUR"
        per_segment = true
        account = "/api-key"
        delivered = ["delivered"]
        undelivered = ["failed", "rejected", "expired"]
        accepted = ["accepted", "buffered"]
        """

    private static let plivo = """
        authentication = "plivo"
        reference = "/MessageUUID"
        state = "/Status"
        code = "/ErrorCode"
        price = "/TotalAmount"
        currency = "USD"
        delivered = ["delivered", "read"]
        undelivered = ["undelivered", "failed", "rejected"]
        accepted = ["queued", "sent"]
        """

    /// MessageBird's status reports by GET; `reference` is the attempt's id.
    private static let messageBird = """
        authentication = "jwt-hs256"
        header = "MessageBird-Signature-JWT"
        issuer = "MessageBird"
        signs_url = true
        reference = "/id"
        attempt = "/reference"
        state = "/status"
        code = "/statusErrorCode"
        price = "/price[amount]"
        currency = "/price[currency]"
        delivered = ["delivered"]
        undelivered = ["delivery_failed", "expired"]
        accepted = ["sent", "buffered"]
        """

    /// Telnyx's webhooks; `public_key` is the account's own.
    private static let telnyx = """
        authentication = "ed25519"
        header = "telnyx-signature-ed25519"
        timestamp_header = "telnyx-timestamp"
        encoding = "base64"
        signed = "{{timestamp}}|{{body}}"
        reference = "/data/payload/id"
        state = "/data/payload/to/0/status"
        code = "/data/payload/errors/0/code"
        price = "/data/payload/cost/amount"
        currency = "/data/payload/cost/currency"
        delivered = ["delivered"]
        undelivered = ["delivery_failed", "sending_failed"]
        accepted = ["queued", "sending", "sent"]
        """
}
