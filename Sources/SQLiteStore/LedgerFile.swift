import SQLite
import Schemas
package import Spend

/// Why the ledger of a database file was not read.
package enum LedgerFileError: Error, Equatable {
    /// It has no table of that name: another program's, or one from before there was money.
    case noLedger(path: String)
    case newer(version: Int64, supported: Int64)
    case damaged(path: String, reason: String)
    case failed(path: String, reason: String)
}

extension LedgerFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noLedger(let path):
            "\(path) has no ledger; nothing was checked. Name a database of Gatepost, or an export as NDJSON."
        case .newer(let version, let supported):
            "The database has version \(version), this program knows versions up to \(supported). Nothing was checked; "
                + "use the newer program."
        case .damaged(let path, let reason):
            "The database \(path) is damaged, so nothing can be said of its ledger: \(reason). Check a backup."
        case .failed(let path, let reason):
            "The database \(path) cannot be read: \(reason). Nothing was checked; SQLite needs to write beside it, so "
                + "check a copy in a folder of your own."
        }
    }
}

/// Audits the ledger in a database that no server has open; what its WAL holds counts.
///
/// The database stays as it is. SQLite makes `-wal` and `-shm` beside one in WAL mode (sqlite.org/wal.html, "Read-Only
/// Databases") and leaves them there.
package func auditLedger(ofDatabase path: String) throws(LedgerFileError) -> LedgerAudit {
    let found: Result<LedgerAudit, LedgerFileError>
    do throws(SQLiteError) {
        found = try audit(path)
    } catch {
        let reason = error.description
        throw error.isDamage ? .damaged(path: path, reason: reason) : .failed(path: path, reason: reason)
    }
    return try found.get()
}

private func audit(_ path: String) throws(SQLiteError) -> Result<LedgerAudit, LedgerFileError> {
    var connection = try Connection(path: path, access: .readOnly)
    try connection.execute("PRAGMA busy_timeout = 2000; PRAGMA query_only = ON; PRAGMA cache_size = -8192")
    // One snapshot for the ledger and for what is remembered of its end.
    try connection.execute("BEGIN")
    let tables = try connection.first(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('ledger', 'meta')",
        read: { $0.integer(0) }
    )
    guard tables == 2 else { return .failure(.noLedger(path: path)) }
    let version = try connection.first("PRAGMA user_version", read: { $0.integer(0) }) ?? 0
    let supported = Migration.sqlite.last?.version ?? 0
    guard version <= supported else { return .failure(.newer(version: version, supported: supported)) }
    return .success(try connection.auditLedger())
}
