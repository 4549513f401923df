import AuthEvents
import Clocks
import HTTPServer
import JSON
import Keys
import Store

/// What a request may do.
package enum Scope: String, Sendable, CaseIterable {
    case events, codes, read, operate, spend, admin, carry, sandbox

    /// What a token that is bound to a tenant cannot have: carriers see the messages of all.
    static let ofAllTenants: Set<Scope> = [.carry]
}

/// Who asks.
struct Principal: Sendable {
    var scopes: Set<Scope>
    /// The id of the token, `nil` on the socket.
    var token: String?
    /// The tenant the token is bound to, if any.
    var tenant: TenantName?
    /// The gateways that may be carried for; `nil` for all, on the socket.
    var gateways: Set<String>?

    func require(_ scope: Scope) throws(Problem) {
        guard scopes.contains(scope) else {
            throw Problem(
                .forbidden,
                "This needs the scope \(scope.rawValue); use a token that has it.",
                ["scope": .string(scope.rawValue)]
            )
        }
    }
}

/// Decides who asks: by bearer token, or on the Unix socket by the user of the process at the other end.
struct Access: Sendable {
    let tokens: any TokenStore
    let uses: TokenUses
    let known = KnownTokens()
    let keys: Keyring
    let time: any TimeSource
    let hosts: Set<String>
    /// The user that the server runs as; it and root have every scope on the socket.
    let userID: UInt32
    /// Users that may carry on the socket.
    let carriers: Set<UInt32>

    private static let unknown = Problem(
        .unauthenticated,
        "The token is not known, has expired or was revoked; make one with `gatepost token create`."
    )

    /// Who sent the request.
    ///
    /// No token, and one that is malformed, unknown, past its end or revoked: `unauthenticated`, the latter four alike.
    func principal(of request: Request) async throws(Problem) -> Principal {
        if let header = request.headers["Authorization"] { return try await principal(bearing: header) }
        guard case .local(let user, _, _) = request.peer.address else {
            throw Problem(
                .unauthenticated,
                "Send a token: `Authorization: Bearer gp_…`, made by `gatepost token create`."
            )
        }
        if user == 0 || user == userID { return Principal(scopes: Set(Scope.allCases)) }
        if carriers.contains(user) { return Principal(scopes: [.carry]) }
        throw Problem(
            .unauthenticated,
            "This user has no scope on the socket; send a token, or add it to carriers.users."
        )
    }

    /// The host is compared without its port, and not on the socket (a browser cannot reach that).
    func checkHost(of request: Request) throws(Problem) {
        guard case .internet = request.peer.address else { return }
        guard hosts.contains(try host(of: request).name.lowercased()) else {
            throw Problem(.forbidden, "This host is not served here; add it to server.hosts if it is yours.")
        }
    }

    /// `Host`, or what a proxy that is believed says it was.
    private func host(of request: Request) throws(Problem) -> Authority {
        guard request.peer.isProxy, request.headers.count(of: "X-Forwarded-Host") > 0 else {
            guard let host = Authority(Substring(request.headers["Host"] ?? "")) else {
                throw Problem(.malformed, "Host must be a name or an address, with a port or without.")
            }
            return host
        }
        // The proxy nearest to here wrote last; a second field could stand before or behind what it wrote.
        let last = (request.headers["X-Forwarded-Host"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
            .last
        guard request.headers.count(of: "X-Forwarded-Host") == 1,
            let host = Authority((last ?? "").trimmingBlanks), !host.name.isEmpty
        else {
            throw Problem(.malformed, "X-Forwarded-Host must stand once, with a name or an address; correct the proxy.")
        }
        return host
    }

    private func principal(bearing header: String) async throws(Problem) -> Principal {
        guard let token = BearerToken(authorization: header) else { throw Access.unknown }
        let stored: StoredToken?
        do {
            let hash = keys.digest(of: token)
            stored = try await known.token(hash: hash) { () throws(StoreError) in try await tokens.token(hash: hash) }
        } catch {
            throw Problem(error)
        }
        let now = time.now()
        guard let stored, stored.revokedAt == nil, stored.expiresAt.map({ now < $0 }) ?? true else {
            throw Access.unknown
        }
        uses.note(stored.id, at: now)
        let scopes = Set(stored.scopes.compactMap(Scope.init))
        return Principal(
            scopes: stored.tenant == nil ? scopes : scopes.subtracting(Scope.ofAllTenants),
            token: stored.id,
            tenant: stored.tenant,
            gateways: Set(stored.gateways)
        )
    }
}

extension Keyring {
    /// What the store knows a token by.
    func digest(of token: BearerToken) -> Digest { digest("token", [UInt8](token.text.utf8)) }
}
