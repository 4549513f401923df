private import CSQLite

extension Connection {
    /// Copies the whole database over another, in slices (sqlite.org/c3ref/backup_finish.html).
    ///
    /// Where another connection writes between two slices the copying begins anew, unless a read transaction of this
    /// connection is open: then its snapshot is copied. A copy that is not whole leaves nothing in the other database.
    ///
    /// `slice`: Pages.
    ///
    /// `proceed`: Asked after each slice, with the pages that are copied and how many there are; `false` ends it.
    ///
    /// Returns whether it is whole.
    package func copy(
        to other: borrowing Connection,
        slice: Int32,
        proceed: (_ copied: Int, _ all: Int) -> Bool
    ) throws(SQLiteError) -> Bool {
        guard let backup = unsafe sqlite3_backup_init(other.handle, "main", handle, "main") else {
            throw unsafe latestError(of: other.handle)
        }
        var code = SQLITE_OK
        var mayGoOn = true
        while code == SQLITE_OK, mayGoOn {
            code = unsafe sqlite3_backup_step(backup, slice)
            let all = Int(unsafe sqlite3_backup_pagecount(backup))
            if code == SQLITE_OK { mayGoOn = proceed(all - Int(unsafe sqlite3_backup_remaining(backup)), all) }
        }
        // What a step said is lost with it, and its own code is that of the last step that failed.
        let end = unsafe sqlite3_backup_finish(backup)
        guard end == SQLITE_OK else {
            throw unsafe SQLiteError(code: end, message: String(cString: sqlite3_errstr(end)))
        }
        return code == SQLITE_DONE
    }
}
