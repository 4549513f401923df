import CSQLite

/// A database that is only read, by SQLite alone.
final class Database {
    /// A value as SQLite has it.
    enum Cell: Sendable, Equatable {
        case null
        case number(Int64)
        case words(String)

        var integer: Int64 { if case .number(let number) = self { number } else { 0 } }
        var text: String { if case .words(let words) = self { words } else { "" } }
        var optional: Int64? { if case .number(let number) = self { number } else { nil } }
    }

    private let handle: OpaquePointer

    init(_ path: String) throws {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw Disappointment("\(path) cannot be opened: \(code).")
        }
        handle = opened
        sqlite3_busy_timeout(handle, 30_000)
    }

    deinit { sqlite3_close_v2(handle) }

    /// All rows of a query; blobs are asked for as `hex(…)`.
    func rows(_ query: String) throws -> [[Cell]] {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, query, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw complaint
        }
        defer { sqlite3_finalize(statement) }
        var rows: [[Cell]] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: rows.append((0..<sqlite3_column_count(statement)).map { cell(statement, $0) })
            case SQLITE_DONE: return rows
            default: throw complaint
            }
        }
    }

    private func cell(_ statement: OpaquePointer, _ column: Int32) -> Cell {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_NULL: .null
        case SQLITE_INTEGER: .number(sqlite3_column_int64(statement, column))
        default: .words(sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "")
        }
    }

    private var complaint: Disappointment {
        Disappointment("The database: \(String(cString: sqlite3_errmsg(handle))).")
    }
}
