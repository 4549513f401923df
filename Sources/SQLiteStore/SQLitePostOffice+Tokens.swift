package import AuthEvents
package import Clocks
import SQLite
package import Store

extension SQLitePostOffice: TokenStore {
    package func create(_ token: StoredToken) async throws(StoreError) {
        try await writer.perform { core throws(SQLiteError) in try core.connection.insert(token) }
    }

    package func token(hash: Digest) async throws(StoreError) -> StoredToken? {
        try await doorkeeper.read { connection throws(SQLiteError) in try connection.token(hash: hash) }
    }

    package func tokens(_ filter: TokenFilter) async throws(StoreError) -> TokenPage {
        try await readers.read { connection throws(SQLiteError) in try connection.page(filter) }
    }

    package func revoke(_ id: String, of tenant: TenantName?) async throws(StoreError) -> Bool {
        try await writer.perform { core throws(SQLiteError) in
            try core.connection.revoke(id, of: tenant, at: core.now)
        }
    }

    package func keep(lastUses: [String: Instant]) async throws(StoreError) {
        guard !lastUses.isEmpty else { return }
        try await writer.perform { core throws(SQLiteError) in
            for (id, use) in lastUses { try core.connection.keep(lastUse: use, of: id) }
        }
    }
}
