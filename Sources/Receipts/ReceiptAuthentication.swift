import Clocks
package import Cryptography

/// How a gateway shows that a receipt is its own.
package enum ReceiptAuthentication: Sendable {
    /// Twilio's `X-Twilio-Signature`.
    case twilio
    /// Plivo's `X-Plivo-Signature-V3`.
    case plivo
    /// HMAC with SHA-256 of a text made of the request.
    case hmac(SignedHeader)
    /// An Ed25519 signature of such a text.
    case ed25519(SignedHeader, Ed25519PublicKey)
    /// A JSON Web Token (RFC 7519) that holds hashes of the request.
    case webToken(WebTokenTerms)
    /// HTTP Basic, the password being the secret.
    case basic(user: String)

    /// Whether it takes a secret that both sides have.
    package var needsSecret: Bool {
        if case .ed25519 = self { false } else { true }
    }

    /// Whether nothing can be checked without the address that the gateway was given.
    package var needsAddress: Bool {
        switch self {
        case .twilio, .plivo: true
        case .hmac(let header), .ed25519(let header, _): header.signed.parts.contains(.url)
        case .webToken(let terms): terms.signsURL
        case .basic: false
        }
    }

    /// Whether a receipt that passes cannot have been sent to another address than its own.
    package var coversAddress: Bool {
        if case .basic = self { true } else { needsAddress }
    }
}

/// What of a request its sender vouches for.
struct Coverage: OptionSet, Sendable {
    let rawValue: Int

    /// Path and query.
    static let address = Coverage(rawValue: 1)
    static let body = Coverage(rawValue: 2)
}

/// How far a gateway's clock, or a message on its way, may be off.
struct Freshness: Sendable {
    let now: Instant
    let tolerance: Duration

    /// - Throws: ``ReceiptRefusal/stale`` for what is further away than the tolerance, in either direction.
    func check(_ seconds: Int64) throws(ReceiptRefusal) {
        let (milliseconds, isOver) = seconds.multipliedReportingOverflow(by: 1000)
        // Compared by whole seconds, which is what gateways write.
        guard !isOver, abs(now.milliseconds / 1000 - milliseconds / 1000) <= tolerance.milliseconds / 1000 else {
            throw .stale
        }
    }
}

extension ReceiptAuthentication {
    /// Makes sure of the sender, and says of what.
    ///
    /// `secret`: There where ``needsSecret`` says so.
    func check(
        _ request: ReceiptRequest,
        secret: SecretKey?,
        _ freshness: Freshness
    ) throws(ReceiptRefusal) -> Coverage {
        if case .ed25519(let header, let key) = self {
            return try header.check(request, freshness) { key.isSignature($0, of: $1) }
        }
        guard let secret else { throw .notAuthentic }
        switch self {
        case .twilio: return try TwilioSignature(secret).check(request)
        case .plivo: return try PlivoSignature(secret).check(request)
        case .hmac(let header):
            return try header.check(request, freshness) {
                constantTimeEqual($0, hmacSHA256(key: secret, parts: [$1]))
            }
        case .webToken(let terms): return try WebToken(terms, secret).check(request, freshness)
        case .basic(let user): return try BasicLogin(user: user, secret).check(request)
        case .ed25519: throw .notAuthentic
        }
    }
}
