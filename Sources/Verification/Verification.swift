package import AuthEvents
package import Challenges
private import Clocks
package import Keys
package import Limits
package import Store

/// A try at a code, as the application sends it.
package struct VerificationRequest: Sendable {
    package enum Target: Sendable {
        case challenge(ChallengeID)
        /// By the compared form of the address.
        case address(String, purpose: Purpose)
    }

    package var target: Target
    package var code: String
    package var session: String?
    package var idempotencyKey: String?
    /// What the person's address on the internet is counted by; see ``internetNetwork(of:)``.
    package var network: String?
    /// The tenant to look in: of the token, or named in the request; `nil` for an unbound token with a challenge's id.
    package var tenant: TenantName?

    package init(
        target: Target,
        code: String,
        session: String?,
        idempotencyKey: String?,
        network: String? = nil,
        tenant: TenantName?
    ) {
        (self.target, self.code, self.session) = (target, code, session)
        (self.idempotencyKey, self.network, self.tenant) = (idempotencyKey, network, tenant)
    }
}

/// A code that was right.
package struct Verified: Sendable, Equatable {
    package var challenge: ChallengeID
    package var subject: String?
    package var purpose: Purpose
    package var channel: Channel
    package var isRepeated: Bool
}

/// Why a code was not taken.
package enum VerificationRefusal: Error, Equatable {
    case notFound
    case conflict
    case mismatch(triesLeft: Int64)
    case expired(triesLeft: Int64)
    case used(triesLeft: Int64)
    /// Of a person until a try is given back, of a challenge until a new event may open another.
    case tooManyTries(retryAfter: Duration, isPerson: Bool)
    /// A limit on verification has no room for it.
    case limited(String, retryAfter: Duration)
    case store(StoreError)
    case keys(reason: String)
}

/// Checks codes.
package struct Verification: Sendable {
    /// Tries that a person has for a purpose, whatever the number of codes.
    package static let personTries = Rate(count: 15, period: .seconds(3600))

    private let store: any ChallengeStore
    let keys: Keyring
    private let epoch: [UInt8]
    private let terms: [Purpose: PurposeTerms]
    let limits: LimitSet
    /// The country of each tenant's own.
    let homes: [TenantName: String]

    package init(
        store: any ChallengeStore,
        keys: Keyring,
        epoch: [UInt8],
        terms: [Purpose: PurposeTerms],
        limits: LimitSet,
        tenants: [Tenant]
    ) {
        (self.store, self.keys, self.epoch, self.terms) = (store, keys, epoch, terms)
        self.limits = limits
        homes = Dictionary(tenants.map { ($0.name, $0.defaultCountry) }, uniquingKeysWith: { first, _ in first })
    }

    package func verify(_ request: VerificationRequest) async throws(VerificationRefusal) -> Verified {
        let result: VerificationResult
        do {
            result = try await store.verify(attempt(for: request)) { stored, now in
                verdict(on: stored, given: request.code, session: request.session, at: now)
            }
        } catch {
            throw .store(error)
        }
        switch result {
        case .verified(let stored, let repeated): return try verified(stored, repeated: repeated)
        case .mismatch(let left): throw .mismatch(triesLeft: left)
        case .expired(let left): throw .expired(triesLeft: left)
        case .used(let left): throw .used(triesLeft: left)
        case .locked(let wait, let isPerson): throw .tooManyTries(retryAfter: wait, isPerson: isPerson)
        case .limited(let name, let wait): throw .limited(name, retryAfter: wait)
        case .conflict: throw .conflict
        case .notFound: throw .notFound
        }
    }

    package func challenge(
        _ id: ChallengeID,
        of tenant: TenantName?
    ) async throws(VerificationRefusal) -> ChallengeReport {
        let report: ChallengeReport?
        do {
            report = try await store.challenge(id, of: tenant, personTries: Verification.personTries)
        } catch {
            throw .store(error)
        }
        guard let report else { throw .notFound }
        return report
    }

    private func attempt(for request: VerificationRequest) -> VerificationAttempt {
        let tenant = request.tenant ?? .default
        let target: VerificationAttempt.Target
        var what: [UInt8]
        switch request.target {
        case .challenge(let id):
            target = .challenge(id, of: request.tenant)
            what = id.bytes
        case .address(let address, let purpose):
            target = .person(keys.person(address, of: tenant), tenant: tenant, purpose: purpose)
            what = [UInt8]((purpose.name + " " + address).utf8)
        }
        let terms = terms
        var attempt = VerificationAttempt(
            target: target,
            session: request.session.map { keys.digest("session", [UInt8](tenant.description.utf8), [UInt8]($0.utf8)) },
            idempotencyKey: request.idempotencyKey.map { keys.digest("idempotency", [UInt8]($0.utf8)) },
            content: keys.digest(
                "verification",
                what,
                [UInt8](request.code.utf8),
                [UInt8]((request.session ?? "").utf8)
            ),
            personTries: Verification.personTries,
            challengeTries: { (terms[$0] ?? .standard(for: $0)).tries }
        )
        attempt.slots = slots(of: request)
        attempt.resendWaits = { (terms[$0] ?? .standard(for: $0)).resendWaits }
        return attempt
    }

    /// Runs inside the store's transaction.
    private func verdict(on group: [StoredChallenge], given: String, session: String?, at now: Instant) -> Verdict {
        let tenant = [UInt8](group[0].tenant.description.utf8)
        let named = session.map { keys.digest("session", tenant, [UInt8]($0.utf8)).bytes }
        let addresses = group.map { stored in
            (try? keys.open(stored.sealed, of: stored.event))?.comparedAddress(on: stored.challenge.channel)
        }
        let challenges = ChallengeGroup(group[0].challenge, group.dropFirst().map(\.challenge))
        return challenges.verdict(at: now, session: named) { challenge, number in
            // Without its keys a challenge cannot be met; nothing may count as right.
            guard let index = group.firstIndex(where: { $0.challenge.id == challenge.id }),
                let address = addresses[index]
            else { return false }
            let origin = CodeOrigin(
                epoch: epoch,
                challenge: challenge.id,
                number: number,
                purpose: challenge.purpose,
                address: address
            )
            let code = try? keys.code(origin, digits: challenge.digits, key: group[index].codeKey)
            return code?.matches(given) ?? false
        }
    }

    private func verified(_ stored: StoredChallenge, repeated: Bool) throws(VerificationRefusal) -> Verified {
        do {
            let contents = try keys.open(stored.sealed, of: stored.event)
            return Verified(
                challenge: stored.challenge.id,
                subject: contents.subject,
                purpose: stored.challenge.purpose,
                channel: stored.challenge.channel,
                isRepeated: repeated
            )
        } catch {
            throw .keys(reason: "\(error)")
        }
    }
}
