package import Clocks
import Foundation
import SQLite
import Schemas
package import Store

/// Brings the database of an installation to this program's version while no server runs.
///
/// The start of a server does the same; this is for doing it at a time of one's own.
package final class DatabaseMigration {
    /// The version that the database has.
    package let version: Int64
    /// The version that it gets.
    package let newVersion = Migration.sqlite.last?.version ?? 0
    private let path: String
    private var connection: Connection?

    /// Opens the database; one that a server would refuse is refused, and nothing is changed yet.
    package init(path: String, life: LifeFile, keys: Digest) throws(OpeningError) {
        self.path = path
        do {
            guard FileManager.default.fileExists(atPath: path) else {
                throw OpeningError.failed(path: path, reason: "it is not there; the first start of a server makes it")
            }
            var opened = try Connection(path: path, access: .readWrite)
            version = try opened.version()
            guard version > 0 else { throw OpeningError.failed(path: path, reason: "it is no database of Gatepost") }
            try opened.check(life, version: version)
            try opened.check(keys, version: version)
            try opened.check(DamageSign(of: path))
            connection = consume opened
        } catch {
            throw OpeningError(error, opening: path)
        }
    }

    /// Copies the database as it is into a new file, as a backup does.
    ///
    /// `progress`: Told how many pages are copied, and how many there are.
    package func backUp(
        to file: String,
        at now: Instant,
        progress: (_ copied: Int, _ all: Int) -> Void
    ) throws(OpeningError) {
        do {
            _ = try connection?.writeCopy(to: file, at: now) { copied, all in
                progress(copied, all)
                return true
            }
        } catch {
            throw OpeningError(error, opening: path)
        }
    }

    /// Applies what is missing, each step for itself; leaves the database without a WAL.
    package func run() throws(OpeningError) {
        guard version < newVersion, var opened = connection.take() else { return }
        var generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
        do {
            try opened.prepareForWriting()
            try opened.migrate(from: version, using: &generator)
            _ = try opened.checkpoint(.truncate)
        } catch {
            throw OpeningError(error, opening: path)
        }
    }
}

extension OpeningError {
    fileprivate init(_ error: any Error, opening path: String) {
        switch error {
        case let error as OpeningError: self = error
        case let error as SQLiteError: self = OpeningError(error, path: path)
        default: self = .failed(path: path, reason: "\(error)")
        }
    }
}

/// What a file says of itself that `gatepost backup` wrote.
package func backupFacts(of path: String) throws(RestoreError) -> StoreCopy {
    do {
        var connection = try Connection(path: path, access: .readOnly)
        guard try connection.isOfGatepost(), let time = try connection.backupTime() else {
            throw RestoreError.foreign(path: path)
        }
        return StoreCopy(path: path, madeAt: time, sequence: try connection.meta("sequence") ?? 0)
    } catch {
        throw RestoreError(error, file: path, beside: path)
    }
}
