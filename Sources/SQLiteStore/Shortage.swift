import SQLite
import Store
import Synchronization

/// The first page that could not be read; it stays so until a start has found all of them whole (``DamageSign``).
///
/// SQLite looks at the structure of each page that it reads, and only of those; a look at all of them at each start would
/// take the longer the more there is to be sent.
final class Damage: Sendable {
    private let met = Mutex<SQLiteError?>(nil)
    private let leaveSign: @Sendable (SQLiteError) -> Void

    /// `leaveSign`: Called once, by whom the page was met first.
    init(leaveSign: @escaping @Sendable (SQLiteError) -> Void = { _ in }) {
        self.leaveSign = leaveSign
    }

    func note(_ error: SQLiteError) {
        guard error.isDamage else { return }
        let isFirst = met.withLock { met in
            defer { met = met ?? error }
            return met == nil
        }
        if isFirst { leaveSign(error) }
    }

    var shortage: Shortage? { met.withLock { $0 }.map(Shortage.damage) }
}

/// Why nothing new is taken on for now, while what is under way comes to its end.
enum Shortage: Sendable, Equatable {
    /// The disk is full, and the reserve is in use.
    case disk
    /// The write-ahead log is as large as it may be: a reader has held its place in it for long.
    case log(limit: Int)
    /// A page was met that cannot be what this program wrote: what is written beside it may not last.
    case damage(SQLiteError)

    var error: SQLiteError {
        switch self {
        case .disk: SQLiteError(code: SQLiteError.full, message: "what is left is kept for what is under way")
        case .log(let limit):
            SQLiteError(
                code: SQLiteError.logFull,
                message: "the write-ahead log has reached store.wal_limit, \(limit) bytes, and a reader keeps it from "
                    + "being copied back"
            )
        case .damage(let error): error
        }
    }
}

extension WriterCore {
    /// Throws where there is no room for what is new.
    func needRoom() throws(SQLiteError) {
        if let shortage { throw shortage.error }
    }

    /// The same for what a carrier begins: what is left of a disk is for outcomes.
    func needDisk() throws(SQLiteError) {
        if shortage == .disk { try needRoom() }
    }
}

extension SQLiteError {
    /// SQLITE_FULL.
    static let full: Int32 = 13
    /// Ours: SQLite has no such code.
    fileprivate static let logFull: Int32 = 1 << 20 | 13

    /// The sentence part for ``StoreError/unavailable(reason:)``.
    var reason: String {
        if code == SQLiteError.logFull { return message }
        if primaryCode == SQLiteError.full { return "the disk is full (\(message))" }
        guard isDiskFull else { return description }
        return "the disk takes nothing: it is full, at a quota, read-only or broken (\(message))"
    }
}
