import Clocks
import SQLite

/// A row of a table whose keys are random.
protocol MemtableRow: Sendable {
    /// Appends the row as the log has it; see ``RecentRows``.
    func log(to bytes: inout [UInt8])
    init?(logged: ArraySlice<UInt8>)

    /// Reads the row from its table.
    static func read(_ key: RowKey, from connection: inout Connection) throws(SQLiteError) -> Self?

    /// Brings the table up to date with the row.
    func write(_ key: RowKey, to connection: inout Connection, at now: Instant) throws(SQLiteError)
}

/// The newest rows of a table whose keys are random, kept in memory until they are merged into it.
///
/// Each row of such a table lies in a page of its own, and to write one costs 4 KiB in the log and 4 KiB in the database.
/// Many that are written at once in the order of their keys share pages (P. O'Neil et al., "The log-structured merge-tree",
/// 1996). Young rows take every change; the old ones are those that are being merged. Changes are undone until
/// ``keep()``.
struct Memtable<Row: MemtableRow>: Sendable {
    private(set) var young: [RowKey: Row] = [:]
    private(set) var old: [RowKey: Row] = [:]
    /// Keys of the old rows, in the order of the table, and how many of them are in it.
    private var order: [RowKey] = []
    private var merged = 0
    private var mergedBefore = 0
    /// What rows were before the changes of this transaction.
    private var undo: [(key: RowKey, row: Row?, isOld: Bool)] = []
    /// Keys that were looked for in this transaction and have no row.
    private var absent: Set<RowKey> = []

    var isMerged: Bool { merged == order.count }
    /// Changes of this transaction.
    var changes: Int { undo.count }

    mutating func row(_ key: RowKey, _ connection: inout Connection) throws(SQLiteError) -> Row? {
        if let row = row(key) { return row }
        guard !absent.contains(key) else { return nil }
        if let row = try Row.read(key, from: &connection) { return row }
        absent.insert(key)
        return nil
    }

    /// The row where it is here.
    func row(_ key: RowKey) -> Row? { young[key] ?? old[key] }

    mutating func set(_ key: RowKey, _ row: Row) {
        undo.append((key, young.updateValue(row, forKey: key), false))
    }

    /// Leaves nothing of a row here; returns whether there was one.
    mutating func forget(_ key: RowKey) -> Bool {
        let (inYoung, inOld) = (young.removeValue(forKey: key), old.removeValue(forKey: key))
        if let inYoung { undo.append((key, inYoung, false)) }
        if let inOld { undo.append((key, inOld, true)) }
        return inYoung != nil || inOld != nil
    }

    /// Gives each row that was set in this transaction, as it is now.
    func forEachChange(_ body: (RowKey, Row) -> Void) {
        var isTold: Set<RowKey> = []
        for change in undo where !change.isOld {
            if let row = young[change.key], isTold.insert(change.key).inserted { body(change.key, row) }
        }
    }

    /// Writes up to so many old rows into the table; returns how many it looked at.
    mutating func merge(
        _ most: Int,
        into connection: inout Connection,
        at now: Instant
    ) throws(SQLiteError) -> Int {
        let end = min(order.count, merged + most)
        defer { merged = end }
        for key in order[merged..<end] where young[key] == nil {
            // A young row is merged later, and is what the row has become.
            try old[key]?.write(key, to: &connection, at: now)
        }
        return end - merged
    }

    /// The transaction is committed.
    mutating func keep() {
        undo.removeAll(keepingCapacity: true)
        absent.removeAll(keepingCapacity: true)
        mergedBefore = merged
    }

    /// The transaction is not committed, or what was done in it after so many changes is taken back.
    mutating func rollBack(to changes: Int = 0) {
        while undo.count > changes {
            let change = undo.removeLast()
            if change.isOld { old[change.key] = change.row } else { young[change.key] = change.row }
        }
        absent.removeAll(keepingCapacity: true)
        if changes == 0 { merged = mergedBefore }
    }

    /// Begins to merge what is young.
    mutating func age() {
        (old, young) = (young, [:])
        order = old.keys.sorted()
        (merged, mergedBefore) = (0, 0)
    }

    mutating func forgetOld() {
        (old, order) = ([:], [])
        (merged, mergedBefore) = (0, 0)
    }
}
