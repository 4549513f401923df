package import AuthEvents
import Clocks
package import Deliveries
import SQLite
package import Store

extension SQLitePostOffice: HoldStore {
    package func add(_ hold: Hold) async throws(StoreError) -> Hold {
        try await writer.perform { core throws(SQLiteError) in try core.add(hold) }
    }

    package func removeHold(_ id: HoldID, of tenant: TenantName?) async throws(StoreError) -> Bool {
        try await writer.perform { core throws(SQLiteError) in try core.removeHold(id, of: tenant) }
    }

    package func pause(_ channel: Channel) async throws(StoreError) {
        try await writer.perform { core throws(SQLiteError) in try core.pause(channel) }
    }

    package func resume(_ channel: Channel) async throws(StoreError) {
        try await writer.perform { core throws(SQLiteError) in try core.resume(channel) }
    }

    package func holds(of tenant: TenantName?) async throws(StoreError) -> [Hold] {
        let now = time.now()
        return published.state.holds.filter { $0.until > now && (tenant == nil || $0.isOf(tenant)) }
    }
}

extension SQLitePostOffice: SuppressionStore {
    package func add(_ suppression: Suppression, persons: [Digest]) async throws(StoreError) -> Suppression {
        try await writer.perform { core throws(SQLiteError) in try core.add(suppression, persons: persons) }
    }

    package func removeSuppression(_ id: SuppressionID, of tenant: TenantName?) async throws(StoreError) -> Bool {
        try await writer.perform { core throws(SQLiteError) in try core.removeSuppression(id, of: tenant) }
    }

    package func suppressions(
        of tenant: TenantName?,
        after: SuppressionID?,
        limit: Int
    ) async throws(StoreError) -> [Suppression] {
        let (now, names) = (time.now(), published.state.tenants)
        // A tenant without a number has nothing in the store.
        let number = tenant.map { names.ids[$0.description] ?? 0 }
        return try await readers.read { connection throws(SQLiteError) in
            try connection.suppressions(of: number, after: after, limit: limit, at: now, names: names)
        }
    }
}
