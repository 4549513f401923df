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
    ) throws(SQLiteError) -> LegRefusal.Cause? {
        var longest: (name: String, wait: Duration) = (LegRefusal.resend, try resendWait(of: leg, purpose: purpose))
        for slot in leg.slots {
            let taken = others.flatMap(\.slots).count { $0.bucket == slot.bucket }
            let wait = try wait(for: slot, after: taken)
            if wait > longest.wait { longest = (slot.limit, wait) }
        }
        return longest.wait > .zero ? .limited(longest.name, retryAfter: longest.wait) : nil
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
    mutating func take(_ slots: [Slot]) throws(SQLiteError) {
        for slot in slots {
            var bucket = try bucket(slot.bucket)
            guard bucket.take(at: nanoseconds, rate: slot.rate, burst: slot.burst) == .zero else {
                throw .damage("a limit changed while a request was accepted")
            }
            try save(bucket, as: slot.bucket)
        }
    }

    static let unsentSlots: StaticString = """
        SELECT slots FROM delivery WHERE id = ? AND state = 9 AND slots IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM attempt WHERE attempt.delivery = delivery.id AND (outcome IS NULL OR outcome IN (1, 5)))
        """

    /// Gives the slots of a delivery back that has died and surely was never sent.
    mutating func giveBackSlots(of delivery: DeliveryID) throws(SQLiteError) {
        let taken = try connection.first(WriterCore.unsentSlots, .blob(delivery.bytes), read: { $0.blob(0) })
        guard let taken else { return }
        for slot in TakenSlot.list(taken) {
            var bucket = try bucket(slot.bucket)
            bucket.giveBack(nanoseconds: slot.nanoseconds)
            try save(bucket, as: slot.bucket)
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
        for bucket in ids where bucket.fullAt <= nanoseconds {
            try connection.run("DELETE FROM bucket WHERE id = ?", .blob(bucket.id))
        }
    }

    /// How often and when a person was last written to for a purpose, where nothing has been verified since and the code
    /// still lives.
    mutating func lastSending(
        to person: Digest,
        purpose: Purpose
    ) throws(SQLiteError) -> (count: Int64, at: Instant)? {
        let last = try challenges(of: person, purpose: purpose).max { $0.sentAt < $1.sentAt }
        guard let last, last.challenge.verifiedAt == nil, last.challenge.closedAt == nil, now < last.challenge.expiresAt
        else { return nil }
        return (last.sends, last.sentAt)
    }

    private mutating func resendWait(of leg: Submission.Leg, purpose: Purpose) throws(SQLiteError) -> Duration {
        guard let longest = leg.resendWaits.last, leg.proof.challenge != nil,
            let sending = try lastSending(to: leg.person, purpose: purpose)
        else { return .zero }
        let index = Int(max(sending.count, 1)) - 1
        let wait = index < leg.resendWaits.count ? leg.resendWaits[index] : longest
        // A clock that was set back makes nobody wait longer.
        return max(.zero, min(wait, sending.at + wait - now))
    }

    private mutating func wait(for slot: Slot, after taken: Int) throws(SQLiteError) -> Duration {
        var bucket = try bucket(slot.bucket)
        for _ in 0..<taken { _ = bucket.take(at: nanoseconds, rate: slot.rate, burst: slot.burst) }
        return bucket.wait(at: nanoseconds, rate: slot.rate, burst: slot.burst)
    }

    private mutating func bucket(_ id: [UInt8]) throws(SQLiteError) -> TokenBucket {
        let fullAt = try connection.first("SELECT full_at FROM bucket WHERE id = ?", .blob(id), read: { $0.integer(0) })
        return TokenBucket(fullAt: fullAt ?? .min)
    }

    private mutating func save(_ bucket: TokenBucket, as id: [UInt8]) throws(SQLiteError) {
        guard bucket.fullAt > .min else { return }
        try connection.run(
            "INSERT INTO bucket (id, full_at) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET full_at = excluded.full_at",
            .blob(id),
            .integer(bucket.fullAt)
        )
    }

    var nanoseconds: Int64 { now.milliseconds * 1_000_000 }
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
