import Clocks
import Cryptography
import JSON

/// What a gateway's JSON Web Tokens are like.
package struct WebTokenTerms: Sendable, Equatable {
    /// The field that holds the token, behind `Bearer` where it is `Authorization`.
    package var header: String
    /// Who must have issued it; `nil` for anybody with the secret.
    package var issuer: String?
    /// Whether it must hold a hash of the URL.
    package var signsURL: Bool

    package init(header: String = "Authorization", issuer: String? = nil, signsURL: Bool = false) {
        (self.header, self.issuer, self.signsURL) = (header, issuer, signsURL)
    }
}

/// A JSON Web Token signed with HS256 (RFC 7519; RFC 7518, section 3.2).
///
/// `payload_hash` is the body's SHA-256, `url_hash` that of the URL, both in hexadecimal. A part of the request that has no
/// hash in the token is not covered. `iat` or `nbf` must lie within the tolerance, `exp` in the future; where there is `exp`
/// alone, no further than the tolerance.
struct WebToken {
    private let terms: WebTokenTerms
    private let secret: SecretKey

    init(_ terms: WebTokenTerms, _ secret: SecretKey) { (self.terms, self.secret) = (terms, secret) }

    func check(_ request: ReceiptRequest, _ freshness: Freshness) throws(ReceiptRefusal) -> Coverage {
        let claims = try claims(of: try token(of: request))
        if let issuer = terms.issuer, claims["iss"]?.string != issuer { throw .notAuthentic }
        var coverage: Coverage = []
        if let hash = claims["payload_hash"] {
            try compare(hash, request.body)
            coverage.insert(.body)
        }
        if let hash = claims["url_hash"] {
            guard let url = request.url else { throw .notAuthentic }
            try compare(hash, [UInt8](url.utf8))
            coverage.insert(.address)
        }
        guard coverage.contains(.address) || !terms.signsURL else { throw .notAuthentic }
        try checkTimes(claims, freshness)
        return coverage
    }

    private func token(of request: ReceiptRequest) throws(ReceiptRefusal) -> Substring {
        let value = try request.single(terms.header)
        guard terms.header.lowercased() == "authorization" else { return value[...] }
        let words = value.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer" else { throw .notAuthentic }
        return words[1]
    }

    /// What the token says, where it is signed.
    private func claims(of token: Substring) throws(ReceiptRefusal) -> JSONObject {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let head = [UInt8](base64URL: String(parts[0])),
            let payload = [UInt8](base64URL: String(parts[1])), let signature = [UInt8](base64URL: String(parts[2])),
            let algorithm = WebToken.object(head)?["alg"]?.string, algorithm == "HS256"
        else { throw .notAuthentic }
        let code = hmacSHA256(key: secret, parts: [[UInt8]((parts[0] + "." + parts[1]).utf8)])
        guard constantTimeEqual(signature, code), let claims = WebToken.object(payload) else { throw .notAuthentic }
        return claims
    }

    private func compare(_ hash: JSONValue, _ bytes: [UInt8]) throws(ReceiptRefusal) {
        guard let text = hash.string, let expected = [UInt8](hex: text), constantTimeEqual(expected, sha256(bytes))
        else { throw .notAuthentic }
    }

    private func checkTimes(_ claims: JSONObject, _ freshness: Freshness) throws(ReceiptRefusal) {
        let (issued, from, end) = (try seconds(claims["iat"]), try seconds(claims["nbf"]), try seconds(claims["exp"]))
        for time in [issued, from] { if let time { try freshness.check(time) } }
        if let end {
            guard freshness.now.milliseconds / 1000 < end else { throw .stale }
            if issued == nil, from == nil { try freshness.check(end) }
        }
        guard issued != nil || from != nil || end != nil else { throw .stale }
    }

    /// Seconds since 1970, with or without a fraction (RFC 7519, section 2).
    private func seconds(_ value: JSONValue?) throws(ReceiptRefusal) -> Int64? {
        switch value {
        case nil: return nil
        case .integer(let seconds): return seconds
        case .number(let seconds) where abs(seconds) < 1e12: return Int64(seconds)
        default: throw .notAuthentic
        }
    }

    private static func object(_ bytes: [UInt8]) -> JSONObject? {
        guard case .object(let object)? = try? JSONValue(parsing: bytes) else { return nil }
        return object
    }
}
