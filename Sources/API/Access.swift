import AuthEvents
import Clocks
import HTTPServer
import JSON
import Keys
import Store

/// What a request may do.
package enum Scope: String, Sendable, CaseIterable {
    case events, codes, read, operate, spend, admin, carry, sandbox
}

/// Who asks.
struct Principal: Sendable {
    var scopes: Set<Scope>
    /// The tenant the token is bound to, if any.
    var tenant: TenantName?
    /// The gateways that may be claimed for; `nil` for all.
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
    let keys: Keyring
    let time: any TimeSource
    let hosts: Set<String>
    /// The user that the server runs as; it and root have every scope on the socket.
    let userID: UInt32
    /// Users that may carry on the socket.
    let carriers: Set<UInt32>

    func principal(of request: Request) async throws(Problem) -> Principal {
        if let header = request.headers["Authorization"] { return try await principal(bearing: header) }
        guard case .local(let user, _, _) = request.peer.address else {
            throw Problem(
                .unauthenticated,
                "Send a token: `Authorization: Bearer gp_…`, made by `gatepost token create`."
            )
        }
        if user == 0 || user == userID { return Principal(scopes: Set(Scope.allCases), tenant: nil, gateways: nil) }
        if carriers.contains(user) { return Principal(scopes: [.carry], tenant: nil, gateways: nil) }
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
        let unknown = Problem(
            .unauthenticated,
            "The token is not known, or has expired; make one with `gatepost token create`."
        )
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].hasPrefix("gp_") else { throw unknown }
        let stored: StoredToken?
        do {
            stored = try await tokens.token(hash: keys.digest("token", [UInt8](parts[1].utf8)))
        } catch {
            throw Problem(error)
        }
        guard let stored, stored.expiresAt.map({ time.now() < $0 }) ?? true else { throw unknown }
        return Principal(
            scopes: Set(stored.scopes.compactMap(Scope.init)),
            tenant: stored.tenant,
            gateways: stored.gateways.isEmpty ? nil : Set(stored.gateways)
        )
    }
}
