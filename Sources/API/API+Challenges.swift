import AuthEvents
import Challenges
import Clocks
import HTTPServer
import JSON
import PhoneNumbers
import Store
import Telemetry
import Verification

extension API {
    /// Answers `POST /v1/challenges/{id}/verify`.
    func verify(_ request: Request, id: String) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .codes)
        let body = try request.object("code", "ip", "session")
        guard let challenge = ChallengeID(id) else {
            metrics.count(VerificationFate.notFound, purpose: nil)
            throw .notFound
        }
        return try await verify(request, body, target: .challenge(challenge), tenant: principal.tenant)
    }

    /// Answers `POST /v1/verify`.
    func verifyByAddress(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .codes)
        let body = try request.object("tenant", "purpose", "email", "phone", "code", "ip", "session")
        let tenant = try tenant(named: body, for: principal, .codes)
        let target = try problem { () throws(EventProblem) -> VerificationRequest.Target in
            let name = try body.required("purpose", bytes: 1...32)
            guard let purpose = Purpose(name: name), purpose != .notice else {
                throw body.problem("purpose", "purpose must be one of those that carry a code, such as sign_up")
            }
            return .address(try address(in: body, of: tenant), purpose: purpose)
        }
        return try await verify(request, body, target: target, tenant: tenant)
    }

    private func verify(
        _ request: Request,
        _ body: MemberReader,
        target: VerificationRequest.Target,
        tenant: TenantName?
    ) async throws(Problem) -> Response {
        let (code, session, network) = try problem { () throws(EventProblem) in
            (
                try body.required("code", bytes: 1...32), try body.optional("session", bytes: 1...128),
                try body.internetAddress("ip").flatMap(internetNetwork)
            )
        }
        let key = try idempotencyKey(of: request)
        let verified: Verified
        do {
            verified = try await verification.verify(
                VerificationRequest(
                    target: target,
                    code: code,
                    session: session,
                    idempotencyKey: key,
                    network: network,
                    tenant: tenant
                )
            )
        } catch {
            await count(error, of: target, tenant: tenant)
            throw Problem(error)
        }
        metrics.count(verified.isRepeated ? VerificationFate.repeated : .verified, purpose: verified.purpose)
        var answer: JSONObject = [
            "result": "verified", "challenge": .string("\(verified.challenge)"),
            "subject": verified.subject.map(JSONValue.string) ?? nil, "purpose": .string(verified.purpose.name),
            "channel": .string(verified.channel.name),
        ]
        if verified.isRepeated { answer["repeated"] = true }
        return .json(.object(answer))
    }

    /// The compared form of the one address that a request names.
    func address(in body: MemberReader, of tenant: TenantName) throws(EventProblem) -> String {
        guard let text = try body.optional("phone", bytes: 1...32) else {
            return try body.mailAddress("email").compared
        }
        guard body.object["email"] == nil else {
            throw body.problem("phone", "give either email or phone, the address that was written to")
        }
        do throws(PhoneNumberError) {
            return try PhoneNumber(text, defaultRegion: facts.countries[tenant.description]).e164
        } catch {
            throw body.problem("phone", error.description)
        }
    }

    /// The tenant that a request names: with a bound token its own, with an unbound one any that is declared.
    func tenant(named body: MemberReader, for principal: Principal, _ scope: Scope) throws(Problem) -> TenantName {
        let name = try problem { () throws(EventProblem) in try body.optional("tenant", bytes: 1...64) }
        guard let name else { return principal.tenant ?? .default }
        guard facts.tenants.contains(name), let tenant = TenantName(name), principal.tenant ?? tenant == tenant else {
            throw Problem(
                .forbidden,
                "Name a declared tenant, and with a bound token the token's own.",
                ["scope": .string(scope.rawValue)]
            )
        }
        return tenant
    }

    /// Answers `GET /v1/challenges/{id}`.
    func challenge(_ request: Request, id: String) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .codes)
        try request.refuseQuery()
        guard let challenge = ChallengeID(id) else { throw .notFound }
        let report: ChallengeReport
        do {
            report = try await verification.challenge(challenge, of: principal.tenant)
        } catch {
            throw Problem(error)
        }
        return .json(report.json(at: time.now()))
    }
}

extension ChallengeReport {
    func json(at now: Instant) -> JSONValue {
        [
            "id": .string("\(challenge.id)"), "state": .string(challenge.state(at: now).rawValue),
            "purpose": .string(challenge.purpose.name), "channel": .string(challenge.channel.name),
            "tenant": .string("\(tenant)"), "session": .bool(challenge.session != nil),
            "group": .array(group.map { .string("\($0)") }),
            "digits": .integer(Int64(challenge.digits)), "codes": .integer(challenge.codes),
            "tries_left": .integer(triesLeft), "expires_at": .string("\(challenge.expiresAt)"),
            "verified_at": challenge.verifiedAt.map { .string("\($0)") } ?? nil,
            "deliveries": .array(deliveries.map { .string("\($0)") }),
        ]
    }
}
