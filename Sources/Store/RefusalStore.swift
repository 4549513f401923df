package import AuthEvents
private import Clocks
private import Deliveries

/// Events that were refused, kept for a while so that somebody can ask why.
package protocol RefusalStore: Sendable {
    /// Takes refusals to be written with the next look of ``Housekeeping/sweep()``; who is refused does not wait for that.
    ///
    /// - From now on they can be asked for; after a kill those of the last look are gone, after an orderly end none.
    /// - Each is kept for ``StoryBounds/refusalLife``, and of more than ``StoryBounds/refusals`` the oldest go.
    func keep(_ refusals: [KeptRefusal])

    /// `nil` where there is none, none any more, or one of another tenant.
    func refusal(_ id: RefusalID, of tenant: TenantName?) async throws(StoreError) -> KeptRefusal?
}

/// A refused event, as it is told.
package struct KeptRefusal: Sendable, Equatable {
    package var id: RefusalID
    package var tenant: TenantName
    /// A JSON array, which names no person and holds no code.
    package var story: String

    package init(id: RefusalID, tenant: TenantName, story: String) {
        (self.id, self.tenant, self.story) = (id, tenant, story)
    }
}
