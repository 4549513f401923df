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
            "SELECT id, scopes, tenant, gateways, created, expires FROM token WHERE hash = ?",
            .blob(hash.bytes),
            read: { row in
                StoredToken(
                    id: row.text(0),
                    hash: hash,
                    scopes: row.text(1).split(separator: ",").map(String.init),
                    tenant: row.optionalText(2).flatMap(TenantName.init),
                    gateways: row.text(3).split(separator: ",").map(String.init),
                    createdAt: Instant(milliseconds: row.integer(4)),
                    expiresAt: row.optionalInteger(5).map(Instant.init)
                )
            }
        )
    }
}
