package import AuthEvents
package import Challenges
package import Clocks
package import Limits

/// Checks codes and tells how challenges stand.
package protocol ChallengeStore: Sendable {
    /// Judges one try and books what it cost, in one transaction.
    ///
    /// - Of several tries at the same moment exactly one finds the challenge open with its last try (promise 8).
    /// - A challenge is verified at most once; with the idempotency key and content of that time the answer is `repeated`
    /// for ``idempotencyWindow``, with other content `conflict`, without them `used` (promise 8).
    /// - Verifying ends the challenge's unsent deliveries as `answered`, the last try locks it and ends them as
    /// `cancelled`, in the same transaction.
    /// - The challenges of a group are judged together: a wrong code costs each a try, a right one closes the others.
    /// - Wrong tries count by person and purpose too, so that a new code does not give new tries (promise 8).
    /// - A person without an open challenge is answered and charged like a wrong code.
    /// - Each try that is judged takes its slots first; where one has no room nothing else happens (promise 9).
    ///
    /// `judge`: Gets the challenge and the others of its group, the one that was asked for first. Pure; runs inside the
    /// transaction, on the store's thread.
    func verify(
        _ attempt: VerificationAttempt,
        judge: @escaping @Sendable ([StoredChallenge], Instant) -> Verdict
    ) async throws(StoreError) -> VerificationResult

    /// The challenge and the ids of its deliveries, oldest first; `nil` where there is none, or of another tenant.
    func challenge(
        _ id: ChallengeID,
        of tenant: TenantName?,
        personTries: Rate
    ) async throws(StoreError) -> ChallengeReport?
}

/// How long a verification may be repeated with the same key.
package let idempotencyWindow: Duration = .seconds(86_400)

package struct VerificationAttempt: Sendable {
    package enum Target: Sendable {
        /// Of this tenant only, if one is named.
        case challenge(ChallengeID, of: TenantName?)
        /// The newest open challenge of a person; `person` stands for tenant and compared address.
        case person(Digest, tenant: TenantName, purpose: Purpose)
    }

    package var target: Target
    package var session: Digest?
    /// Stands for the `Idempotency-Key`.
    package var idempotencyKey: Digest?
    /// Stands for the request's content.
    package var content: Digest
    /// Tries that a person has for a purpose, whatever the number of codes.
    package var personTries: Rate
    /// Tries that a new challenge of the purpose would have.
    package var challengeTries: @Sendable (Purpose) -> Int64
    /// What a try takes of limits, at a challenge or where there is none.
    ///
    /// Pure; runs inside the transaction.
    package var slots: @Sendable (StoredChallenge?) -> [Slot] = { _ in [] }
    /// How long a purpose makes a person wait for the second message, the third and so on.
    package var resendWaits: @Sendable (Purpose) -> [Duration] = { _ in [] }

    package init(
        target: Target,
        session: Digest?,
        idempotencyKey: Digest?,
        content: Digest,
        personTries: Rate,
        challengeTries: @escaping @Sendable (Purpose) -> Int64
    ) {
        (self.target, self.session, self.idempotencyKey) = (target, session, idempotencyKey)
        (self.content, self.personTries, self.challengeTries) = (content, personTries, challengeTries)
    }
}

/// A challenge with what is needed to derive its codes.
package struct StoredChallenge: Sendable, Equatable {
    package var challenge: Challenge
    package var tenant: TenantName
    /// The event that opened it: its sealed data hold the address and the subject.
    package var event: EventID
    package var sealed: SealedBytes
    package var codeKey: String

    package init(challenge: Challenge, tenant: TenantName, event: EventID, sealed: SealedBytes, codeKey: String) {
        (self.challenge, self.tenant, self.event) = (challenge, tenant, event)
        (self.sealed, self.codeKey) = (sealed, codeKey)
    }
}

package enum VerificationResult: Sendable, Equatable {
    case verified(StoredChallenge, repeated: Bool)
    case mismatch(triesLeft: Int64)
    case expired(triesLeft: Int64)
    case used(triesLeft: Int64)
    /// No tries left: of a person until one is given back, of a challenge until a new event may open another.
    case locked(retryAfter: Duration, isPerson: Bool)
    /// A limit has no room for it; nothing was judged.
    case limited(String, retryAfter: Duration)
    /// The idempotency key came with other content before.
    case conflict
    /// No such challenge.
    case notFound
}

package struct ChallengeReport: Sendable, Equatable {
    package var challenge: Challenge
    package var tenant: TenantName
    package var deliveries: [DeliveryID]
    /// The ids of its group, its own among them; empty where it stands alone.
    package var group: [ChallengeID]
    /// The smaller of the challenge's tries and the person's.
    package var triesLeft: Int64

    package init(
        challenge: Challenge,
        tenant: TenantName,
        deliveries: [DeliveryID],
        group: [ChallengeID] = [],
        triesLeft: Int64
    ) {
        (self.challenge, self.tenant, self.group) = (challenge, tenant, group)
        (self.deliveries, self.triesLeft) = (deliveries, triesLeft)
    }
}
