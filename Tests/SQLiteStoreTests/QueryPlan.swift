import CSQLite

/// The lines of SQLite's own account of how it runs a statement (sqlite.org/eqp.html).
///
/// The wrapper runs literals only, so this goes to the library; a database of the product's schema is all it needs.
func queryPlan(of statement: StaticString, in path: String) throws -> [String] {
    var database: OpaquePointer?
    var compiled: OpaquePointer?
    defer { sqlite3_close_v2(database) }
    defer { sqlite3_finalize(compiled) }
    guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK,
        sqlite3_prepare_v2(database, "EXPLAIN QUERY PLAN \(statement)", -1, &compiled, nil) == SQLITE_OK
    else { throw PlanError(message: String(cString: sqlite3_errmsg(database))) }
    var lines: [String] = []
    while sqlite3_step(compiled) == SQLITE_ROW {
        if let text = sqlite3_column_text(compiled, 3) { lines.append(String(cString: text)) }
    }
    return lines
}

struct PlanError: Error {
    var message: String
}

/// How many rows a table has, by its name.
func countOfRows(_ table: String, in path: String) throws -> Int64 {
    var database: OpaquePointer?
    var compiled: OpaquePointer?
    defer { sqlite3_close_v2(database) }
    defer { sqlite3_finalize(compiled) }
    guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK,
        sqlite3_prepare_v2(database, "SELECT count(*) FROM \"\(table)\"", -1, &compiled, nil) == SQLITE_OK,
        sqlite3_step(compiled) == SQLITE_ROW
    else { throw PlanError(message: String(cString: sqlite3_errmsg(database))) }
    return sqlite3_column_int64(compiled, 0)
}
