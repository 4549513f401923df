import Cryptography
import Foundation
import JSON

/// A receipt as the gateway of a test signs it.
struct SignedReceipt: Sendable {
    var body: [UInt8]
    var type: String
    var headers: [(name: String, value: String)]

    static let secret = "receipt-secret"
    static let publicURL = "https://post.example.com"

    /// Text settings of a gateway that reports as Twilio does.
    static var twilio: TextSettings {
        var settings = TextSettings()
        settings.kind = "twilio"
        settings.lines = "account = \"AC0123\"\nsecret = \"sesame\"\nreceipt_secret = \"\(secret)\""
        (settings.listen, settings.publicURL) = ("127.0.0.1:0", publicURL)
        return settings
    }

    /// Text settings of a gateway that signs its reports, and the time of them, in a field.
    static var described: TextSettings {
        var settings = TextSettings()
        settings.lines = """
            secret = "sesame"
            body = '{"to":"{{to}}","text":"{{text}}","ref":"{{reference}}","callback":"{{callback_url}}"}'
            reference = "/sid"
            receipt_secret = "\(secret)"
            receipt_wait = "1h"
            [gateways.receipts]
            authentication = "hmac-sha256"
            header = "X-Signature"
            timestamp_header = "X-Time"
            reference = "/sid"
            state = "/status"
            code = "/error"
            price = "/price"
            currency = "/currency"
            delivered = ["delivered"]
            undelivered = ["failed"]
            accepted = ["sent"]
            """
        (settings.listen, settings.publicURL) = ("127.0.0.1:0", publicURL)
        return settings
    }

    /// One of Twilio's for an address.
    static func twilio(
        _ state: String,
        sid: String,
        to address: String,
        account: String = "AC0123",
        error: String? = nil,
        secret: String = secret
    ) -> SignedReceipt {
        var fields = [("AccountSid", account), ("MessageSid", sid), ("MessageStatus", state), ("To", "+12015550123")]
        if let error { fields.append(("ErrorCode", error)) }
        let sorted = fields.sorted { $0.0 < $1.0 }
        let message = address + sorted.map { $0.0 + $0.1 }.joined()
        let code = hmacSHA1(key: key(secret), [UInt8](message.utf8)).base64
        let form = fields.map { "\($0.0)=\($0.1.replacing("+", with: "%2B"))" }.joined(separator: "&")
        return SignedReceipt(
            body: [UInt8](form.utf8),
            type: "application/x-www-form-urlencoded",
            headers: [("X-Twilio-Signature", code)]
        )
    }

    /// One of the gateway that settings describe, signed so many seconds ago.
    static func described(_ members: JSONObject, age: Int64 = 0, secret: String = secret) -> SignedReceipt {
        let body = members.serialized()
        let time = String(Int64(Date.now.timeIntervalSince1970) - age)
        let code = hmacSHA256(key: key(secret), parts: [[UInt8]((time + ".").utf8), body]).hex
        return SignedReceipt(
            body: body,
            type: "application/json",
            headers: [("X-Time", time), ("X-Signature", code)]
        )
    }

    private static func key(_ secret: String) -> SecretKey { SecretKey(copying: [UInt8](secret.utf8).span) }
}

extension Installation {
    /// Brings a receipt from outside, as a proxy would hand it on.
    ///
    /// `address`: What the gateway was told, or a path.
    func bring(_ receipt: SignedReceipt, to address: String, at url: String) async throws -> Answer {
        try await send(
            "POST",
            address.replacing(SignedReceipt.publicURL, with: ""),
            receipt.body,
            type: receipt.type,
            headers: receipt.headers + [("Host", "post.example.com")],
            at: url
        )
    }

    /// The receipts of a delivery as one says them: `undelivered 30005`.
    func receipts(_ accepted: Accepted) async throws -> [String] {
        try await delivery(accepted.delivery)["receipts"]?.array?.map { receipt in
            [receipt["state"]?.string, receipt["code"]?.string].compactMap(\.self).joined(separator: " ")
        } ?? []
    }
}
