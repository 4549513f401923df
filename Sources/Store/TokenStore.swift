package import AuthEvents
package import Clocks

/// Bearer tokens.
///
/// The store keeps a hash of each; the token itself is shown once and kept nowhere.
package protocol TokenStore: Sendable {
    func create(_ token: StoredToken) async throws(StoreError)

    /// The token with this hash; `nil` where there is none. Expiry is the caller's to judge.
    func token(hash: Digest) async throws(StoreError) -> StoredToken?
}

package struct StoredToken: Sendable, Equatable {
    package var id: String
    package var hash: Digest
    package var scopes: [String]
    /// The tenant it is bound to, if any.
    package var tenant: TenantName?
    /// The gateways that a carrier with it may claim for.
    package var gateways: [String]
    package var createdAt: Instant
    package var expiresAt: Instant?

    package init(
        id: String,
        hash: Digest,
        scopes: [String],
        tenant: TenantName?,
        gateways: [String],
        createdAt: Instant,
        expiresAt: Instant?
    ) {
        (self.id, self.hash, self.scopes, self.tenant) = (id, hash, scopes, tenant)
        (self.gateways, self.createdAt, self.expiresAt) = (gateways, createdAt, expiresAt)
    }
}
