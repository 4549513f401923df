import AuthEvents
import Clocks
import HTTPServer
import JSON
import Keys
import PhoneNumbers
import Store

extension API {
    /// Answers `GET` and `POST /v1/suppressions` and `DELETE /v1/suppressions/{id}`, the id also in the query.
    func suppressions(_ request: Request, id: String?) async throws(Problem) -> Response {
        let isGet = request.method == "GET" || request.method == "HEAD"
        switch (request.method, id) {
        case ("DELETE", _): return try await endSuppression(request, id: id)
        case ("POST", nil): return try await createSuppression(request)
        case (_, nil) where isGet: return try await listSuppressions(request)
        default: throw .methodNotAllowed(id == nil ? ["GET", "POST", "DELETE"] : ["DELETE"])
        }
    }

    private func listSuppressions(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .operate)
        let query = try QueryReader(request, ["cursor", "limit"])
        let cursor = query.take("cursor")
        let after = cursor.flatMap(SuppressionID.init)
        guard cursor == nil || after != nil else {
            throw .invalidRequest(JSONPointer().appending("cursor"), "cursor must be the next of the page before.")
        }
        let limit = try query.integer("limit", in: 1...1000) ?? 50
        do {
            let found = try await suppressions.suppressions(of: principal.tenant, after: after, limit: limit + 1)
            let page = found.prefix(limit)
            let next = found.count > limit ? page.last.map { JSONValue.string("\($0.id)") } : nil
            return .json(["items": .array(page.map(json)), "next": next ?? nil])
        } catch {
            throw Problem(error)
        }
    }

    private func endSuppression(_ request: Request, id: String?) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .operate)
        guard let id = SuppressionID(try request.target(of: id)) else { throw .notFound }
        do {
            guard try await suppressions.removeSuppression(id, of: principal.tenant) else { throw Problem.notFound }
            return .noContent
        } catch let error as StoreError {
            throw Problem(error)
        } catch {
            throw .notFound
        }
    }

    private func createSuppression(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .operate)
        let body = try request.object("email", "phone", "channel", "tenant", "reason", "source", "until")
        // For all tenants, where the token is not bound to one.
        let isForAll = (body.object["tenant"] ?? .null) == .null
        let tenant = isForAll ? principal.tenant : try tenant(named: body, for: principal, .operate)
        let address = try problem { () throws(EventProblem) in try self.address(in: body, of: tenant ?? .default) }
        let person = tenant.map { keys.person(address, of: $0) } ?? keys.anyone(address)
        let sealed: SealedBytes
        do {
            sealed = try keys.seal(address, ofSuppressed: person)
        } catch {
            throw Problem(.unavailable, "Nothing was done: the server's keys cannot be used.", retryAfter: 60)
        }
        let new = try problem { () throws(EventProblem) in
            try newSuppression(body, of: tenant, person: person, sealed: sealed)
        }
        do {
            let persons = facts.tenants.compactMap(TenantName.init)
                .filter { tenant == nil || tenant == $0 }
                .map { keys.person(address, of: $0) }
            return .json(json(try await suppressions.add(new, persons: persons)), status: 201)
        } catch {
            throw Problem(error)
        }
    }

    private func newSuppression(
        _ body: MemberReader,
        of tenant: TenantName?,
        person: Digest,
        sealed: SealedBytes
    ) throws(EventProblem) -> Suppression {
        let channel: Channel = body.object["phone"] == nil ? .email : .sms
        if let name = try body.optional("channel", bytes: 1...16), name != channel.name {
            throw body.problem("channel", "channel must be \(channel.name) for this address, or left out")
        }
        let now = time.now()
        var generator = SystemRandomNumberGenerator()
        return Suppression(
            id: SuppressionID(at: now, using: &generator),
            person: person,
            channel: channel,
            tenant: tenant,
            reason: try body.optional("reason", bytes: API.reasonBytes) ?? "manual",
            source: try body.optional("source", bytes: 1...64) ?? "manual",
            until: try body.end("until", now: now),
            sealed: sealed
        )
    }

    private func json(_ suppression: Suppression) -> JSONValue {
        // Without its key it is still shown, so that it can be ended.
        let address = (try? keys.open(suppression.sealed, ofSuppressed: suppression.person)) ?? ""
        return [
            "id": .string("\(suppression.id)"),
            "recipient": .string(EventContents.masked(address, on: suppression.channel)),
            "channel": .string(suppression.channel.name),
            "tenant": suppression.tenant.map { .string("\($0)") } ?? nil,
            "reason": .string(suppression.reason), "source": .string(suppression.source),
            "until": suppression.until.map { .string("\($0)") } ?? nil,
        ]
    }
}
