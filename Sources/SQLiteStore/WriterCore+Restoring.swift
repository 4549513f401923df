import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

/// What a restore ended.
package struct RestoreCounts: Sendable, Equatable {
    /// Challenges that were open: none of their codes is good any more.
    package var challenges = 0
    /// Deliveries that had not been begun.
    package var cancelled = 0
    /// Deliveries that had been begun, with what became of them unknown.
    package var givenUp = 0
    package var replays = 0
    package var tokens = 0
}

extension WriterCore {
    /// Ends what was under way in the life before this one.
    ///
    /// To be run in the transaction that gives the database its new epoch: entries of the ledger that it writes are the
    /// first of a new segment.
    mutating func endFormerLife(revokingTokens: Bool) throws(SQLiteError) -> RestoreCounts {
        (now, boot) = (time.now(), time.boot())
        var counts = RestoreCounts()
        try endHot(&counts)
        try endUnknown(&counts)
        counts.challenges = try connection.run(
            """
            UPDATE challenge SET expires = min(expires, ?1), earlier_expires = NULL
            WHERE verified IS NULL AND closed IS NULL AND (expires > ?1 OR earlier_expires > ?1)
            """,
            .integer(now.milliseconds)
        )
        counts.replays = try connection.run(
            "UPDATE replay SET state = ? WHERE state = ?",
            .integer(Replay.State.stopped.rawValue),
            .integer(Replay.State.running.rawValue)
        )
        if revokingTokens {
            counts.tokens = try connection.run(
                "UPDATE token SET revoked = ? WHERE revoked IS NULL",
                .integer(now.milliseconds)
            )
        }
        return counts
    }

    private mutating func endHot(_ counts: inout RestoreCounts) throws(SQLiteError) {
        while true {
            let ids = try connection.all(
                "SELECT id FROM hot LIMIT ?",
                .integer(sliceSize),
                read: { DeliveryID(bytes: $0.blob(0)) }
            ).compactMap(\.self)
            for id in ids {
                guard let row = try hotRow(id) else { continue }
                if row.state == .sending {
                    try endBegun(row)
                    counts.givenUp += 1
                } else {
                    try endUnbegun(row)
                    counts.cancelled += 1
                }
            }
            guard ids.count == sliceSize else { return }
        }
    }

    /// It may have been sent after the copy was made, so its slots stay taken.
    private mutating func endUnbegun(_ row: HotRow) throws(SQLiteError) {
        try connection.run("UPDATE delivery SET slots = NULL WHERE id = ?", .blob(row.id.bytes))
        try retire(row.because(.restored), to: .dead, reason: .cancelled)
    }

    /// Its commitment stays: the gateway may have taken it.
    private mutating func endBegun(_ held: HotRow) throws(SQLiteError) {
        var row = held
        row.counted += 1
        try connection.run(
            "UPDATE attempt SET outcome = ?, code = 'no_answer' WHERE delivery = ? AND number = ? AND outcome IS NULL",
            .integer(Outcome.unknown.rawValue),
            .blob(row.id.bytes),
            .integer(row.tried)
        )
        try retire(row.because(.restored), to: .dead, reason: .gaveUp)
    }

    private mutating func endUnknown(_ counts: inout RestoreCounts) throws(SQLiteError) {
        let unknown = try connection.all(
            "SELECT id, fence FROM delivery WHERE state = ?",
            .integer(DeliveryState.unknown.rawValue),
            read: { (id: DeliveryID(bytes: $0.blob(0)), fence: $0.integer(1)) }
        )
        for (id, fence) in unknown {
            guard let id else { continue }
            try retire(try revive(id, fence: fence).because(.restored), to: .dead, reason: .gaveUp)
            counts.givenUp += 1
        }
    }
}
