import Cryptography

/// Twilio's signature: HMAC-SHA-1 with the account's auth token, in base64.
///
/// Over the URL, and of a form behind it each name and value, sorted by name. Whether the URL has its port depends on who
/// made the request, so both count. Another body is covered by its SHA-256 in the query (`bodySHA256`). Accounts can have
/// SHA-256 in the place of SHA-1; the request says so (twilio.com/docs/usage/security).
struct TwilioSignature {
    private let token: SecretKey

    init(_ token: SecretKey) { self.token = token }

    func check(_ request: ReceiptRequest) throws(ReceiptRefusal) -> Coverage {
        guard let url = request.url, let signature = [UInt8](base64: try request.single("X-Twilio-Signature")) else {
            throw .notAuthentic
        }
        let settings = try request.optional("X-Twilio-Webhooks-Signature-Settings")
        let isSHA256 = settings?.contains("algorithm=HMAC_SHA256") == true
        let fields = try fields(request)
        let isSigned = TwilioSignature.spellings(of: url).contains { url in
            let message = [UInt8]((url + fields).utf8)
            let code = isSHA256 ? hmacSHA256(key: token, parts: [message]) : hmacSHA1(key: token, message)
            return constantTimeEqual(code, signature)
        }
        guard isSigned else { throw .notAuthentic }
        let coversBody = request.isForm ? true : try coversBody(request)
        return coversBody ? [.address, .body] : .address
    }

    private func fields(_ request: ReceiptRequest) throws(ReceiptRefusal) -> String {
        guard request.isForm else { return "" }
        guard let form = FormFields(request.body) else { throw .notAuthentic }
        var text = ""
        var last: (name: String, value: String)?
        // The same value of one name counts once.
        for field in form.sorted where last.map({ $0 == field }) != true {
            text += field.name + field.value
            last = field
        }
        return text
    }

    private func coversBody(_ request: ReceiptRequest) throws(ReceiptRefusal) -> Bool {
        guard let query = FormFields(request.query.utf8), let hash = try query.single("bodySHA256") else {
            return false
        }
        guard let bytes = [UInt8](hex: hash), constantTimeEqual(bytes, sha256(request.body)) else {
            throw .notAuthentic
        }
        return true
    }

    /// The URL with and without a port.
    static func spellings(of url: String) -> [String] {
        guard let start = url.firstRange(of: "://")?.upperBound else { return [url] }
        let rest = url[start...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<end]
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let colon = host.lastIndex(of: ":").flatMap { host[$0...].contains("]") ? nil : $0 }
        if let colon { return [url, String(url[..<colon] + url[end...])] }
        return [url, url[..<end] + (url.hasPrefix("https:") ? ":443" : ":80") + url[end...]]
    }
}
