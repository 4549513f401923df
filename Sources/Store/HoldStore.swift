package import AuthEvents
package import Deliveries

/// Temporary stops; see ``Hold``.
package protocol HoldStore: Sendable {
    /// Adds a hold, or takes the place of one of the same scope and value, whose id it keeps.
    ///
    /// - From the commit on nothing that it covers is accepted, claimed or begun.
    /// - ``Housekeeping/sweep()`` parks what waits, as `held`, and makes it ready again once nothing holds it any more; at
    /// its deadline it dies as `held_too_long`.
    func add(_ hold: Hold) async throws(StoreError) -> Hold

    /// Ends a hold; false where there is none. `tenant`: ends holds of this tenant only, if one is named.
    func removeHold(_ id: HoldID, of tenant: TenantName?) async throws(StoreError) -> Bool

    /// Those that have not ended, oldest first. `tenant`: holds of this tenant only, if one is named.
    func holds(of tenant: TenantName?) async throws(StoreError) -> [Hold]
}
