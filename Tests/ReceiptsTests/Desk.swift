import Clocks
import Configuration
import Cryptography
import Deliveries
import Foundation
import Receipts
import TestSupport

/// A gateway's receipts as settings describe them.
struct Desk {
    static let now = Instant(milliseconds: 1_795_000_000_000)

    /// Lines of the table `receipts` of each provider, beyond its preset.
    static let lines: [String: String] = [
        "twilio": "like = \"twilio\"", "plivo": "like = \"plivo\"", "messagebird": "like = \"messagebird\"",
        "vonage": "like = \"vonage\"",
        "telnyx": "like = \"telnyx\"\npublic_key = \"xlnf7WYDjWe+KCObT/D1YDfZJpfqUvtrVi8SADu/wlM=\"",
        "standard-webhooks": """
        authentication = "hmac-sha256"
        header = "webhook-signature"
        timestamp_header = "webhook-timestamp"
        id_header = "webhook-id"
        encoding = "base64"
        prefix = "v1,"
        reference = "/id"
        state = "/test"
        delivered = ["2432232314"]
        """,
        "body": """
        authentication = "hmac-sha256"
        header = "X-Signature"
        prefix = "sha256="
        reference = "/sid"
        state = "/status"
        delivered = ["delivered"]
        """,
        "basic": """
        authentication = "basic"
        user = "gateway"
        state = "/status"
        delivered = ["delivered"]
        """,
    ]

    static let accounts = ["twilio": "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "vonage": "a1b2c3d4"]

    /// Reads settings with one gateway, `sms-main`, whose table begins in line 4.
    static func settings(
        _ gateway: String,
        receipts: String? = nil,
        server: String = "public_url = \"https://hooks.example.com\""
    ) throws -> Settings {
        let folder = try TemporaryFolder()
        let file = folder.file("gatepost.toml")
        let text = """
            [server]
            \(server)

            [[gateways]]
            name = "sms-main"
            channel = "sms"
            \(gateway)
            \(receipts.map { "[gateways.receipts]\n" + $0 } ?? "")

            """
        try Data(text.utf8).write(to: URL(filePath: file))
        return try Settings(file: file, environment: [:])
    }

    static let http = "kind = \"http\"\nurl = \"https://sms.example.com/\"\nbody = '{\"to\":\"{{to}}\"}'"

    static func description(_ provider: String, _ lines: String? = nil) throws -> ReceiptDescription {
        var gateway = http
        if let account = accounts[provider] { gateway += "\naccount = \"\(account)\"" }
        if provider != "telnyx" { gateway += "\nreceipt_secret = \"s\"" }
        let settings = try settings(gateway, receipts: lines ?? Desk.lines[provider])
        guard let receipts = settings.gateways.first(where: { $0.terms.name == "sms-main" })?.receipts else {
            throw Vector.Unreadable()
        }
        return receipts.description
    }

    static func reader(_ provider: String, secret: String, _ lines: String? = nil) throws -> ReceiptReader {
        let description = try description(provider, lines)
        return ReceiptReader(description, secret: SecretKey(receiptSecret: secret, for: description.authentication))
    }
}
