package import AuthEvents
import Clocks
import Deliveries
import SQLite
package import Store

extension SQLitePostOffice: RefusalStore {
    package func keep(_ refusals: [KeptRefusal]) { book.add(refusals) }

    package func refusal(_ id: RefusalID, of tenant: TenantName?) async throws(StoreError) -> KeptRefusal? {
        guard id.createdAt + stories.refusalLife > time.now() else { return nil }
        if let pending = book.refusal(id) { return tenant ?? pending.tenant == pending.tenant ? pending : nil }
        return try await readers.read { connection throws(SQLiteError) in try connection.refusal(id, of: tenant) }
    }

    /// Writes one slice of what waits to be written; returns whether there is more.
    func writeRefusals() async throws(StoreError) -> Bool {
        let refusals = book.next(Int(sliceSize))
        try await writer.perform { core throws(SQLiteError) in try core.keep(refusals) }
        book.remove(refusals)
        return refusals.count == Int(sliceSize)
    }
}
