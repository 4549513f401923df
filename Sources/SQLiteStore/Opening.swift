import Clocks
import Cryptography
import Deliveries
import SQLite
import Schemas

extension WriterCore {
    /// Opens the one connection that writes, brings the schema to this program's version and reads the state.
    static func open(
        path: String,
        life: LifeFile,
        routing: RoutingTable,
        time: any TimeSource,
        generator: any RandomNumberGenerator & Sendable
    ) throws(OpeningError) -> WriterCore {
        do {
            var connection = try Connection(path: path, access: .readWrite)
            try connection.prepareForWriting()
            var generator = generator
            try connection.migrate(using: &generator)
            let epoch = try connection.first("SELECT value FROM meta WHERE name = 'epoch'", read: { $0.blob(0) })
            guard let epoch, epoch.count == 16 else { throw SQLiteError.damage("there is no epoch in it") }
            let sequence = try connection.meta("sequence") ?? 0
            try check(life, epoch: epoch.hex, sequence: sequence)
            var core = WriterCore(
                connection: connection,
                state: try WriterState.load(from: &connection),
                epoch: epoch,
                routing: routing,
                time: time,
                generator: generator
            )
            try core.registerGateways()
            try core.endLeasesOfEarlierBoot()
            return core
        } catch let error as OpeningError {
            throw error
        } catch let error as SQLiteError {
            throw .failed(path: path, reason: error.description)
        } catch {
            throw .failed(path: path, reason: "\(error)")
        }
    }

    private static func check(_ life: LifeFile, epoch: String, sequence: Int64) throws(OpeningError) {
        guard let remembered = try life.read() else { return }
        guard remembered.epoch == epoch else {
            throw .otherLife(reason: "The database is not the one that these keys were used with.")
        }
        guard remembered.sequence <= sequence else {
            throw .otherLife(
                reason:
                    "The database is an older copy: it stands at \(sequence), the keys remember \(remembered.sequence)."
            )
        }
    }

    /// Gives each gateway of the settings its number, so that claims and accepted events find it.
    private mutating func registerGateways() throws(SQLiteError) {
        for terms in routing.gateways { _ = try gatewayID(terms.name) }
    }

    /// After a restart of the machine every carrier of before is dead, and the clock of its leases began anew.
    private mutating func endLeasesOfEarlierBoot() throws(SQLiteError) {
        let stored = try connection.first("SELECT value FROM meta WHERE name = 'boot'", read: { $0.text(0) })
        guard stored != time.bootID else { return }
        try connection.run("BEGIN IMMEDIATE")
        try connection.run("UPDATE hot SET lease = 0 WHERE state IN (3, 4)")
        try connection.run("UPDATE timer SET lease = 0")
        try connection.setMeta("boot", .text(time.bootID))
        try connection.run("COMMIT")
    }
}

extension Connection {
    /// Settings of the file and of this connection. `page_size` and `auto_vacuum` take effect on a new file only.
    fileprivate mutating func prepareForWriting() throws(SQLiteError) {
        try execute("PRAGMA busy_timeout = 2000")
        try execute("PRAGMA auto_vacuum = INCREMENTAL")
        try execute("PRAGMA journal_mode = WAL")
        try execute(
            """
            PRAGMA synchronous = FULL;
            PRAGMA secure_delete = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -32768;
            PRAGMA journal_size_limit = 67108864;
            """
        )
    }

    /// Applies what is missing, each step in a transaction of its own.
    fileprivate mutating func migrate(using generator: inout any RandomNumberGenerator & Sendable) throws {
        let version = try first("PRAGMA user_version", read: { $0.integer(0) }) ?? 0
        let supported = Migration.sqlite.last?.version ?? 0
        guard version <= supported else { throw OpeningError.newer(version: version, supported: supported) }
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
