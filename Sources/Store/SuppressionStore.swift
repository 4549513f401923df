package import AuthEvents
package import Clocks

/// Recipients that must not be written to.
package protocol SuppressionStore: Sendable {
    /// Adds a suppression, or takes the place of one for the same person and channel, whose id it keeps.
    ///
    /// From the commit on nothing to the person is accepted; what has not been begun dies as `cancelled` with it, and what
    /// is under way is not sent again.
    ///
    /// `persons`: The person within each tenant that it holds for.
    func add(_ suppression: Suppression, persons: [Digest]) async throws(StoreError) -> Suppression

    /// Ends a suppression; false where there is none. `tenant`: ends those of this tenant only, if one is named.
    func removeSuppression(_ id: SuppressionID, of tenant: TenantName?) async throws(StoreError) -> Bool

    /// Those that have not ended, newest first.
    ///
    /// `tenant`: Those of this tenant only, if one is named. `after`: The last of the page before.
    func suppressions(
        of tenant: TenantName?,
        after: SuppressionID?,
        limit: Int
    ) async throws(StoreError) -> [Suppression]
}

package struct Suppression: Sendable, Equatable {
    package var id: SuppressionID
    /// Stands for tenant and compared address, or for the address alone where it holds for all tenants.
    package var person: Digest
    package var channel: Channel
    /// `nil` for all.
    package var tenant: TenantName?
    package var reason: String
    /// Who says so: `manual` where it was made by hand.
    package var source: String
    /// `nil` for ever.
    package var until: Instant?
    /// The address.
    package var sealed: SealedBytes

    package init(
        id: SuppressionID,
        person: Digest,
        channel: Channel,
        tenant: TenantName?,
        reason: String,
        source: String,
        until: Instant?,
        sealed: SealedBytes
    ) {
        (self.id, self.person, self.channel, self.tenant) = (id, person, channel, tenant)
        (self.reason, self.source, self.until, self.sealed) = (reason, source, until, sealed)
    }
}
