import AuthEvents
import Deliveries
import SQLite
import Store

// What two carriers have died with: whoever claims it a third time holds nothing beside it.
extension WriterCore {
    /// Whether the process has not begun yet what two carriers died with: it gets nothing beside it.
    mutating func holdsSuspect(_ request: ClaimRequest) throws(SQLiteError) -> Bool {
        for id in state.suspects {
            guard let row = try hotRow(id), row.state == .leased else {
                state.suspects.remove(id)
                continue
            }
            if row.carrier == request.carrier, row.instance == request.instance { return true }
        }
        return false
    }

    /// Whether the process has claimed anything that it has not begun.
    mutating func holdsAny(_ request: ClaimRequest) throws(SQLiteError) -> Bool {
        try connection.first(
            """
            SELECT 1 FROM hot INDEXED BY hot_lease
            WHERE state IN (3, 4) AND state = 3 AND carrier = ? AND instance = ? LIMIT 1
            """,
            .text(request.carrier),
            .text(request.instance),
            read: { _ in true }
        ) ?? false
    }
}

extension Connection {
    /// What is claimed, not begun, and has taken two carriers with it.
    mutating func heldSuspects() throws(SQLiteError) -> Set<DeliveryID> {
        Set(
            try all(
                "SELECT id FROM hot INDEXED BY hot_lease WHERE state IN (3, 4) AND state = 3 AND crashes >= 2",
                read: { DeliveryID(bytes: $0.blob(0)) }
            ).compactMap(\.self)
        )
    }
}
