import AuthEvents
package import Clocks
import Foundation
import SQLite
import Schemas
package import Store

/// What a look at a database found that no server has open.
package struct DatabaseFacts: Sendable {
    package var bytes: Int64
    package var version: Int64
    /// The version that this program brings it to.
    package var supported: Int64
    /// How far it has come.
    package var sequence: Int64
    /// When the newest event was accepted.
    package var newest: Instant?
    /// Why keys, or the file beside them, do not belong to it.
    package var strangeness: OpeningError?
    /// The first thing that is wrong with its pages.
    package var damage: String?
    /// Whether all of it was read through.
    package var isChecked: Bool
}

/// Looks at a database and changes nothing of it.
///
/// As with ``auditLedger(ofDatabase:)`` SQLite may leave `-wal` and `-shm` beside it.
///
/// `keys`: The fingerprint of the keys that it should have been written with.
///
/// `checkSize`: One of more bytes is not read through, unless a damaged page of it was met.
package func inspectDatabase(
    at path: String,
    life: LifeFile,
    keys: Digest?,
    checkSize: Int64
) throws(OpeningError) -> DatabaseFacts {
    do {
        return try inspect(path, life, keys, checkSize)
    } catch let error as OpeningError {
        throw error
    } catch let error as SQLiteError {
        throw OpeningError(error, path: path)
    } catch {
        throw .failed(path: path, reason: "\(error)")
    }
}

private func inspect(_ path: String, _ life: LifeFile, _ keys: Digest?, _ checkSize: Int64) throws -> DatabaseFacts {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    var connection = try Connection(path: path, access: .readOnly)
    try connection.execute("PRAGMA query_only = ON; PRAGMA cache_size = -8192")
    let version = try connection.version()
    var facts = DatabaseFacts(
        bytes: (attributes[.size] as? NSNumber)?.int64Value ?? 0,
        version: version,
        supported: Migration.sqlite.last?.version ?? 0,
        sequence: 0,
        isChecked: false
    )
    let isSigned = DamageSign(of: path).isThere
    if isSigned || facts.bytes <= checkSize {
        // What the next start will do.
        let check: StaticString = isSigned ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)"
        let verdict = try connection.first(check, read: { $0.text(0) })
        (facts.isChecked, facts.damage) = (true, verdict == "ok" ? nil : verdict ?? "the check says nothing")
    }
    guard version > 0, facts.damage == nil else { return facts }
    facts.sequence = try connection.meta("sequence") ?? 0
    let newest = try connection.first("SELECT max(id) FROM event", read: { $0.optionalBlob(0) })
    facts.newest = newest.flatMap { $0 }.flatMap { EventID(bytes: $0) }?.createdAt
    do {
        try connection.check(life, version: version)
        try connection.check(keys, version: version)
    } catch let error as OpeningError {
        facts.strangeness = error
    }
    return facts
}

extension LifeFile {
    /// What the file remembers: the epoch in hexadecimal and the sequence; `nil` where there is no file.
    package func remembered() throws(OpeningError) -> (epoch: String, sequence: Int64)? {
        try read().map { ($0.epoch, $0.sequence) }
    }
}
