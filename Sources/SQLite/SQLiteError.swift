/// What SQLite refused, with its extended result code (sqlite.org/rescode.html).
///
/// Bound values never stand in it; the message names tables, columns and constraints at most.
package struct SQLiteError: Error, Equatable, CustomStringConvertible {
    package var code: Int32
    package var message: String

    package init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    /// The low byte of the extended code.
    package var primaryCode: Int32 { code & 0xff }

    /// The disk is full, or a quota or size limit was met (SQLITE_FULL, or an I/O error while writing).
    package var isDiskFull: Bool { primaryCode == 13 || code == 778 || code == 1034 || code == 4874 }

    /// Another connection holds the lock (SQLITE_BUSY, SQLITE_LOCKED).
    package var isBusy: Bool { primaryCode == 5 || primaryCode == 6 }

    /// The file is damaged or no database (SQLITE_CORRUPT, SQLITE_NOTADB).
    package var isDamage: Bool { primaryCode == 11 || primaryCode == 26 }

    package var description: String { "SQLite did not do it (code \(code)): \(message)" }
}
