import Clocks
import SQLite
package import Store

extension SQLitePostOffice: BackupStore {
    package func backUp(while proceed: @escaping @Sendable () -> Bool) async throws(BackupError) -> StoreCopy {
        try await copier.copy(at: time.now(), while: proceed)
    }

    package func restores() async throws(StoreError) -> [Restore] {
        try await readers.read { connection throws(SQLiteError) in try connection.restores() }
    }
}

extension Connection {
    mutating func restores() throws(SQLiteError) -> [Restore] {
        try all("SELECT at, since FROM restore ORDER BY id DESC") { row in
            let (at, since) = (Instant(milliseconds: row.integer(0)), Instant(milliseconds: row.integer(1)))
            return Restore(at: at, missing: min(since, at)..<at)
        }
    }
}
