import AuthEvents
import Clocks
import Deliveries
import HTTPServer
import JSON
import PhoneNumbers
import Store

extension API {
    /// How long a hold lasts that names no end, and the longest that one may.
    private static let standardHold: Duration = .seconds(86_400)
    private static let longestHold: Duration = .seconds(366 * 86_400)
    /// So many bytes of reason: it is shown to applications.
    static let reasonBytes = 1...200

    /// Answers `GET` and `POST /v1/holds` and `DELETE /v1/holds/{id}`, the id also in the query.
    func holds(_ request: Request, id: String?) async throws(Problem) -> Response {
        let isGet = request.method == "GET" || request.method == "HEAD"
        switch (request.method, id) {
        case ("DELETE", _): return try await endHold(request, id: id)
        case ("POST", nil): return try await createHold(request)
        case (_, nil) where isGet: return try await listHolds(request)
        default: throw .methodNotAllowed(id == nil ? ["GET", "POST", "DELETE"] : ["DELETE"])
        }
    }

    private func listHolds(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .operate)
        _ = try QueryReader(request, [])
        do {
            let items = try await holds.holds(of: principal.tenant).map(\.json)
            return .json(["items": .array(items), "next": nil])
        } catch {
            throw Problem(error)
        }
    }

    private func endHold(_ request: Request, id: String?) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .operate)
        guard let id = HoldID(try request.target(of: id)) else { throw .notFound }
        do {
            guard try await holds.removeHold(id, of: principal.tenant) else { throw Problem.notFound }
            return .noContent
        } catch let error as StoreError {
            throw Problem(error)
        } catch {
            throw .notFound
        }
    }

    private func createHold(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .operate)
        let body = try request.object("scope", "value", "reason", "until")
        // Whoever is bound to a tenant learns of no other, nor of gateways, whether it is declared.
        let isOther =
            body.object["scope"] != "tenant" || body.object["value"] != principal.tenant.map { .string("\($0)") }
        if principal.tenant != nil, isOther {
            throw Problem(
                .forbidden,
                "A token of a tenant holds that tenant only: scope tenant, and the tenant's name.",
                ["scope": .string(Scope.operate.rawValue)]
            )
        }
        var hold = try problem { () throws(EventProblem) in try newHold(body) }
        hold.owner = principal.tenant
        do {
            return .json(try await holds.add(hold).json, status: 201)
        } catch {
            throw Problem(error)
        }
    }

    private func newHold(_ body: MemberReader) throws(EventProblem) -> Hold {
        let scopes = Hold.Scope.allCases.map(\.rawValue).joined(separator: ", ")
        guard let scope = Hold.Scope(rawValue: try body.required("scope", bytes: 1...16)) else {
            throw body.problem("scope", "scope must be one of \(scopes)")
        }
        let given = try body.required("value", bytes: 1...64)
        var value = given
        switch scope {
        case .prefix:
            let digits = given.hasPrefix("+") ? String(given.dropFirst()) : given
            guard (1...15).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw body.problem("value", "value must be the beginning of a number in E.164, such as +1242")
            }
            value = "+" + digits
        case .country:
            value = given.uppercased()
            guard isRegion(value) else { throw body.problem("value", "value must be an ISO 3166 code such as BS") }
        case .tenant:
            guard facts.tenants.contains(given) else { throw body.problem("value", "value must be a declared tenant") }
        case .gateway:
            guard facts.gateways.contains(where: { $0.name == given }) else {
                throw body.problem("value", "value must be a gateway of the settings")
            }
        }
        let now = time.now()
        let until = try body.end("until", now: now) ?? now + API.standardHold
        guard until <= now + API.longestHold else {
            throw body.problem("until", "until must lie within a year: a hold is for a while")
        }
        var generator = SystemRandomNumberGenerator()
        return Hold(
            id: HoldID(at: now, using: &generator),
            scope: scope,
            value: value,
            reason: try body.optional("reason", bytes: API.reasonBytes) ?? "manual",
            until: until
        )
    }
}

extension Hold {
    var json: JSONValue {
        [
            "id": .string("\(id)"), "scope": .string(scope.rawValue), "value": .string(value),
            "reason": .string(reason), "until": .string("\(until)"),
        ]
    }
}

extension MemberReader {
    /// When something ends, `nil` where the member is missing or null; it must lie ahead.
    func end(_ name: String, now: Instant) throws(EventProblem) -> Instant? {
        guard let value = object[name], value != nil else { return nil }
        guard case .string(let text) = value, let instant = Instant(ofRequest: text), instant > now else {
            throw problem(name, "\(name) must be an RFC 3339 date-time that lies ahead; leave it out otherwise")
        }
        return instant
    }
}

extension Request {
    /// The id of the thing that a request is about: in the path, else in the query.
    func target(of path: String?) throws(Problem) -> String {
        if let path {
            try refuseQuery()
            return path
        }
        guard let id = try QueryReader(self, ["id"]).take("id") else {
            throw .invalidRequest(JSONPointer().appending("id"), "Name what to end: …/ID, or ?id=ID.")
        }
        return id
    }
}
