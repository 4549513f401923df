package import AuthEvents
package import Deliveries

/// Temporary stops; see ``Hold``.
package protocol HoldStore: Sendable {
    /// Adds a hold, or takes the place of one of the same scope, value and owner, whose id it keeps.
    ///
    /// - From the commit on nothing that it covers is accepted, claimed or begun.
    /// - ``Housekeeping/sweep()`` parks what waits, as `held`, and makes it ready again once nothing holds it any more; at
    /// its deadline it dies as `held_too_long`.
    func add(_ hold: Hold) async throws(StoreError) -> Hold

    /// Ends a hold; false where there is none. `tenant`: ends holds that this tenant owns only, if one is named.
    func removeHold(_ id: HoldID, of tenant: TenantName?) async throws(StoreError) -> Bool

    /// Stops a channel until it is resumed: from the commit on nothing of it is claimed or begun, and what waits is
    /// parked as `paused`. It is accepted as before.
    func pause(_ channel: Channel) async throws(StoreError)

    /// Lets a channel go on; what was parked is ready again.
    func resume(_ channel: Channel) async throws(StoreError)

    /// Those that have not ended, oldest first. `tenant`: holds that this tenant owns only, if one is named.
    func holds(of tenant: TenantName?) async throws(StoreError) -> [Hold]
}
