/// What time does to deliveries, in slices, each in one transaction.
package protocol Housekeeping: Sendable {
    /// Does one slice of everything that is due. Returns whether there is more to do at once.
    ///
    /// - Leases that are over: a claim goes back to `ready` (dead `crashed` the third time), a begun attempt becomes
    ///   `unknown` (promise 4).
    /// - Unknown outcomes whose wait is over: what the channel's policy says, never before the lease of the attempt.
    /// - Messages that no receipt came for: the reason `no_receipt`.
    /// - Deadlines of what waits: dead, with the reason (promise 3).
    /// - Gateways that went down or came back: what waits there moves, ``sliceSize`` rows at a time.
    /// - What was parked over a budget: it is reserved anew where the budget has room again.
    /// - Holds that begin or end: what they cover is parked as `held`, or goes on.
    /// - Buckets that are full again, and suppressions that have ended, are forgotten.
    func sweep() async throws(StoreError) -> Bool

    /// Writes something of no meaning, durably: it succeeds when an event would be accepted.
    func probe() async throws(StoreError)
}

/// The most rows that one step of housekeeping moves.
package let sliceSize: Int64 = 500

/// All that an engine must be.
package typealias PostOfficeStore = BackupStore & ChallengeStore & DeliveryQueue & DeliveryRecords & EventStore
    & HoldStore & Housekeeping & ReceiptStore & ReplayStore & SpendRecords & SuppressionStore & TokenStore
