import AuthEvents
import Clocks
import Cryptography
private import Deliveries
import HTTPServer
import JSON
private import Keys
import Store

extension API {
    /// `POST /v1/tokens`: makes a token, which is shown in this answer and never again.
    func createToken(_ request: Request) async throws(Problem) -> Response {
        _ = try await principal(of: request, .admin)
        let body = try request.object("scopes", "tenant", "gateways", "expires_in")
        let now = time.now()
        let secret = "gp_" + randomBytes(32).base64URL
        let token = try problem { () throws(EventProblem) in
            try newToken(body, hash: keys.digest("token", [UInt8](secret.utf8)), now: now)
        }
        do {
            try await tokens.create(token)
        } catch {
            throw Problem(error)
        }
        return .json(
            [
                "token": .string(secret), "id": .string(token.id), "scopes": .array(token.scopes.map(JSONValue.string)),
                "tenant": token.tenant.map { .string("\($0)") } ?? nil,
                "expires_at": token.expiresAt.map { .string("\($0)") } ?? nil,
            ],
            status: 201
        )
    }

    private func newToken(_ body: MemberReader, hash: Digest, now: Instant) throws(EventProblem) -> StoredToken {
        let names = try body.strings("scopes", count: 1...Scope.allCases.count)
        for (index, name) in names.enumerated() where Scope(rawValue: name) == nil {
            let all = Scope.allCases.map(\.rawValue).joined(separator: ", ")
            throw EventProblem(at: body.pointer.appending("scopes").appending(index), "a scope must be one of \(all)")
        }
        guard !names.isEmpty else { throw body.problem("scopes", "scopes is required: give at least one") }
        var tenant: TenantName?
        if let name = try body.optional("tenant", bytes: 1...64) {
            guard facts.tenants.contains(name) else { throw body.problem("tenant", "tenant must be a declared one") }
            tenant = TenantName(name)
        }
        let gateways = try body.strings("gateways", count: 0...100)
        for (index, name) in gateways.enumerated() where !facts.gateways.contains(where: { $0.name == name }) {
            throw EventProblem(
                at: body.pointer.appending("gateways").appending(index),
                "a gateway must be one of the settings"
            )
        }
        var expiresAt: Instant?
        if let text = try body.optional("expires_in", bytes: 1...16) {
            guard let life = Duration(text: text), life > .zero else {
                throw body.problem("expires_in", "expires_in must be a duration such as 24h or 90d")
            }
            expiresAt = now + life
        }
        return StoredToken(
            id: "tk_" + randomBytes(8).hex,
            hash: hash,
            scopes: names,
            tenant: tenant,
            gateways: gateways,
            createdAt: now,
            expiresAt: expiresAt
        )
    }
}
