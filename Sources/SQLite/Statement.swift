private import CSQLite

/// A compiled statement of one connection, kept by it and reset after each use.
@safe final class Statement {
    private let handle: OpaquePointer
    private let database: OpaquePointer

    init(_ sql: StaticString, on database: OpaquePointer) throws(SQLiteError) {
        var compiled: OpaquePointer?
        let bytes = unsafe UnsafeRawPointer(sql.utf8Start).assumingMemoryBound(to: CChar.self)
        let code = unsafe sqlite3_prepare_v3(
            database,
            bytes,
            Int32(sql.utf8CodeUnitCount),
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &compiled,
            nil
        )
        guard code == SQLITE_OK, let compiled = unsafe compiled else { throw unsafe latestError(of: database) }
        unsafe handle = compiled
        unsafe self.database = database
    }

    deinit { unsafe sqlite3_finalize(handle) }

    func bind(_ values: [Value]) throws(SQLiteError) {
        for (index, value) in values.enumerated() {
            let position = Int32(index + 1)
            let code: Int32
            switch value {
            case .null: code = unsafe sqlite3_bind_null(handle, position)
            case .integer(let integer): code = unsafe sqlite3_bind_int64(handle, position, integer)
            case .text(var text):
                code = text.withUTF8 { bytes in
                    unsafe bytes.withMemoryRebound(to: CChar.self) {
                        unsafe shim_bind_text(handle, position, $0.baseAddress, Int32($0.count))
                    }
                }
            case .id(let high, let low):
                let bytes = (high.bigEndian, low.bigEndian)
                code = unsafe withUnsafeBytes(of: bytes) {
                    unsafe shim_bind_blob(handle, position, $0.baseAddress, 16)
                }
            case .blob(let bytes):
                code = unsafe bytes.withUnsafeBytes {
                    unsafe shim_bind_blob(handle, position, $0.baseAddress, Int32($0.count))
                }
            }
            guard code == SQLITE_OK else { throw unsafe latestError(of: database) }
        }
    }

    /// Returns whether there is a row.
    func step() throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw unsafe latestError(of: database)
        }
    }

    /// A statement left in the middle is an open read transaction, so each use ends with this.
    func reset() {
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }

    var row: Row { unsafe Row(handle) }
}

/// The row at which a query stands; lent to a closure, which cannot keep it.
@safe package struct Row: ~Copyable {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    package func integer(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(handle, column)
    }

    package func text(_ column: Int32) -> String {
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        guard let start = unsafe sqlite3_column_text(handle, column) else { return "" }
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    package func blob(_ column: Int32) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    package func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    package func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }
    package func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
    package func optionalBlob(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : blob(column) }
}

func latestError(of database: OpaquePointer?) -> SQLiteError {
    unsafe SQLiteError(
        code: sqlite3_extended_errcode(database),
        message: String(cString: sqlite3_errmsg(database))
    )
}
