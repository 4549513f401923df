package import AuthEvents
import SQLite
package import Store

extension SQLitePostOffice: ErasureStore {
    package func tenants() async throws(StoreError) -> [TenantName] {
        published.state.tenants.ids.keys.compactMap(TenantName.init)
    }

    package func erase(_ persons: [Digest], buckets: [[UInt8]]) async throws(StoreError) -> Erasure {
        let done = try await writer.perform { core throws(SQLiteError) in try core.erase(persons, buckets: buckets) }
        // What was erased stands in the log until it is copied back and emptied.
        if !done.isMore { await writer.checkpoint() }
        return done
    }
}
