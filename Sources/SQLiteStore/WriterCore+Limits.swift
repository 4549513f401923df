import AuthEvents
import Challenges
import Clocks
import Deliveries
import Limits
import SQLite
import Store

extension WriterCore {
    /// The limit that has no room for a leg now, or the resend wait that is not over; of several the one with the longest
    /// wait.
    ///
    /// `others`: Legs that are taken with it.
    mutating func limitRefusal(
        of leg: Submission.Leg,
        purpose: Purpose,
        besides others: [Submission.Leg]
    ) throws(SQLiteError) -> Obstacle? {
        let resend = leg.proof.challenge == nil ? nil : try resendJudgement(leg.resendWaits, leg.person, purpose)
        var (name, wait, judgement) = (LegRefusal.resend, resend?.rest ?? .zero, resend.map(Judgement.resend))
        for slot in leg.slots {
            let taken = others.flatMap(\.slots).count { $0.bucket == slot.bucket }
            let judged = try judge(slot, after: taken)
            if judged.wait > wait { (name, wait, judgement) = (judged.name, judged.wait, .limit(judged)) }
        }
        return wait > .zero ? Obstacle(.limited(name, retryAfter: wait), judgement) : nil
    }

    /// The limit that has no room for one of the slots, with the longest wait; nothing is taken.
    mutating func limitRefusal(of slots: [Slot]) throws(SQLiteError) -> (name: String, wait: Duration)? {
        var longest: (name: String, wait: Duration)?
        for slot in slots {
            let wait = try wait(for: slot, after: 0)
            if wait > longest?.wait ?? .zero { longest = (slot.limit, wait) }
        }
        return longest
    }

    /// Takes slots that were found free.
    ///
    /// Returns what each limit has left.
    @discardableResult
    mutating func take(_ slots: [Slot]) throws(SQLiteError) -> [LimitJudgement] {
        var judgements: [LimitJudgement] = []
        for slot in slots {
            var bucket = try bucket(slot.bucket)
            guard bucket.take(at: now.nanoseconds, rate: slot.rate, burst: slot.burst) == .zero else {
                throw .damage("a limit changed while a request was accepted")
            }
            save(bucket, as: slot.bucket)
            let left = bucket.left(at: now.nanoseconds, rate: slot.rate, burst: slot.burst)
            judgements.append(LimitJudgement(of: slot, left: left))
        }
        return judgements
    }

    static let unsentSlots: StaticString = """
        SELECT slots, created FROM delivery WHERE id = ? AND state = 9 AND reason <> 14 AND slots IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM attempt WHERE attempt.delivery = delivery.id AND (
                outcome IS NULL OR outcome IN (1, 5) OR answer IN (2, -2)))
        """

    /// Gives the slots of a delivery back that has died and surely was never sent.
    ///
    /// One that a resend overtook keeps them: whoever asks again and again, faster than messages leave, is to be stopped.
    mutating func giveBackSlots(of delivery: DeliveryID) throws(SQLiteError) {
        let unsent = try connection.first(
            WriterCore.unsentSlots,
            .blob(delivery.bytes),
            read: { (slots: $0.blob(0), created: Instant(milliseconds: $0.integer(1))) }
        )
        guard let unsent else { return }
        for slot in TakenSlot.list(unsent.slots) {
            var bucket = try bucket(slot.bucket)
            // Time has put it back: of a million rows that expire, most need no write of a page of their own.
            guard bucket.fullAt > now.nanoseconds else { continue }
            bucket.giveBack(nanoseconds: slot.nanoseconds, takenAt: unsent.created.nanoseconds)
            save(bucket, as: slot.bucket)
        }
        try connection.run("UPDATE delivery SET slots = NULL WHERE id = ?", .blob(delivery.bytes))
    }

    /// Forgets one slice of buckets that are full again: they are as if nobody had ever taken anything.
    mutating func forgetFullBuckets() throws(SQLiteError) {
        let ids = try connection.all(
            "SELECT id, full_at FROM bucket WHERE id > ? ORDER BY id LIMIT ?",
            .blob(state.bucketCursor),
            .integer(sliceSize),
            read: { (id: $0.blob(0), fullAt: $0.integer(1)) }
        )
        state.bucketCursor = ids.count == sliceSize ? ids[ids.count - 1].id : []
        for bucket in ids where bucket.fullAt <= now.nanoseconds {
            try connection.run("DELETE FROM bucket WHERE id = ?", .blob(bucket.id))
        }
    }

