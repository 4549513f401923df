import AuthEvents
import Challenges
import Clocks
import Limits
import Store
import TestSupport
import Testing

/// Here the code with the number 1 reads `1`, and `sms 1` where it must be told from that of another channel.
extension Scene {
    static let personTries = Rate(count: 15, period: .seconds(3600))

    func verify(
        _ challenge: ChallengeID?,
        _ code: String,
        key: String? = nil,
        session: String? = nil,
        of tenant: TenantName? = nil,
        slots: [Slot] = []
    ) async throws -> VerificationResult {
        try await verify(.challenge(#require(challenge), of: tenant), code, key: key, session: session, slots)
    }

    func verify(
        person: String,
        _ code: String,
        purpose: Purpose = .signUp,
        key: String? = nil,
        session: String? = nil,
        of tenant: TenantName = .default,
        slots: [Slot] = []
    ) async throws -> VerificationResult {
        let target = VerificationAttempt.Target.person(
            Stationery.person(person, of: tenant),
            tenant: tenant,
            purpose: purpose
        )
        return try await verify(target, code, key: key, session: session, slots)
    }

    func challenge(_ id: ChallengeID?, of tenant: TenantName? = nil) async throws -> ChallengeReport? {
        try await store.challenge(#require(id), of: tenant, personTries: Scene.personTries)
    }

    private func verify(
        _ target: VerificationAttempt.Target,
        _ code: String,
        key: String?,
        session: String?,
        _ slots: [Slot]
    ) async throws -> VerificationResult {
        let session = session.map { Digest(of: "session", $0) }
        var attempt = VerificationAttempt(
            target: target,
            session: session,
            idempotencyKey: key.map { Digest(of: "key", $0) },
            content: Digest(of: "content", code),
            personTries: Scene.personTries,
            challengeTries: { _ in 5 }
        )
        attempt.slots = { _ in slots }
        return try await store.verify(attempt) { stored, now in
            ChallengeGroup(stored[0].challenge, stored.dropFirst().map(\.challenge))
                .verdict(at: now, session: session?.bytes) { challenge, number in
                    ["\(number)", "\(challenge.channel.name) \(number)"].contains(code)
                }
        }
    }
}

extension VerificationResult {
    /// The case, and whether it was a repetition; without the challenge that comes with it.
    var name: String {
        switch self {
        case .verified(_, let repeated): repeated ? "repeated" : "verified"
        case .mismatch(let left): "mismatch, \(left) left"
        case .expired(let left): "expired, \(left) left"
        case .used: "used"
        case .locked(_, isPerson: false): "locked"
        case .locked(_, isPerson: true): "locked for a while"
        case .limited(let name, let wait): "limited by \(name) for \(wait.milliseconds / 1000) s"
        case .conflict: "conflict"
        case .notFound: "not found"
        }
    }
}
