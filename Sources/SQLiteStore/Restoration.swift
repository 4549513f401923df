package import Clocks
import Cryptography
import Deliveries
import Foundation
import SQLite
import Schemas
import Spend
package import Store

/// Puts a backup, or another copy of a database, in the place of an installation's database.
///
/// Whoever runs it has the database to itself. All is done to a copy beside the place. Then `keys.state` names the new
/// database, and from there on no server starts on anything else; then the old one is moved aside and the new one to its
/// place. So whenever it is interrupted there is the old database, or the finished new one, or a server says what to do.
/// A database that is itself to be restored is changed in its place, in one transaction.
package final class Restoration {
    /// Points between two steps, for whoever wants to see what an interruption leaves.
    package enum Step: String, CaseIterable, Sendable {
        case copied, changed, remembered, logMoved, moved, done
    }

    /// What was done.
    package struct Outcome: Sendable, Equatable {
        package var restore: Restore
        package var counts: RestoreCounts
        package var sequence: Int64
        /// Where the database of before lies.
        package var kept: String?
    }

    package let plan: RestorePlan
    private let file: String
    private let place: DatabasePlace
    private let life: LifeFile
    private let time: any TimeSource
    private let generator: any RandomNumberGenerator & Sendable
    private let reached: (Step) -> Void
    private var connection: Connection?

    /// Copies the file beside the database and looks whether it can be restored; nothing else is changed.
    ///
    /// `progress`: Told how many bytes of the file are copied, and how many there are.
    package init(
        of file: String,
        to database: String,
        life: LifeFile,
        keys: Digest,
        time: any TimeSource,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        reached: @escaping (Step) -> Void = { _ in },
        progress: (_ copied: Int64, _ all: Int64) -> Void = { _, _ in }
    ) throws(RestoreError) {
        (self.file, self.life, self.time, self.generator) = (file, life, time, generator)
        self.reached = reached
        let place = DatabasePlace(database)
        self.place = place
        let isInPlace = place.isAt(file)
        do {
            if !isInPlace { try place.copy(file, progress: progress) }
            var opened = try Connection(path: isInPlace ? place.path : place.draft, access: .readWrite)
            guard try opened.isOfGatepost() else { throw RestoreError.foreign(path: file) }
            let found = try opened.findings(isInPlace: isInPlace, keys: keys, at: time.now())
            plan = RestorePlan(
                madeAt: found.madeAt,
                since: found.since ?? DatabasePlace.changeTime(of: file) ?? time.now(),
                sequence: found.sequence,
                version: found.version,
                newVersion: Migration.sqlite.last?.version ?? 0,
                isInPlace: isInPlace,
                isReplacing: !isInPlace && place.isTaken,
                counts: found.standing?.counts,
                tokens: found.standing?.tokens
            )
            connection = consume opened
            reached(.copied)
        } catch {
            if !isInPlace { place.removeDraft() }
            throw RestoreError(error, file: file, beside: place.path)
        }
    }

    deinit {
        connection = nil
        if !plan.isInPlace { place.removeDraft() }
    }

    /// Gives the database its new life and puts it in its place; to be called once.
    package func run(revokingTokens: Bool = false) throws(RestoreError) -> Outcome {
        guard let opened = connection.take() else { throw .failed(reason: "it was tried before") }
        var outcome: Outcome
        let epoch: String
        do {
            (outcome, epoch) = try begin(opened, revokingTokens: revokingTokens)
            if !plan.isInPlace { try place.finishDraft() }
        } catch {
            throw RestoreError(error, file: file, beside: place.path)
        }
        reached(.changed)
        do {
            try life.write(LifeFile.Contents(epoch: epoch, sequence: outcome.sequence))
            giveToOwnerOfFolder(life.path)
            reached(.remembered)
            if !plan.isInPlace {
                outcome.kept = try place.moveAside(at: outcome.restore.at) { reached(.logMoved) }
                reached(.moved)
                try place.moveDraft()
            }
        } catch {
            throw .interrupted(reason: DatabasePlace.reason(of: error))
        }
        reached(.done)
        return outcome
    }

    /// Ends the former life of a database and begins another; leaves it closed, without a WAL.
    private func begin(
        _ opened: consuming Connection,
        revokingTokens: Bool
    ) throws -> (outcome: Outcome, epoch: String) {
        var connection = opened
        var generator = generator
        if plan.isInPlace {
            try connection.prepareForWriting()
            try connection.migrate(from: plan.version, using: &generator)
        }
        let former = try connection.epoch().hex
        let epoch = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try connection.execute("BEGIN IMMEDIATE")
        let state = try WriterState.load(from: &connection, writer: epoch.hex)
        var core = WriterCore(
            connection: connection,
            state: state,
            recent: RecentRows(limit: StoreTerms().recentRows),
            epoch: epoch,
            routing: RoutingTable(gateways: []),
            budgets: [],
            policy: SendingPolicy.standard,
            numbers: { _, _, _ in nil },
            time: time,
            stories: StoryBounds(),
            generator: generator
        )
        try core.recent.load(from: &core.connection, at: time.now())
        let counts = try core.endFormerLife(revokingTokens: revokingTokens)
        try core.saveBookings()
        try core.recent.save(to: &core.connection, at: core.now)
        try core.state.counts.save(to: &core.connection)
        let restore = Restore(at: core.now, missing: min(plan.since, core.now)..<core.now)
        let sequence = try core.beginLife(restore, after: former)
        try core.connection.execute("COMMIT")
        _ = try core.connection.checkpoint(.truncate)
        if !plan.isInPlace { try core.connection.execute("PRAGMA journal_mode = DELETE") }
        return (Outcome(restore: restore, counts: counts, sequence: sequence, kept: nil), epoch.hex)
    }
}

extension WriterCore {
    /// Writes down that this life has begun, and returns the sequence at which it begins.
    fileprivate mutating func beginLife(_ restore: Restore, after former: String) throws(SQLiteError) -> Int64 {
        let before = state.sequence
        state.sequence += 1
        try connection.run(
            "INSERT INTO restore (since, at, sequence, writer) VALUES (?, ?, ?, ?)",
            .integer(restore.missing.lowerBound.milliseconds),
            .integer(restore.at.milliseconds),
            .integer(before),
            .text(former)
        )
        try connection.setMeta("epoch", .blob(epoch))
        try connection.setMeta("sequence", .integer(state.sequence))
        if state.ledger != .none {
            try connection.setMeta("ledger:" + writerName, .text("\(state.ledger.sequence) \(state.ledger.hash)"))
        }
        try connection.run("DELETE FROM meta WHERE name = 'backup'")
        return state.sequence
    }
}
