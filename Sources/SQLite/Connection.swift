private import CSQLite
private import Synchronization

/// One open SQLite database.
///
/// A connection belongs to one owner: it cannot be copied, so what stores it is the only code that can reach it. It is
/// opened with SQLITE_OPEN_NOMUTEX, "the new database connection will use the multi-thread threading mode: separate
/// threads are allowed to use SQLite at the same time, as long as each thread is using a different database connection"
/// (sqlite.org/c3ref/open.html); its owner must use it from one thread at a time. It closes when the owner goes away.
@safe package struct Connection: ~Copyable {
    package enum Access: Sendable { case readWrite, readOnly }

    let handle: OpaquePointer
    private let wal = FrameCount()
    private var statements: [UInt: Statement] = [:]

    /// What holds for the whole library; set before its first use.
    private static let configuration = shim_configure()

    package init(path: String, access: Access) throws(SQLiteError) {
        precondition(Connection.configuration == SQLITE_OK, "nobody has used SQLite before")
        let mode = access == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(
            path,
            &opened,
            mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
            nil
        )
        guard code == SQLITE_OK, let opened = unsafe opened else {
            let error = unsafe latestError(of: opened)
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        unsafe handle = opened
        // The connection owns the counter, so it outlives the hook; the hook takes the place of the automatic checkpoint.
        unsafe sqlite3_wal_hook(
            opened,
            { context, _, _, frames in
                if let context = unsafe context {
                    unsafe Unmanaged<FrameCount>.fromOpaque(context).takeUnretainedValue().set(Int(frames))
                }
                return SQLITE_OK
            },
            Unmanaged.passUnretained(wal).toOpaque()
        )
    }

    /// `sqlite3_close_v2` waits for statements that are finalised after it.
    deinit { unsafe sqlite3_close_v2(handle) }

    /// The version of the library that runs, such as 3_040_001.
    package static var libraryVersion: Int { Int(sqlite3_libversion_number()) }

    /// Runs a script of statements without parameters; rows are dropped.
    package func execute(_ script: String) throws(SQLiteError) {
        guard unsafe sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else {
            throw unsafe latestError(of: handle)
        }
    }

    /// Runs a statement that returns no rows of interest.
    ///
    /// Returns how many rows it changed.
    @discardableResult
    package mutating func run(_ sql: StaticString, _ values: Value...) throws(SQLiteError) -> Int {
        let statement = try statement(for: sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {}
        return Int(unsafe sqlite3_changes64(handle))
    }

    /// Gives each row of a query to `body`; ends early when `body` returns false.
    package mutating func forEach(
        _ sql: StaticString,
        _ values: [Value],
        _ body: (borrowing Row) -> Bool
    ) throws(SQLiteError) {
        let statement = try statement(for: sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {
            guard body(statement.row) else { return }
        }
    }

    /// Returns what `read` makes of each row.
    package mutating func all<Element>(
        _ sql: StaticString,
        _ values: Value...,
        read: (borrowing Row) -> Element
    ) throws(SQLiteError) -> [Element] {
        var elements: [Element] = []
        try forEach(sql, values) { row in
            elements.append(read(row))
            return true
        }
        return elements
    }

    /// Returns what `read` makes of the first row, or `nil` where there is none.
    package mutating func first<Element>(
        _ sql: StaticString,
        _ values: Value...,
        read: (borrowing Row) -> Element
    ) throws(SQLiteError) -> Element? {
        var element: Element?
        try forEach(sql, values) { row in
            element = read(row)
            return false
        }
        return element
    }

    /// Rows changed since the connection was opened.
    package var totalChanges: Int { Int(unsafe sqlite3_total_changes64(handle)) }

    /// The rowid of the last insert into a rowid table.
    package var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    /// Frames (pages) in the WAL after the last commit of this connection.
    ///
    /// Nothing copies them back by itself.
    package var walFrames: Int { wal.frames }

    /// Whether a transaction is open; SQLite ends one by itself after some errors, a full disk among them.
    package var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Pages that the page cache was asked for since the connection was opened, found there or not.
    package var pageReads: Int { status(SQLITE_DBSTATUS_CACHE_HIT) + status(SQLITE_DBSTATUS_CACHE_MISS) }

    /// How far a checkpoint goes.
    package enum Checkpoint: Sendable {
        /// Copies what no reader still needs as it was, and waits for nobody.
        case passive
        /// Copies all and empties the WAL file, where nobody reads it; else as ``passive``.
        case truncateUnlessBusy
        /// The same, after waiting for readers as long as `busy_timeout` says.
        case truncate
    }

    /// Copies the WAL into the database; returns the frames that were left.
    ///
    /// Readers that hold an old snapshot make it stop early (sqlite.org/c3ref/wal_checkpoint_v2.html).
    @discardableResult
    package func checkpoint(_ mode: Checkpoint) throws(SQLiteError) -> Int {
        var frames: Int32 = 0
        var copied: Int32 = 0
        if mode == .truncateUnlessBusy { unsafe sqlite3_busy_timeout(handle, 0) }
        let how = mode == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        let code = unsafe sqlite3_wal_checkpoint_v2(handle, nil, how, &frames, &copied)
        if mode == .truncateUnlessBusy { unsafe sqlite3_busy_timeout(handle, Connection.busyMilliseconds) }
        guard code == SQLITE_OK || code & 0xff == SQLITE_BUSY else { throw unsafe latestError(of: handle) }
        if code == SQLITE_OK, mode != .passive { wal.set(0) }
        return Int(max(frames, 0) - max(copied, 0))
    }

    /// How long a statement waits for another connection's lock, where this one has been told to.
    private static let busyMilliseconds: Int32 = 2000

    private func status(_ counter: Int32) -> Int {
        var current: Int32 = 0
        var highest: Int32 = 0
        unsafe sqlite3_db_status(handle, counter, &current, &highest, 0)
        return Int(current)
    }

    /// The literal's address is its key: no SQL is built from data, and each text is compiled once.
    private mutating func statement(for sql: StaticString) throws(SQLiteError) -> Statement {
        let key = unsafe UInt(bitPattern: sql.utf8Start)
        if let known = statements[key] { return known }
        let compiled = try unsafe Statement(sql, on: handle)
        statements[key] = compiled
        return compiled
    }
}

private final class FrameCount: Sendable {
    private let count = Atomic(0)

    var frames: Int { count.load(ordering: .relaxed) }

    func set(_ frames: Int) { count.store(frames, ordering: .relaxed) }
}
