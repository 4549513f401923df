import Clocks
import Foundation
import SQLite
import Store

extension Connection {
    /// Pages that are copied at once: a megabyte.
    private static let slice: Int32 = 256

    /// Copies this database as it is now into a new file, as one file without a WAL that says when it was made.
    ///
    /// The copy is checked, and not synced. Where it is not made the file is the caller's to remove.
    ///
    /// `proceed`: Asked before the first slice and after each, with the pages that are copied and how many there are; `false` ends it.
    ///
    /// Returns the sequence that it stands at; `nil` where it was ended.
    mutating func writeCopy(
        to path: String,
        at now: Instant,
        proceed: (_ copied: Int, _ all: Int) -> Bool
    ) throws(SQLiteError) -> Int64? {
        // For its owner alone, from the first byte on.
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw SQLiteError(code: 14, message: "a file for the copy cannot be made") }
        try execute("BEGIN")
        let sequence: Int64
        var copy = try Connection(path: path, access: .readWrite)
        do {
            // The snapshot begins with the first read, and ends before the copy is looked at: it holds up the WAL.
            sequence = try meta("sequence") ?? 0
            // Nobody else knows the file, and what is not whole is thrown away.
            try copy.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192")
            let pages = try first("PRAGMA page_count", read: { Int($0.integer(0)) }) ?? 0
            var isWhole = false
            if proceed(0, pages) {
                isWhole = try self.copy(to: copy, slice: Connection.slice, proceed: proceed)
            }
            try execute("COMMIT")
            guard isWhole else { return nil }
        } catch {
            if isInTransaction { _ = try? execute("ROLLBACK") }
            throw error
        }
        try copy.execute("PRAGMA journal_mode = DELETE; PRAGMA temp_store = MEMORY; PRAGMA synchronous = OFF")
        try copy.setMeta("backup", .integer(now.milliseconds))
        try copy.check("PRAGMA quick_check(1)")
        return sequence
    }

    /// - Throws: where a check of SQLite's finds anything.
    mutating func check(_ pragma: StaticString) throws(SQLiteError) {
        let finding = try first(pragma, read: { $0.text(0) })
        guard finding == "ok" else { throw .damage(finding ?? "the check found nothing at all") }
    }

    /// When this file was made as a backup; `nil` for a database that was in use.
    mutating func backupTime() throws(SQLiteError) -> Instant? {
        try meta("backup").map(Instant.init)
    }

    /// Bytes of the database, without its WAL.
    mutating func size() throws(SQLiteError) -> Int64 {
        let pages = try first("PRAGMA page_count", read: { $0.integer(0) }) ?? 0
        return pages * (try first("PRAGMA page_size", read: { $0.integer(0) }) ?? 0)
    }
}
