import Testing

/// A default that the documents tell in words, as it is in one scene.
struct WordedDefault: Sendable, CustomTestStringConvertible {
    var section: String
    var key: String
    var literal: String
    var scene = "entries"

    var testDescription: String { "\(section).\(key) = \(literal)" }

    /// The key's path as the documents write it; all of these are keys of entries.
    var pattern: String {
        var parts = section.split(separator: ".").map(String.init)
        parts[0] += "[]"
        parts.remove(at: 1)
        return (parts + [key]).joined(separator: ".")
    }

    static let all = [
        WordedDefault(section: "tenants.shop.brand", key: "name", literal: "\"shop\""),
        WordedDefault(section: "tenants.default.brand", key: "name", literal: "\"Gatepost\""),
        WordedDefault(section: "tenants.shop.brand", key: "from_email", literal: "\"no-reply@shop.example\""),
        WordedDefault(section: "tenants.default.brand", key: "from_email", literal: "\"no-reply@localhost\""),
        WordedDefault(section: "tenants.shop.brand", key: "from_sms", literal: "\"shop\""),
        WordedDefault(section: "limits.any", key: "burst", literal: "1000000"),
        WordedDefault(section: "gateways.mail", key: "starttls", literal: "\"opportunistic\""),
        WordedDefault(section: "gateways.mail-login", key: "starttls", literal: "\"required\""),
        WordedDefault(section: "gateways.mail", key: "receipt_wait", literal: "\"0s\""),
        WordedDefault(section: "gateways.hmac", key: "receipt_wait", literal: "\"0s\""),
        WordedDefault(
            section: "gateways.preset",
            key: "receipt_wait",
            literal: "\"2m\"",
            scene: "a public address"
        ),
        WordedDefault(section: "gateways.texts", key: "ask_pause_most", literal: "\"2m\"", scene: "a sandbox"),
        WordedDefault(section: "gateways.mails", key: "ask_pause_most", literal: "\"10m\"", scene: "a sandbox"),
        WordedDefault(
            section: "gateways.mails",
            key: "unknown",
            literal: "{ mfa = \"send_again\" }",
            scene: "a sandbox"
        ),
        WordedDefault(
            section: "gateways.texts.unknown",
            key: "sign_up",
            literal: "\"give_up\"",
            scene: "a sandbox"
        ),
        WordedDefault(
            section: "gateways.preset",
            key: "ask",
            literal: "{ method = \"GET\" }",
            scene: "a public address"
        ),
        WordedDefault(section: "gateways.hmac.ask", key: "url", literal: "\"https://sms.example.com\""),
        WordedDefault(section: "gateways.hmac.ask", key: "authorization", literal: "\"none\""),
        WordedDefault(
            section: "gateways.hmac.ask",
            key: "headers",
            literal: "{ Accept = \"application/json\" }"
        ),
        WordedDefault(
            section: "gateways.preset",
            key: "receipts",
            literal: "{ like = \"twilio\" }",
            scene: "a public address"
        ),
        WordedDefault(
            section: "gateways.preset.receipts",
            key: "like",
            literal: "\"twilio\"",
            scene: "receipts of a preset"
        ),
        WordedDefault(section: "gateways.hmac.receipts", key: "account_is", literal: "\"AC0\""),
        WordedDefault(section: "gateways.jwt.receipts", key: "header", literal: "\"Authorization\""),
        WordedDefault(section: "gateways.hmac.receipts", key: "encoding", literal: "\"hex\""),
        WordedDefault(section: "gateways.ed25519.receipts", key: "encoding", literal: "\"base64\""),
        WordedDefault(section: "gateways.hmac.receipts", key: "signed", literal: "\"{{timestamp}}.{{body}}\""),
        WordedDefault(section: "gateways.ed25519.receipts", key: "signed", literal: "\"{{body}}\""),
        WordedDefault(section: "gateways.basic.receipts", key: "user", literal: "\"AC0\""),
    ]

    /// Words for a key that has no value where it is left out.
    static func isAbsence(_ words: String) -> Bool {
        words.hasPrefix("required") || ["none", "any", "both", "no limit"].contains(words)
    }
}
