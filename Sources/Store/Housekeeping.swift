/// What time does to deliveries, in slices, each in one transaction.
package protocol Housekeeping: Sendable {
    /// Does one slice of what is due. Returns whether there is more to do at once.
    ///
    /// A slice is so short that whoever waits for the store behind it hardly notices. Leases and unknown outcomes are looked
    /// at in each, the rest in turn.
    ///
    /// - Leases that are over: a claim goes back to `ready` (dead `crashed` where carriers die of it), a begun attempt becomes
    ///   `unknown` (promise 4).
    /// - Unknown outcomes: the next step of what is done about them, never before the lease of the attempt.
    /// - Messages that no receipt came for: the reason `no_receipt`.
    /// - Deadlines of what waits: dead, with the reason (promise 3).
    /// - Gateways that went down or came back: what waits there moves, ``sliceSize`` rows at a time.
    /// - What was parked over a budget: it is reserved anew where the budget has room again.
    /// - Holds that begin or end: what they cover is parked as `held`, or goes on.
    /// - Buckets that are full again, and suppressions that have ended, are forgotten.
    /// - Refused events are written, and those that are too old or too many are forgotten.
    func sweep() async throws(StoreError) -> Bool

    /// Removes one slice of what is no longer kept, and says when the next is due.
    ///
    /// - Deliveries that were accepted longer ago than the terms say and have ended, with all that belongs to them, their
    ///   challenges and events. What still moves, is unknown, waits for a receipt or has an open challenge stays. So do
    ///   the ledger, and what reports of spend say.
    /// - Identities of events beyond ``dedupeWindow``, wrong tries that count no more, replays as old as deliveries,
    ///   tokens that ended longer ago than the terms say.
    /// - The room on the disk that this leaves.
    func tidy(_ terms: RetentionTerms) async throws(StoreError) -> Tidying

    /// Writes something of no meaning, durably: it succeeds when an event would be accepted.
    func probe() async throws(StoreError)
}

/// When the next slice of what is no longer kept is due.
package enum Tidying: Sendable {
    /// At once: there is more of the same.
    case more
    /// At the next look.
    case later
    /// Nothing was left; another round begins in a while.
    case done
}

/// The most rows that one step of housekeeping moves.
package let sliceSize: Int64 = 500

/// All that an engine must be.
package typealias PostOfficeStore = BackupStore & ChallengeStore & DeliveryQueue & DeliveryRecords & ErasureStore
    & EventStore & HoldStore & Housekeeping & ReceiptStore & RefusalStore & ReplayStore & SpendRecords
    & SuppressionStore & TokenStore
