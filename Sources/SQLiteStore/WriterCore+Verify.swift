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
        judge: ([StoredChallenge], Instant) -> Verdict
    ) throws(SQLiteError) -> VerificationResult {
        switch attempt.target {
        case .challenge(let id, let tenant):
            if let row = try connection.challenge(id) {
                let owner = try tenantName(row.tenant)
                if tenant ?? owner == owner { return try verify(row, attempt, judge: judge) }
            }
            return try takeSlots(attempt, nil) ?? .notFound
        case .person(let person, _, let purpose):
            let candidates = try challenges(of: person, purpose: purpose).filter { row in
                row.challenge.session == attempt.session?.bytes
            }
            // What was answered under this key is answered again, whatever has been opened since.
            let known = candidates.first { isKey(attempt.idempotencyKey, of: $0) }
            guard let fitting = known ?? candidates.first(where: { $0.challenge.state(at: now) == .open }) else {
                if let refusal = try takeSlots(attempt, nil) { return refusal }
                return try chargeNobody(person, purpose, attempt)
            }
            return try verify(fitting, attempt, judge: judge)
        }
    }

    private mutating func verify(
        _ row: ChallengeRow,
        _ attempt: VerificationAttempt,
        judge: ([StoredChallenge], Instant) -> Verdict
    ) throws(SQLiteError) -> VerificationResult {
        let group = try connection.group(of: row)
        if let known = group.first(where: { isKey(attempt.idempotencyKey, of: $0) }) {
            guard known.verifiedContent == attempt.content.bytes else { return .conflict }
            let verified = group.first { $0.challenge.verifiedAt != nil } ?? known
            return .verified(try stored(verified), repeated: true)
        }
        if let refusal = try takeSlots(attempt, try stored(row)) { return refusal }
        let buckets = try personBuckets(of: group, attempt)
        let wait = buckets.map { $0.bucket.wait(at: now.nanoseconds, rate: attempt.personTries) }.max() ?? .zero
        let isOpen = group.contains { $0.challenge.state(at: now) == .open }
        if isOpen, wait > .zero { return .locked(retryAfter: wait, isPerson: true) }
        var members: [StoredChallenge] = []
        for member in group { members.append(try stored(member)) }
        switch judge(members, now) {
        case .used:
            let personLeft = buckets.map { $0.bucket.left(at: now.nanoseconds, rate: attempt.personTries) }.min() ?? 0
            return .used(triesLeft: max(0, min(row.challenge.triesLeft, personLeft)))
        case .locked:
            let waits = attempt.resendWaits(row.challenge.purpose)
            let rest = try resendWait(waits, for: row.person, purpose: row.challenge.purpose)
            return .locked(retryAfter: rest, isPerson: false)
        case .verified(let id):
            guard let verified = members.first(where: { $0.challenge.id == id }) else {
                throw .damage("a challenge outside of its group was verified")
            }
            try markVerified(id, of: group, attempt)
            return .verified(verified, repeated: false)
        case .expired where !isOpen:
            let personLeft = buckets.map { $0.bucket.left(at: now.nanoseconds, rate: attempt.personTries) }.min() ?? 0
            return .expired(triesLeft: min(row.challenge.triesLeft, personLeft))
        case .expired: return .expired(triesLeft: try charge(group, buckets, attempt))
        case .mismatch: return .mismatch(triesLeft: try charge(group, buckets, attempt))
        }
    }

    /// Takes what a try takes of limits, all or nothing; returns the refusal where there is no room.
    private mutating func takeSlots(
        _ attempt: VerificationAttempt,
        _ stored: StoredChallenge?
    ) throws(SQLiteError) -> VerificationResult? {
        let slots = attempt.slots(stored)
        if let refusal = try limitRefusal(of: slots) { return .limited(refusal.name, retryAfter: refusal.wait) }
        try take(slots)
        return nil
    }

    private func stored(_ row: ChallengeRow) throws(SQLiteError) -> StoredChallenge {
        StoredChallenge(
            challenge: row.challenge,
            tenant: try tenantName(row.tenant),
            event: row.event,
            sealed: row.sealed,
            codeKey: row.codeKey
        )
    }

    private func isKey(_ key: Digest?, of row: ChallengeRow) -> Bool {
        guard let key, row.verifiedKey == key.bytes,
            let verified = row.challenge.verifiedAt ?? row.challenge.closedAt
        else { return false }
        return now < verified + idempotencyWindow
    }

    /// Marks one of a group as verified, closes the others, and ends what of them is unsent.
    private mutating func markVerified(
        _ id: ChallengeID,
        of group: [ChallengeRow],
        _ attempt: VerificationAttempt
    ) throws(SQLiteError) {
        for member in group {
            let isTheOne = member.challenge.id == id
            try connection.run(
                "UPDATE challenge SET verified = ?, closed = ?, verified_key = ?, verified_content = ? WHERE id = ?",
                .optional(isTheOne ? now.milliseconds : nil),
                .optional(isTheOne ? nil : now.milliseconds),
                .optional(attempt.idempotencyKey?.bytes),
                .blob(attempt.content.bytes),
                .blob(member.challenge.id.bytes)
            )
            try endUnsent(of: member.challenge.id, as: .answered)
        }
    }

    private struct PersonBucket {
        var person: Digest
        var tries: TriesRow
        var bucket: TokenBucket { TokenBucket(fullAt: tries.fullAt) }
    }

    /// Wrong tries of each person that a group's challenges belong to.
    private mutating func personBuckets(
        of group: [ChallengeRow],
        _ attempt: VerificationAttempt
    ) throws(SQLiteError) -> [PersonBucket] {
        var buckets: [PersonBucket] = []
        for member in group where !buckets.contains(where: { $0.person == member.person }) {
            let tries = try tries(of: member.person, member.challenge.purpose, attempt)
            buckets.append(PersonBucket(person: member.person, tries: tries))
        }
        return buckets
    }

    /// Also where the clock was set back nobody is locked out for longer than the window.
    private mutating func tries(
        of person: Digest,
        _ purpose: Purpose,
        _ attempt: VerificationAttempt
    ) throws(SQLiteError) -> TriesRow {
        var tries = try connection.tries(of: person, purpose: purpose)
        var bucket = TokenBucket(fullAt: tries.fullAt)
        guard bucket.settle(at: now.nanoseconds, rate: attempt.personTries) else { return tries }
        tries.fullAt = bucket.fullAt
        try save(tries, of: person, purpose: purpose)
        return tries
    }

    /// Takes a try from the group and from each of its persons.
    ///
    /// Returns the smallest number that is left.
    private mutating func charge(
        _ group: [ChallengeRow],
        _ buckets: [PersonBucket],
        _ attempt: VerificationAttempt
    ) throws(SQLiteError) -> Int64 {
        var left = Int64.max
        for member in group {
            let rest = max(member.challenge.triesLeft - 1, 0)
            left = min(left, rest)
            try connection.run(
                "UPDATE challenge SET tries = ? WHERE id = ?",
                .integer(rest),
                .blob(member.challenge.id.bytes)
            )
        }
        if left == 0 {
            for member in group { try endUnsent(of: member.challenge.id, as: .cancelled) }
        }
        let purpose = group[0].challenge.purpose
        let limit = attempt.challengeTries(purpose)
        for person in buckets {
            let shadow = min(person.tries.shadow + 1, limit)
            left = min(left, try book(person.tries, shadow: shadow, of: person.person, purpose, attempt))
        }
        return left
    }

    /// Answers and charges a person without an open challenge as if the code had been wrong.
    private mutating func chargeNobody(
        _ person: Digest,
        _ purpose: Purpose,
        _ attempt: VerificationAttempt
    ) throws(SQLiteError) -> VerificationResult {
        var tries = try tries(of: person, purpose, attempt)
        if tries.updated + attempt.personTries.period <= now { tries.shadow = 0 }
        let wait = TokenBucket(fullAt: tries.fullAt).wait(at: now.nanoseconds, rate: attempt.personTries)
        guard wait == .zero else { return .locked(retryAfter: wait, isPerson: true) }
        let limit = attempt.challengeTries(purpose)
        // As long as a person who has just been written to would wait: nobody is told apart.
        guard tries.shadow < limit else {
            return .locked(retryAfter: attempt.resendWaits(purpose).first ?? .zero, isPerson: false)
        }
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
        _ = bucket.take(at: now.nanoseconds, rate: attempt.personTries)
        try save(
            TriesRow(fullAt: bucket.fullAt, shadow: shadow, updated: now),
            of: person,
            purpose: purpose
        )
        return bucket.left(at: now.nanoseconds, rate: attempt.personTries)
    }
}
