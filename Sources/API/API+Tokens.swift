import AuthEvents
import Clocks
import Deliveries
import HTTPServer
import JSON
private import Keys
import Store

extension API {
    /// `GET`, `POST` and `DELETE /v1/tokens`.
    func tokens(_ request: Request) async throws(Problem) -> Response {
        switch request.method {
        case "POST": return try await createToken(request)
        case "DELETE": return try await revokeToken(request, id: nil)
        default: return try await listTokens(request)
        }
    }

    /// Makes a token, which is shown in this answer and never again.
    private func createToken(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .admin)
        let body = try request.object(NewToken.members)
        let tenant = try tenant(ofNewToken: body, by: principal)
        let now = time.now()
        let new = try problem { () throws(EventProblem) in
            try NewToken(body, of: tenant, gateways: facts.gateways.map(\.name), at: now)
        }
        let secret = BearerToken.random()
        let token = new.stored(hash: keys.digest(of: secret), at: now)
        do {
            try await tokens.create(token)
        } catch {
            throw Problem(error)
        }
        var shape: JSONObject = ["token": .string(secret.text)]
        // It cannot have been used or revoked yet.
        for member in token.json(lastUsed: nil).members where !["last_used_at", "revoked_at"].contains(member.name) {
            shape[member.name] = member.value
        }
        return .json(.object(shape), status: 201)
    }

    /// Whoever is bound to a tenant makes tokens of that tenant, and learns of no other whether it is declared.
    private func tenant(ofNewToken body: MemberReader, by principal: Principal) throws(Problem) -> TenantName? {
        let name = try problem { () throws(EventProblem) in try body.optional("tenant", bytes: 1...64) }
        guard let name else { return principal.tenant }
        if let own = principal.tenant {
            guard name == own.description else {
                throw Problem(
                    .forbidden,
                    "This token makes tokens of its own tenant only; leave tenant out.",
                    ["scope": .string(Scope.admin.rawValue)]
                )
            }
            return own
        }
        guard facts.tenants.contains(name), let tenant = TenantName(name) else {
            throw .invalidRequest(JSONPointer().appending("tenant"), "tenant must be a declared one")
        }
        return tenant
    }

    private func listTokens(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .admin)
        let query = try QueryReader(request, ["tenant", "cursor", "limit"])
        var filter = TokenFilter(tenant: principal.tenant, limit: try query.integer("limit", in: 1...1000) ?? 50)
        if let name = query.take("tenant") {
            guard let tenant = TenantName(name) else {
                throw .invalidRequest(JSONPointer().appending("tenant"), "tenant must be the name of a tenant")
            }
            guard principal.tenant == nil || principal.tenant == tenant else { throw .notFound }
            filter.tenant = tenant
        }
        if let cursor = query.take("cursor") {
            guard StoredToken.isID(cursor) else {
                throw .invalidRequest(JSONPointer().appending("cursor"), "cursor must be what `next` was")
            }
            filter.after = cursor
        }
        // Before the store is read: what is written between the two must be seen in one of them.
        let unwritten = uses.unwritten
        let page: TokenPage
        do {
            page = try await tokens.tokens(filter)
        } catch {
            throw Problem(error)
        }
        return .json([
            "items": .array(page.items.map { .object($0.json(lastUsed: unwritten[$0.id])) }),
            "next": page.next.map(JSONValue.string) ?? nil,
        ])
    }

    /// `DELETE /v1/tokens/{id}`, or with `?id=`; again it answers the same.
    func revokeToken(_ request: Request, id: String?) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .admin)
        let id = try request.target(of: id)
        let isKnown: Bool
        // Also where nobody can tell whether the store revoked it.
        defer { access.known.forget() }
        do {
            isKnown = StoredToken.isID(id) ? try await tokens.revoke(id, of: principal.tenant) : false
        } catch {
            throw Problem(error)
        }
        guard isKnown else { throw .notFound }
        return .noContent
    }
}

extension StoredToken {
    /// Whether a text is written as ids are: `tk_` and 16 hexadecimal digits.
    fileprivate static func isID(_ text: String) -> Bool {
        text.utf8.count == 19 && text.hasPrefix("tk_")
            && text.dropFirst(3).allSatisfy { "0123456789abcdef".contains($0) }
    }

    /// `lastUsed`: A use that the store does not know yet.
    fileprivate func json(lastUsed: Instant?) -> JSONObject {
        let lastUsed = [lastUsed, lastUsedAt].compactMap(\.self).max()
        return [
            "id": .string(id), "scopes": .array(scopes.map(JSONValue.string)),
            "tenant": tenant.map { .string("\($0)") } ?? nil, "gateways": .array(gateways.map(JSONValue.string)),
            "created_at": .string("\(createdAt)"), "expires_at": expiresAt.map { .string("\($0)") } ?? nil,
            "last_used_at": lastUsed.map { .string("\($0)") } ?? nil,
            "revoked_at": revokedAt.map { .string("\($0)") } ?? nil,
        ]
    }
}
