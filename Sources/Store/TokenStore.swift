package import AuthEvents
package import Clocks

/// Bearer tokens.
///
/// The store keeps a hash of each; the token itself is shown once and kept nowhere.
package protocol TokenStore: Sendable {
    /// - Throws: ``StoreError`` also where one of the same id or hash is there.
    func create(_ token: StoredToken) async throws(StoreError)

    /// The token with this hash; `nil` where there is none.
    ///
    /// Its end and its revocation are the caller's to judge. This is asked with every request: it never waits for a write
    /// or for another read that takes long.
    func token(hash: Digest) async throws(StoreError) -> StoredToken?

    /// A page, newest first; those that have ended or were revoked stand in it too.
    func tokens(_ filter: TokenFilter) async throws(StoreError) -> TokenPage

    /// Revokes a token for good; again changes nothing.
    ///
    /// Returns whether there is such a token, of that tenant where one is named.
    func revoke(_ id: String, of tenant: TenantName?) async throws(StoreError) -> Bool

    /// Keeps when tokens were last used, by id.
    ///
    /// What is earlier than what is kept changes nothing, and neither does an id that no token has.
    func keep(lastUses: [String: Instant]) async throws(StoreError)
}

package struct StoredToken: Sendable, Equatable {
    package var id: String
    package var hash: Digest
    package var scopes: [String]
    /// The tenant it is bound to, if any.
    package var tenant: TenantName?
    /// The gateways that a carrier with it may carry for.
    package var gateways: [String]
    package var createdAt: Instant
    package var expiresAt: Instant?
    package var revokedAt: Instant?
    /// As far as the store knows; see ``TokenStore/keep(lastUses:)``.
    package var lastUsedAt: Instant?

    package init(
        id: String,
        hash: Digest,
        scopes: [String],
        tenant: TenantName?,
        gateways: [String],
        createdAt: Instant,
        expiresAt: Instant?,
        revokedAt: Instant? = nil,
        lastUsedAt: Instant? = nil
    ) {
        (self.id, self.hash, self.scopes, self.tenant) = (id, hash, scopes, tenant)
        (self.gateways, self.createdAt, self.expiresAt) = (gateways, createdAt, expiresAt)
        (self.revokedAt, self.lastUsedAt) = (revokedAt, lastUsedAt)
    }
}

/// Which tokens a page shows.
package struct TokenFilter: Sendable, Equatable {
    /// `nil` for all, those that are bound to none among them.
    package var tenant: TenantName?
    /// The last id of the page before.
    package var after: String?
    package var limit: Int

    package init(tenant: TenantName? = nil, after: String? = nil, limit: Int = 50) {
        (self.tenant, self.after, self.limit) = (tenant, after, limit)
    }
}

package struct TokenPage: Sendable, Equatable {
    package var items: [StoredToken]
    /// Where the next page begins, `nil` at the end.
    package var next: String?

    package init(items: [StoredToken], next: String?) {
        (self.items, self.next) = (items, next)
    }
}
