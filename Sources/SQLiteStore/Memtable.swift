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
    /// In the order of the table, `nil` what was forgotten since; and how many of them are in the table.
    private(set) var old: [(key: RowKey, row: Row?)] = []
    private var merged = 0
    private var mergedBefore = 0
    /// What rows were before the changes of this transaction.
    private var undo: [(key: RowKey, row: Row?, isOld: Bool)] = []
    /// Keys that were looked for in this transaction and have no row.
    private var absent: Set<RowKey> = []

    var isMerged: Bool { merged == old.count }
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
    func row(_ key: RowKey) -> Row? { young[key] ?? place(of: key).flatMap { old[$0].row } }

    /// Where an old row stands.
    private func place(of key: RowKey) -> Int? {
        var (low, high) = (0, old.count)
        while low < high {
            let middle = (low + high) / 2
            if old[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low < old.count && old[low].key == key ? low : nil
    }

    mutating func set(_ key: RowKey, _ row: Row) {
        undo.append((key, young.updateValue(row, forKey: key), false))
    }

    /// Leaves nothing of a row here; returns whether there was one.
    mutating func forget(_ key: RowKey) -> Bool {
        var wasHere = false
        if let row = young.removeValue(forKey: key) {
            undo.append((key, row, false))
            wasHere = true
        }
        if let place = place(of: key), let row = old[place].row {
            undo.append((key, row, true))
            old[place].row = nil
            wasHere = true
        }
        return wasHere
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
        let end = min(old.count, merged + most)
        defer { merged = end }
        for (key, row) in old[merged..<end] where young[key] == nil {
            // A young row is merged later, and is what the row has become.
            try row?.write(key, to: &connection, at: now)
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
            if !change.isOld {
                young[change.key] = change.row
            } else if let place = place(of: change.key) {
                old[place].row = change.row
            }
        }
        absent.removeAll(keepingCapacity: true)
        if changes == 0 { merged = mergedBefore }
    }

    /// Begins to merge what is young.
    mutating func age() {
        old = young.map { ($0.key, $0.value) }
        old.sort { $0.key < $1.key }
        young = [:]
        (merged, mergedBefore) = (0, 0)
    }

    mutating func forgetOld() {
        old = []
        (merged, mergedBefore) = (0, 0)
    }
}
