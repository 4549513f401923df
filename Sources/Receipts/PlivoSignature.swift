import Cryptography

/// Plivo's signature, version 3: HMAC-SHA-256 with the auth token, in base64.
///
/// Over the URL without its query, `?`, the query's sorted `NAME=VALUE`, a dot where there are both query and form, the
/// form's sorted names and values, a dot and the nonce. While a token is replaced there are several, with commas between.
struct PlivoSignature {
    private let token: SecretKey

    init(_ token: SecretKey) { self.token = token }

    func check(_ request: ReceiptRequest) throws(ReceiptRefusal) -> Coverage {
        let signatures = try request.single("X-Plivo-Signature-V3")
        let nonce = try request.single("X-Plivo-Signature-V3-Nonce")
        guard let url = request.url, let query = FormFields(request.query.utf8),
            let form = FormFields(request.isForm ? request.body : [])
        else { throw .notAuthentic }
        var text = String(url.prefix { $0 != "?" })
        if !query.fields.isEmpty || !form.fields.isEmpty {
            text += "?" + query.sorted.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        }
        if !query.fields.isEmpty, !form.fields.isEmpty { text += "." }
        text += form.sorted.map { $0.name + $0.value }.joined() + "." + nonce
        let code = hmacSHA256(key: token, parts: [[UInt8](text.utf8)])
        let isSigned = signatures.split(separator: ",").contains { signature in
            [UInt8](base64: String(signature)).map { constantTimeEqual($0, code) } == true
        }
        guard isSigned else { throw .notAuthentic }
        return request.isForm ? [.address, .body] : .address
    }
}
