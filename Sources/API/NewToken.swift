import AuthEvents
import Clocks
import Cryptography
import JSON
import Store

/// What a token is asked to be.
struct NewToken {
    /// The shortest and the longest life that a token can be given.
    static let life: ClosedRange<Duration> = .seconds(60)...(.seconds(3650 * 86_400))

    var scopes: [Scope]
    var tenant: TenantName?
    var gateways: [String]
    var expiresAt: Instant?

    static let members = ["scopes", "tenant", "gateways", "expires_in", "expires_at"]

    /// `tenant`: Whose it will be: the one that the body names, or that of whoever asks.
    init(
        _ body: MemberReader,
        of tenant: TenantName?,
        gateways known: [String],
        at now: Instant
    ) throws(EventProblem) {
        self.tenant = tenant
        scopes = try NewToken.scopes(body, of: tenant)
        gateways = try NewToken.names(body, "gateways")
        for (index, name) in gateways.enumerated() where !known.contains(name) {
            throw EventProblem(
                at: body.pointer.appending("gateways").appending(index),
                "a gateway must be one of the settings"
            )
        }
        let carries = scopes.contains(.carry)
        guard carries != gateways.isEmpty else {
            throw body.problem(
                "gateways",
                carries
                    ? "gateways is required with the scope carry: name those that it carries for"
                    : "gateways is for the scope carry alone; leave it out"
            )
        }
        expiresAt = try NewToken.end(body, now)
    }

    func stored(hash: Digest, at now: Instant) -> StoredToken {
        StoredToken(
            id: "tk_" + randomBytes(8).hex,
            hash: hash,
            scopes: scopes.map(\.rawValue),
            tenant: tenant,
            gateways: gateways,
            createdAt: now,
            expiresAt: expiresAt
        )
    }

    private static func scopes(_ body: MemberReader, of tenant: TenantName?) throws(EventProblem) -> [Scope] {
        var scopes: [Scope] = []
        for (index, name) in try names(body, "scopes").enumerated() {
            func problem(_ reason: String) -> EventProblem {
                EventProblem(at: body.pointer.appending("scopes").appending(index), reason)
            }
            guard let scope = Scope(rawValue: name) else {
                throw problem("a scope must be one of \(Scope.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            if tenant != nil, Scope.ofAllTenants.contains(scope) {
                throw problem("\(name) is for all tenants; a token that is bound to one cannot have it")
            }
            scopes.append(scope)
        }
        guard !scopes.isEmpty else { throw body.problem("scopes", "scopes is required: give at least one") }
        return scopes
    }

    /// Names that stand once each.
    private static func names(_ body: MemberReader, _ member: String) throws(EventProblem) -> [String] {
        let names = try body.strings(member, count: 0...100)
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            throw EventProblem(at: body.pointer.appending(member).appending(index), "this stands twice; name it once")
        }
        return names
    }

    private static func end(_ body: MemberReader, _ now: Instant) throws(EventProblem) -> Instant? {
        let bounds = "\(life.lowerBound.text) to \(life.upperBound.milliseconds / 86_400_000)d"
        let instant = try body.instant("expires_at")
        guard let text = try body.optional("expires_in", bytes: 1...16) else {
            if let instant, !life.contains(instant - now) {
                throw body.problem("expires_at", "expires_at must lie \(bounds) ahead")
            }
            return instant
        }
        guard instant == nil else {
            throw body.problem("expires_at", "expires_at and expires_in cannot both be given; leave one out")
        }
        guard let life = Duration(text: text), NewToken.life.contains(life) else {
            throw body.problem("expires_in", "expires_in must be a duration of \(bounds), such as 24h or 90d")
        }
        return now + life
    }
}