    /// How often and when a person was last written to for a purpose, where nothing has been verified since and the code
    /// still lives.
    ///
    /// A clock that was set back makes nobody wait longer than the wait: what was sent ahead of it is taken for sent now.
    mutating func lastSending(
        to person: Digest,
        purpose: Purpose
    ) throws(SQLiteError) -> (count: Int64, at: Instant)? {
        let challenges = try challenges(of: person, purpose: purpose)
        guard let last = challenges.max(by: { $0.sentAt < $1.sentAt }), last.challenge.verifiedAt == nil,
            last.challenge.closedAt == nil, now < last.challenge.expiresAt
        else { return nil }
        guard last.sentAt > now else { return (last.sends, last.sentAt) }
        for ahead in challenges where ahead.sentAt > now {
            try connection.run(
                "UPDATE challenge SET sent = ? WHERE id = ?",
                .integer(now.milliseconds),
                .blob(ahead.challenge.id.bytes)
            )
        }
        return (last.sends, now)
    }

    /// How long until a person may be written to for a purpose again.
    mutating func resendWait(
        _ waits: [Duration],
        for person: Digest,
        purpose: Purpose
    ) throws(SQLiteError) -> Duration {
        try resendJudgement(waits, person, purpose)?.rest ?? .zero
    }

    private mutating func resendJudgement(
        _ waits: [Duration],
        _ person: Digest,
        _ purpose: Purpose
    ) throws(SQLiteError) -> ResendJudgement? {
        guard !waits.isEmpty, let sending = try lastSending(to: person, purpose: purpose) else { return nil }
        return resendJudgement(waits, sending)
    }

    /// `nil` where there are no waits.
    func resendJudgement(_ waits: [Duration], _ last: (count: Int64, at: Instant)) -> ResendJudgement? {
        guard let longest = waits.last else { return nil }
        let index = Int(max(last.count, 1)) - 1
        let wait = index < waits.count ? waits[index] : longest
        return ResendJudgement(sent: last.count, wait: wait, elapsed: now - last.at)
    }

    mutating func wait(for slot: Slot, after taken: Int) throws(SQLiteError) -> Duration {
        try judge(slot, after: taken).wait
    }

    /// Whether a slot is free; its wait is in whole milliseconds, as the clock counts them.
    private mutating func judge(_ slot: Slot, after taken: Int) throws(SQLiteError) -> LimitJudgement {
        var bucket = try bucket(slot.bucket)
        if bucket.settle(at: now.nanoseconds, rate: slot.rate, burst: slot.burst) { save(bucket, as: slot.bucket) }
        for _ in 0..<min(taken, Int(slot.burst)) {
            _ = bucket.take(at: now.nanoseconds, rate: slot.rate, burst: slot.burst)
        }
        let wait = bucket.wait(at: now.nanoseconds, rate: slot.rate, burst: slot.burst).roundedUpToMilliseconds
        let left = bucket.left(at: now.nanoseconds, rate: slot.rate, burst: slot.burst)
        return LimitJudgement(of: slot, left: left, wait: wait)
    }

    private mutating func bucket(_ id: [UInt8]) throws(SQLiteError) -> TokenBucket {
        try recent.buckets.row(RowKey(id), &connection)?.bucket ?? TokenBucket()
    }

    private mutating func save(_ bucket: TokenBucket, as id: [UInt8]) {
        guard bucket.fullAt > .min else { return }
        recent.buckets.set(RowKey(id), BucketRow(bucket))
    }
}

extension LimitJudgement {
    fileprivate init(of slot: Slot, left: Int64, wait: Duration = .zero) {
        self.init(name: slot.limit, scope: slot.scope, rate: slot.rate, burst: slot.burst, left: left, wait: wait)
    }
}

extension ResendJudgement {
    /// How much longer the person must wait.
    fileprivate var rest: Duration { max(.zero, wait - elapsed) }
}

extension Instant {
    /// Since 1970, as buckets count.
    var nanoseconds: Int64 { milliseconds * 1_000_000 }
}

/// A slot as its delivery keeps it: the bucket's id and, in 8 bytes (big endian), what it took.
struct TakenSlot: Equatable {
    var bucket: [UInt8]
    var nanoseconds: Int64

    static func bytes(of slots: [Slot]) -> [UInt8]? {
        guard !slots.isEmpty else { return nil }
        return slots.flatMap { slot in
            let taken = slot.rate.nanosecondsPerToken
            return slot.bucket + (0..<8).map { UInt8(truncatingIfNeeded: taken >> (56 - 8 * $0)) }
        }
    }

    static func list(_ bytes: [UInt8]) -> [TakenSlot] {
        let size = Slot.bucketBytes + 8
        return stride(from: 0, to: bytes.count - bytes.count % size, by: size).map { start in
            let number = bytes[(start + Slot.bucketBytes)..<(start + size)].reduce(Int64(0)) { $0 << 8 | Int64($1) }
            return TakenSlot(bucket: Array(bytes[start..<(start + Slot.bucketBytes)]), nanoseconds: number)
        }
    }
}
