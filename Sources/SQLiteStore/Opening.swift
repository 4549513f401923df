import AuthEvents
import Clocks
import Cryptography
import Deliveries
import Foundation
import SQLite
import Schemas
import Spend
import Store

extension WriterCore {
    /// Opens the one connection that writes, brings the schema to this program's version and reads the state.
    static func open(
        path: String,
        life: LifeFile,
        keys: Digest? = nil,
        routing: RoutingTable,
        budgets: [Budget],
        policy: @escaping @Sendable (Channel, Purpose) -> SendingPolicy,
        numbers: @escaping @Sendable (EventID, SealedBytes, Bool) -> String?,
        time: any TimeSource,
        stories: StoryBounds = StoryBounds(),
        recentRows: Int = StoreTerms().recentRows,
        generator: any RandomNumberGenerator & Sendable
    ) throws(OpeningError) -> WriterCore {
        do {
            if try life.read() != nil, !FileManager.default.fileExists(atPath: path) {
                throw OpeningError.otherLife(
                    reason: "The database \(path) is not there, and the keys were used with one."
                )
            }
            var connection = try Connection(path: path, access: .readWrite)
            // Nothing is written before it is known that this database may be opened.
            let version = try connection.version()
            try connection.check(life, version: version)
            try connection.check(keys, version: version)
            try connection.check(DamageSign(of: path))
            try connection.prepareForWriting()
            var generator = generator
            try connection.migrate(from: version, using: &generator)
            if let keys { try connection.setMeta("keys", .blob(keys.bytes)) }
            let epoch = try connection.epoch()
            var core = WriterCore(
                connection: connection,
                state: try WriterState.load(from: &connection, writer: epoch.hex),
                recent: RecentRows(limit: recentRows),
                epoch: epoch,
                routing: routing,
                budgets: budgets,
                policy: policy,
                numbers: numbers,
                time: time,
                stories: stories,
                generator: generator
            )
            try core.recent.load(from: &core.connection, at: time.now())
            try core.registerGateways()
            try core.renewLeasesOfEarlierBoot()
            return core
        } catch let error as OpeningError {
            throw error
        } catch let error as SQLiteError {
            throw OpeningError(error, path: path)
        } catch {
            throw .failed(path: path, reason: "\(error)")
        }
    }

    /// Gives each gateway of the settings its number, so that claims and accepted events find it.
    private mutating func registerGateways() throws(SQLiteError) {
        for terms in routing.gateways { _ = try gatewayID(terms.name) }
    }

    /// After a restart of the machine the clock that leases go by has begun anew.
    ///
    /// What was only claimed is free: whoever begins it now is late. What was begun may be handed over all the same, by a
    /// carrier on a machine that was not restarted: its lease begins anew, as does that of a question.
    private mutating func renewLeasesOfEarlierBoot() throws(SQLiteError) {
        let stored = try connection.first("SELECT value FROM meta WHERE name = 'boot'", read: { $0.text(0) })
        guard stored != time.bootID else { return }
        try connection.run("BEGIN IMMEDIATE")
        try connection.run("UPDATE hot SET lease = 0 WHERE state IN (3, 4) AND state = 3")
        for (id, name) in state.gatewayNames.names {
            let length = routing.terms(of: name)?.sendingLease ?? GatewayTerms.longestSendingLease
            let lease = Value.integer((time.boot() + length).milliseconds)
            try connection.run(
                "UPDATE hot SET lease = ? WHERE state IN (3, 4) AND state = 4 AND gateway = ?",
                lease,
                .integer(id)
            )
            try connection.run(
                """
                UPDATE timer SET lease = ?
                WHERE lease > 0 AND (SELECT gateway FROM delivery WHERE id = timer.delivery) = ?
                """,
                lease,
                .integer(id)
            )
        }
        try connection.setMeta("boot", .text(time.bootID))
        try connection.run("COMMIT")
    }
}

extension Connection {
    /// Whether the keys are those that the database was written with; one that was never told takes any.
    mutating func check(_ keys: Digest?, version: Int64) throws {
        guard let keys, version > 0,
            let known = try first("SELECT value FROM meta WHERE name = 'keys'", read: { $0.blob(0) }),
            known != keys.bytes
        else { return }
        throw OpeningError.otherLife(reason: "The database was written with other keys than those in the key file.")
    }

    /// The version of the schema, 0 for a file that is new.
    mutating func version() throws -> Int64 {
        try execute("PRAGMA busy_timeout = 2000")
        let version = try first("PRAGMA user_version", read: { $0.integer(0) }) ?? 0
        let supported = Migration.sqlite.last?.version ?? 0
        guard version <= supported else { throw OpeningError.newer(version: version, supported: supported) }
        return version
    }

    mutating func epoch() throws(SQLiteError) -> [UInt8] {
        let epoch = try first("SELECT value FROM meta WHERE name = 'epoch'", read: { $0.blob(0) })
        guard let epoch, epoch.count == 16 else { throw .damage("there is no epoch in it") }
        return epoch
    }

    mutating func check(_ life: LifeFile, version: Int64) throws {
        if version > 0, let time = try backupTime() {
            throw OpeningError.otherLife(reason: "The database is a backup that was made at \(time).")
        }
        guard let remembered = try life.read() else { return }
        guard version > 0 else {
            throw OpeningError.otherLife(reason: "The database that these keys were used with is not there.")
        }
        guard remembered.epoch == (try epoch()).hex else {
            throw OpeningError.otherLife(reason: "The database is not the one that these keys were used with.")
        }
        let sequence = try meta("sequence") ?? 0
        guard remembered.sequence <= sequence else {
            throw OpeningError.otherLife(
                reason:
                    "The database is an older copy: it stands at \(sequence), the keys remember \(remembered.sequence)."
            )
        }
    }

    /// Settings of the file and of this connection.
    ///
    /// `page_size` and `auto_vacuum` take effect on a new file only.
    mutating func prepareForWriting() throws(SQLiteError) {
        try execute("PRAGMA auto_vacuum = INCREMENTAL")
        try execute("PRAGMA journal_mode = WAL")
        try execute(
            """
            PRAGMA synchronous = FULL;
            PRAGMA secure_delete = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -10240;
            PRAGMA journal_size_limit = 67108864;
            """
        )
    }

    /// Applies what is missing, each step in a transaction of its own.
    mutating func migrate(
        from version: Int64,
        using generator: inout any RandomNumberGenerator & Sendable
    ) throws {
        for step in Migration.sqlite where step.version > version {
            try execute("BEGIN IMMEDIATE")
            try execute(step.script)
            if version == 0 && step.version == 1 {
                let epoch = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
                try setMeta("epoch", .blob(epoch))
                try setMeta("sequence", .integer(1))
            }
            try execute("PRAGMA user_version = \(step.version)")
            try execute("COMMIT")
        }
    }
}
