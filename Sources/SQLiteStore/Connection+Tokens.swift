import AuthEvents
import Clocks
import SQLite
import Store

extension Connection {
    mutating func insert(_ token: StoredToken) throws(SQLiteError) {
        try run(
            "INSERT INTO token (id, hash, scopes, tenant, gateways, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?)",
            .text(token.id),
            .blob(token.hash.bytes),
            .text(token.scopes.joined(separator: ",")),
            .optional(token.tenant?.description),
            .text(token.gateways.joined(separator: ",")),
            .integer(token.createdAt.milliseconds),
            .optional(token.expiresAt?.milliseconds)
        )
    }

    mutating func token(hash: Digest) throws(SQLiteError) -> StoredToken? {
        try first(
            "SELECT id, hash, scopes, tenant, gateways, created, expires, revoked, last_used FROM token WHERE hash = ?",
            .blob(hash.bytes),
            read: StoredToken.init
        )
    }

    mutating func page(_ filter: TokenFilter) throws(SQLiteError) -> TokenPage {
        let items = try all(
            """
            SELECT id, hash, scopes, tenant, gateways, created, expires, revoked, last_used
            FROM token INDEXED BY token_created
            WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR (created, id) <
                (SELECT created, id FROM token WHERE id = ?2 AND (?1 IS NULL OR tenant = ?1)))
            ORDER BY created DESC, id DESC LIMIT ?3
            """,
            .optional(filter.tenant?.description),
            .optional(filter.after),
            .integer(Int64(filter.limit + 1)),
            read: StoredToken.init
        )
        let isMore = items.count > filter.limit
        return TokenPage(items: Array(items.prefix(filter.limit)), next: isMore ? items[filter.limit - 1].id : nil)
    }

    /// Returns whether there is such a token of that tenant.
    mutating func revoke(_ id: String, of tenant: TenantName?, at now: Instant) throws(SQLiteError) -> Bool {
        let isRevoked = try first(
            "SELECT revoked IS NOT NULL FROM token WHERE id = ?1 AND (?2 IS NULL OR tenant = ?2)",
            .text(id),
            .optional(tenant?.description),
            read: { $0.integer(0) != 0 }
        )
        guard isRevoked == false else { return isRevoked != nil }
        try run("UPDATE token SET revoked = ? WHERE id = ?", .integer(now.milliseconds), .text(id))
        return true
    }

    mutating func keep(lastUse: Instant, of id: String) throws(SQLiteError) {
        try run(
            "UPDATE token SET last_used = ?2 WHERE id = ?1 AND (last_used IS NULL OR last_used < ?2)",
            .text(id),
            .integer(lastUse.milliseconds)
        )
    }
}

extension StoredToken {
    /// Of the columns id, hash, scopes, tenant, gateways, created, expires, revoked, last_used.
    fileprivate init(_ row: borrowing Row) {
        self.init(
            id: row.text(0),
            hash: Digest(bytes: row.blob(1)),
            scopes: row.text(2).split(separator: ",").map(String.init),
            tenant: row.optionalText(3).flatMap(TenantName.init),
            gateways: row.text(4).split(separator: ",").map(String.init),
            createdAt: Instant(milliseconds: row.integer(5)),
            expiresAt: row.optionalInteger(6).map(Instant.init),
            revokedAt: row.optionalInteger(7).map(Instant.init),
            lastUsedAt: row.optionalInteger(8).map(Instant.init)
        )
    }
}
