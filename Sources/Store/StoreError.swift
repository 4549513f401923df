/// Why the store did not do it.
///
/// Whatever the case, nothing was changed.
package enum StoreError: Error, Equatable {
    /// Full, locked or not reachable; the same request may succeed later.
    case unavailable(reason: String)
    /// The stored data cannot be what this program wrote.
    case damaged(reason: String)
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable(let reason):
            "The store did not take it: \(reason). Nothing was changed; make room or free the file, then try again."
        case .damaged(let reason):
            "The database is damaged: \(reason). Stop the server and restore a backup with `gatepost restore FILE`."
        }
    }
}
