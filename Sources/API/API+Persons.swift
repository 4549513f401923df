import AuthEvents
import Deliveries
import HTTPServer
import JSON
import Keys
import Store

/// A person whom a request names: one address, in one tenant or in all.
private struct NamedPerson {
    var address: String
    var tenants: Set<TenantName>
}

extension API {
    /// Answers `POST /v1/deliveries/search`: a page of what went to a person, newest first.
    func searchDeliveries(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .read)
        let body = try request.object("email", "phone", "tenant", "limit", "cursor")
        let person = try await person(in: body, for: principal, .read)
        let (limit, cursor) = try problem { () throws(EventProblem) in
            (try body.integer("limit", in: 1...1000, else: 50), try body.optional("cursor", bytes: 1...64))
        }
        let after = cursor.flatMap(DeliveryID.init)
        guard cursor == nil || after != nil else {
            throw .invalidRequest(JSONPointer().appending("cursor"), "cursor must be what the page before had as next.")
        }
        let persons = keys.persons(person.address, of: person.tenants)
        do {
            return .json(json(try await records.deliveries(to: persons, after: after, limit: Int(limit))))
        } catch {
            throw Problem(error)
        }
    }

    /// Answers `POST /v1/erasures` with what was erased; the same again finds nothing.
    ///
    /// Where it is interrupted, part of it is done; asked again, it does the rest.
    func erase(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .admin)
        let body = try request.object("email", "phone", "tenant")
        let person = try await person(in: body, for: principal, .admin)
        let persons = keys.persons(person.address, of: person.tenants)
        let buckets = keys.buckets(person.address, of: person.tenants)
        var whole = Erasure()
        do {
            repeat {
                let done = try await erasures.erase(persons, buckets: buckets)
                whole = Erasure(
                    deliveries: whole.deliveries + done.deliveries,
                    challenges: whole.challenges + done.challenges,
                    events: whole.events + done.events,
                    isMore: done.isMore
                )
            } while whole.isMore
        } catch {
            throw Problem(error)
        }
        return .json([
            "deliveries": .integer(whole.deliveries), "challenges": .integer(whole.challenges),
            "events": .integer(whole.events),
        ])
    }

    /// Without a tenant it is the token's, or with an unbound one all that there are or were.
    private func person(
        in body: MemberReader,
        for principal: Principal,
        _ scope: Scope
    ) async throws(Problem) -> NamedPerson {
        let isForAll = (body.object["tenant"] ?? .null) == .null
        let tenant = isForAll ? principal.tenant : try tenant(named: body, for: principal, scope)
        let address = try problem { () throws(EventProblem) in try self.address(in: body, of: tenant ?? .default) }
        if let tenant { return NamedPerson(address: address, tenants: [tenant]) }
        do {
            let known = try await erasures.tenants() + facts.tenants.compactMap(TenantName.init)
            return NamedPerson(address: address, tenants: Set(known))
        } catch {
            throw Problem(error)
        }
    }
}
