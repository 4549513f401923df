import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

extension WriterCore {
    static let eventOfPerson: StaticString =
        "SELECT event FROM delivery INDEXED BY delivery_person WHERE person = ? LIMIT 1"
    static let eventsOfChallenge: StaticString = """
        SELECT event.id FROM delivery INDEXED BY delivery_challenge JOIN event ON event.id = delivery.event
        WHERE delivery.challenge = ? AND event.seal_key <> '' ORDER BY delivery.id LIMIT ?
        """

    /// See ``ErasureStore/erase(_:buckets:)``.
    ///
    /// An event whose contents are erased has no seal; what is done is not looked at again, and what a person's hash still
    /// leads to is to be done.
    mutating func erase(_ persons: [Digest], buckets: [[UInt8]]) throws(SQLiteError) -> Erasure {
        var done = Erasure()
        var slice = Slice()
        for person in persons {
            for (key, challenge) in try challenges(of: RowKey(person)) {
                let events = try connection.all(
                    WriterCore.eventsOfChallenge,
                    .blob(challenge.bytes),
                    .integer(slice.room),
                    read: { $0.blob(0) }
                )
                for event in events {
                    guard !slice.isFull else { return done.unfinished }
                    slice.take()
                    try erase(event: event, &done)
                }
                guard !slice.isFull else { return done.unfinished }
                slice.take()
                try forget(challenge, of: key)
                done.challenges += 1
            }
            while let event = try connection.first(
                WriterCore.eventOfPerson,
                .blob(person.bytes),
                read: { $0.blob(0) }
            ) {
                guard !slice.isFull else { return done.unfinished }
                slice.take()
                try erase(event: event, &done)
                try connection.run(
                    "UPDATE delivery SET person = NULL WHERE event = ? AND person = ?",
                    .blob(event),
                    .blob(person.bytes)
                )
            }
            try connection.run("DELETE FROM tries WHERE person = ?", .blob(person.bytes))
        }
        for bucket in buckets {
            recent.forgetBuckets(of: RowKey(bucket, part: 0))
            let end = bucket + [UInt8](repeating: 0xff, count: 8)
            try connection.run("DELETE FROM bucket WHERE id >= ? AND id <= ?", .blob(bucket), .blob(end))
        }
        return done
    }

    /// Erases what an event says, and cancels what of it is unsent; once only.
    private mutating func erase(event: [UInt8], _ done: inout Erasure) throws(SQLiteError) {
        let wasThere = try connection.run(
            """
            UPDATE event SET sealed = x'', seal_key = '', brought = NULL, subject = NULL WHERE id = ? AND seal_key <> ''
            """,
            .blob(event)
        )
        guard wasThere > 0 else { return }
        done.events += 1
        let deliveries = try connection.all(
            "SELECT id FROM delivery INDEXED BY delivery_event WHERE event = ?",
            .blob(event),
            read: { DeliveryID(bytes: $0.blob(0)) }
        )
        for delivery in deliveries {
            guard let delivery else { continue }
            done.deliveries += 1
            let standing = try standing(of: delivery)
            if standing.state == .unknown {
                // Nobody could be asked about it: the number that it went to is gone.
                try endUnknown(delivery, of: standing.tenant, on: standing.channel, as: .cancelled)
            } else if let row = standing.hot, row.state != .sending {
                // What is being handed over now cannot be called back; nothing is left to send it again with.
                try retire(row.because(.erased), to: .dead, reason: .cancelled)
            }
            // The ids of buckets stand for what they count.
            try connection.run("UPDATE delivery SET slots = NULL WHERE id = ?", .blob(delivery.bytes))
        }
        // The address of these was nowhere else.
        try connection.run(
            """
            UPDATE challenge SET expires = min(expires, ?1), earlier_expires = NULL WHERE event = ?2 AND id IN (
                SELECT challenge FROM delivery INDEXED BY delivery_event WHERE delivery.event = ?2)
            """,
            .integer(now.milliseconds),
            .blob(event)
        )
    }

    /// Leaves of a challenge what tells nobody: that there was one, and how it ended.
    ///
    /// It stands for its person itself.
    private mutating func forget(_ challenge: ChallengeID, of key: RowKey) throws(SQLiteError) {
        try part(challenge, from: key)
        try connection.run(
            """
            UPDATE challenge SET person = id, session = NULL, expires = min(expires, ?1), earlier_expires = NULL,
                verified_key = NULL, verified_content = NULL
            WHERE id = ?2
            """,
            .integer(now.milliseconds),
            .blob(challenge.bytes)
        )
    }
}

extension Erasure {
    fileprivate var unfinished: Erasure {
        Erasure(deliveries: deliveries, challenges: challenges, events: events, isMore: true)
    }
}
