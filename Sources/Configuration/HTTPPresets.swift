extension HTTPDescription {
    /// The descriptions that come with the product, by kind: keys of a gateway as they stand in the settings.
    ///
    /// A key that a gateway of the kind has itself counts instead.
    package static let presets: [String: String] = ["twilio": twilio]

    /// Twilio's Programmable Messaging, the resource Message.
    ///
    /// The price is known later, and only by asking for the message; the answer to the send has it null. Error codes are
    /// 20003 and 20005 for a login or account that does not work, 30002 for a suspended account, 20429 for too many
    /// requests; 21xxx is about the message.
    ///
    /// Twilio tells of a message by its SID alone. Its list can be asked for a number and a day, but a message there has no
    /// name of ours, so two of one day to one number could be taken for each other. 404 says nothing: the account may be
    /// another.
    private static let twilio = """
        url = "https://api.twilio.com"
        path = "/2010-04-01/Accounts/{{account}}/Messages.json"
        method = "POST"
        headers = { Accept = "application/json" }
        authorization = "basic"
        content_type = "form"
        body = "To={{to}}&From={{from}}&Body={{text}}&ValidityPeriod={{valid_for_seconds}}\
        {{#callback_url}}&StatusCallback={{callback_url}}{{/callback_url}}"
        validity = ["1s", "10h"]
        accepted = ["2xx"]
        throttled = ["429", "/code=20429"]
        unreachable = ["401", "403", "404", "/code=20003", "/code=20005", "/code=30002"]
        refused = ["4xx"]
        reference = "/sid"
        price = "/price"
        currency = "/price_unit"
        code = "/code"
        detail = "/message"
        ask.path = "/2010-04-01/Accounts/{{account}}/Messages/{{gateway_reference}}.json"
        ask.accepted = ["/status=accepted", "/status=scheduled", "/status=queued", "/status=sending", "/status=sent", \
        "/status=delivered", "/status=read"]
        ask.refused = ["/status=failed", "/status=undelivered", "/status=canceled"]
        ask.reference = "/sid"
        ask.price = "/price"
        ask.currency = "/price_unit"
        ask.code = "/error_code"
        ask.detail = "/error_message"
        """
}
