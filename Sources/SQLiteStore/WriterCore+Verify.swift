import AuthEvents
import Challenges
import Clocks
import Deliveries
import Limits
import SQLite
import Store

extension WriterCore {
    /// See ``ChallengeStore/verify(_:judge:)``.
    mutating func verify(
        _ attempt: VerificationAttempt,
        judge: (StoredChallenge, Instant) -> Verdict
    ) throws(SQLiteError) -> VerificationResult {
        switch attempt.target {
        case .challenge(let id, let tenant):
            guard let row = try connection.challenge(id) else { return .notFound }
            if let tenant, try tenantName(row.tenant) != tenant { return .notFound }
            return try verify(row, attempt, judge: judge)
        case .person(let person, _, let purpose):
            let candidates = try challenges(of: person, purpose: purpose).filter { row in
                row.challenge.session == attempt.session?.bytes
            }
            // What was answered under this key is answered again, whatever has been opened since.
            let known = candidates.first { isKey(attempt.idempotencyKey, of: $0) }
            guard let fitting = known ?? candidates.first(where: { $0.challenge.state(at: now) == .open }) else {
                return try chargeNobody(person, purpose, attempt)
            }
            return try verify(fitting, attempt, judge: judge)
        }
    }

    private mutating func verify(
        _ row: ChallengeRow,
        _ attempt: VerificationAttempt,
        judge: (StoredChallenge, Instant) -> Verdict
    ) throws(SQLiteError) -> VerificationResult {
        let stored = StoredChallenge(
            challenge: row.challenge,
            tenant: try tenantName(row.tenant),
            event: row.event,
            sealed: row.sealed,
            codeKey: row.codeKey
        )
        if isKey(attempt.idempotencyKey, of: row) {
            return row.verifiedContent == attempt.content.bytes ? .verified(stored, repeated: true) : .conflict
        }
        let purpose = row.challenge.purpose
        let tries = try connection.tries(of: row.person, purpose: purpose)
        let wait = TokenBucket(fullAt: tries.fullAt).wait(at: nanoseconds, rate: attempt.personTries)
        if row.challenge.state(at: now) == .open, wait > .zero { return .locked(retryAfter: wait) }
        switch judge(stored, now) {
        case .used: return .used
        case .locked: return .locked(retryAfter: nil)
        case .verified:
            try markVerified(row, attempt)
            return .verified(stored, repeated: false)
        case .expired where row.challenge.state(at: now) != .open:
            let personLeft = TokenBucket(fullAt: tries.fullAt).left(at: nanoseconds, rate: attempt.personTries)
            return .expired(triesLeft: min(row.challenge.triesLeft, personLeft))
        case .expired: return .expired(triesLeft: try charge(row, tries, attempt))
        case .mismatch: return .mismatch(triesLeft: try charge(row, tries, attempt))
        }
    }

    private func isKey(_ key: Digest?, of row: ChallengeRow) -> Bool {
        guard let key, row.verifiedKey == key.bytes, let verified = row.challenge.verifiedAt else { return false }
        return now < verified + idempotencyWindow
    }

    private mutating func markVerified(_ row: ChallengeRow, _ attempt: VerificationAttempt) throws(SQLiteError) {
        try connection.run(
            "UPDATE challenge SET verified = ?, verified_key = ?, verified_content = ? WHERE id = ?",
            .integer(now.milliseconds),
            .optional(attempt.idempotencyKey?.bytes),
            .blob(attempt.content.bytes),
            .blob(row.challenge.id.bytes)
        )
        try endUnsent(of: row.challenge.id, as: .answered)
    }

    /// Takes a try from the challenge and from the person.
    ///
    /// Returns the smaller of what is left.
    private mutating func charge(
        _ row: ChallengeRow,
        _ tries: TriesRow,
        _ attempt: VerificationAttempt
    ) throws(SQLiteError) -> Int64 {
        let left = row.challenge.triesLeft - 1
        try connection.run(
            "UPDATE challenge SET tries = ? WHERE id = ?",
            .integer(left),
            .blob(row.challenge.id.bytes)
        )
        if left <= 0 { try endUnsent(of: row.challenge.id, as: .cancelled) }
        let limit = attempt.challengeTries(row.challenge.purpose)
        let personLeft = try book(
            tries,
            shadow: min(tries.shadow + 1, limit),
            of: row.person,
            row.challenge.purpose,
            attempt
        )
        return min(max(left, 0), personLeft)
    }

    /// Answers and charges a person without an open challenge as if the code had been wrong.
    private mutating func chargeNobody(
        _ person: Digest,
        _ purpose: Purpose,
        _ attempt: VerificationAttempt
    ) throws(SQLiteError) -> VerificationResult {
        var tries = try connection.tries(of: person, purpose: purpose)
        if tries.updated + attempt.personTries.period <= now { tries.shadow = 0 }
        let wait = TokenBucket(fullAt: tries.fullAt).wait(at: nanoseconds, rate: attempt.personTries)
        guard wait == .zero else { return .locked(retryAfter: wait) }
        let limit = attempt.challengeTries(purpose)
        guard tries.shadow < limit else { return .locked(retryAfter: nil) }
        let personLeft = try book(tries, shadow: tries.shadow + 1, of: person, purpose, attempt)
        return .mismatch(triesLeft: min(limit - tries.shadow - 1, personLeft))
    }

    private mutating func book(
        _ tries: TriesRow,
        shadow: Int64,
        of person: Digest,
        _ purpose: Purpose,
        _ attempt: VerificationAttempt
    ) throws(SQLiteError) -> Int64 {
        var bucket = TokenBucket(fullAt: tries.fullAt)
        _ = bucket.take(at: nanoseconds, rate: attempt.personTries)
        try save(
            TriesRow(fullAt: bucket.fullAt, shadow: shadow, updated: now),
            of: person,
            purpose: purpose
        )
        return bucket.left(at: nanoseconds, rate: attempt.personTries)
    }

    private var nanoseconds: Int64 { now.milliseconds * 1_000_000 }
}
