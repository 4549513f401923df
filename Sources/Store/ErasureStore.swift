package import AuthEvents

/// Erases persons.
package protocol ErasureStore: Sendable {
    /// The tenants that there are or were, also those that the settings no longer name.
    func tenants() async throws(StoreError) -> [TenantName]

    /// Erases one slice of what belongs to persons; done again until there is no more, it leaves nothing that names or
    /// tells them, however often it was interrupted.
    ///
    /// - Of every event that wrote to them the sealed contents, what the application brought and the account; what of it
    ///   is unsent is cancelled, to whomever it goes, because nobody can read any more what it was to say.
    /// - Their challenges expire; those of others that only the same event tells the address of, too.
    /// - The hashes of the persons, their wrong tries, and the buckets of limits that count them.
    ///
    /// What says nothing of a person stays: deliveries with their states and attempts, the ledger and its sums. So does a
    /// suppression: who asked not to be written to has asked for that.
    ///
    /// `persons`: All hashes of the persons.
    ///
    /// `buckets`: How the ids of the buckets begin that count them.
    func erase(_ persons: [Digest], buckets: [[UInt8]]) async throws(StoreError) -> Erasure
}

/// What one slice of an erasure has done.
package struct Erasure: Sendable, Equatable {
    package var deliveries: Int64
    package var challenges: Int64
    package var events: Int64
    package var isMore: Bool

    package init(deliveries: Int64 = 0, challenges: Int64 = 0, events: Int64 = 0, isMore: Bool = false) {
        (self.deliveries, self.challenges, self.events, self.isMore) = (deliveries, challenges, events, isMore)
    }
}
