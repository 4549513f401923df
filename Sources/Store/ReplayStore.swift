package import AuthEvents
package import Limits
package import Spend

/// Fresh deliveries, with fresh codes under the same challenges, for those that failed.
package protocol ReplayStore: Sendable {
    /// Begins a replay, or finds the one that was begun with the same key within ``idempotencyWindow``.
    func begin(_ replay: NewReplay) async throws(StoreError) -> ReplayBeginning

    /// `nil` where there is none, or of another tenant.
    func replay(_ id: ReplayID, of tenant: TenantName?) async throws(StoreError) -> Replay?

    /// Ends a replay that is running; returns it, `nil` where there is none, or of another tenant.
    func stopReplay(_ id: ReplayID, of tenant: TenantName?) async throws(StoreError) -> Replay?

    /// What the deliveries that a replay has made cost, by country.
    func shares(of replay: ReplayID) async throws(StoreError) -> [ReplayPreview.Place: ReplayPreview.Share]

    /// Those that are running, oldest first.
    func runningReplays() async throws(StoreError) -> [Replay]

    /// Failed deliveries that a filter names, oldest first: dead or undelivered ones.
    func candidates(
        _ filter: DeliveryFilter,
        after: DeliveryID?,
        limit: Int
    ) async throws(StoreError) -> [ReplayCandidate]

    /// What would become of each if it were sent now, with what would go out before it; nothing is changed.
    func judge(
        _ items: [ReplayItem],
        besides sums: ReplaySums
    ) async throws(StoreError) -> (fates: [ReplayFate], sums: ReplaySums)

    /// Makes a fresh delivery of each that may be sent, and takes note of how far the replay has come, in one commit.
    ///
    /// - A delivery that has a later one of its challenge, or without one of its event and address, is `superseded`: twice
    ///   the same replay sends once, also where the server dies in between.
    /// - A fresh code comes under the same challenge, which is open again where it had expired.
    /// - Limits and budgets hold as for an event; resend waits do not: the person has got nothing.
    ///
    /// `isLast`: Whether nothing comes after them. Of a replay that has been stopped nothing is sent.
    func send(_ items: [ReplayItem], of replay: ReplayID, isLast: Bool) async throws(StoreError) -> Replay
}

package struct NewReplay: Sendable {
    package var id: ReplayID
    package var tenant: TenantName?
    package var filter: DeliveryFilter
    package var rate: Rate
    /// The most deliveries that are made.
    package var limit: Int
    /// Stands for the `Idempotency-Key`, and for the request that came with it.
    package var key: Digest?
    package var content: Digest

    package init(
        id: ReplayID,
        tenant: TenantName?,
        filter: DeliveryFilter,
        rate: Rate,
        limit: Int,
        key: Digest?,
        content: Digest
    ) {
        (self.id, self.tenant, self.filter, self.rate) = (id, tenant, filter, rate)
        (self.limit, self.key, self.content) = (limit, key, content)
    }
}

package enum ReplayBeginning: Sendable, Equatable {
    case begun(Replay)
    /// The same request began it before.
    case known(Replay)
    /// The key came with another request before.
    case conflict
}

/// A replay as far as it has come.
package struct Replay: Sendable, Equatable {
    package enum State: Int64, Sendable, CaseIterable {
        case running = 1
        case done = 2
        case stopped = 3
    }

    package var id: ReplayID
    package var state: State
    package var filter: DeliveryFilter
    package var rate: Rate
    package var limit: Int
    /// The last delivery that was looked at.
    package var cursor: DeliveryID?
    package var matched: Int64
    package var made: Int64
    package var skipped: [ReplaySkip: Int64]

    package init(
        id: ReplayID,
        state: State,
        filter: DeliveryFilter,
        rate: Rate,
        limit: Int,
        cursor: DeliveryID? = nil,
        matched: Int64 = 0,
        made: Int64 = 0,
        skipped: [ReplaySkip: Int64] = [:]
    ) {
        (self.id, self.state, self.filter, self.rate, self.limit) = (id, state, filter, rate, limit)
        (self.cursor, self.matched, self.made, self.skipped) = (cursor, matched, made, skipped)
    }
}

/// Why a failed delivery is not sent again.
package enum ReplaySkip: String, Sendable, CaseIterable {
    case verified, suppressed, superseded
    /// A limit has no room, or the challenge is locked.
    case limited
    case overBudget = "over_budget"
    /// The application made the code, and it has been erased.
    case foreignCode = "foreign_code"
    case held
    /// Its number is not written to any more, or has no price; or its keys are gone.
    case refused
}

package enum ReplayFate: Sendable, Equatable {
    case sent
    case skipped(ReplaySkip)
}

/// A failed delivery, with what a fresh one is made from.
package struct ReplayCandidate: Sendable {
    package var delivery: DeliveryID
    package var event: EventID
    package var challenge: ChallengeID?
    package var purpose: Purpose
    package var channel: Channel
    package var tenant: TenantName
    package var locale: String?
    package var sealed: SealedBytes
    package var isPrevious: Bool

    package init(
        delivery: DeliveryID,
        event: EventID,
        challenge: ChallengeID?,
        purpose: Purpose,
        channel: Channel,
        tenant: TenantName,
        locale: String?,
        sealed: SealedBytes,
        isPrevious: Bool
    ) {
        (self.delivery, self.event, self.challenge, self.purpose) = (delivery, event, challenge, purpose)
        (self.channel, self.tenant, self.locale) = (channel, tenant, locale)
        (self.sealed, self.isPrevious) = (sealed, isPrevious)
    }
}

/// A candidate and the fresh leg that takes its place, or why there can be none.
package struct ReplayItem: Sendable {
    package var candidate: ReplayCandidate
    /// Its proof says how long a fresh code lives, or until when a notice is of use.
    package var leg: Submission.Leg?
    package var skip: ReplaySkip?

    package init(candidate: ReplayCandidate, leg: Submission.Leg) {
        (self.candidate, self.leg) = (candidate, leg)
    }

    package init(candidate: ReplayCandidate, skip: ReplaySkip) {
        (self.candidate, self.skip) = (candidate, skip)
    }
}

/// What a replay that is only tried has taken so far of budgets and limits.
package struct ReplaySums: Sendable {
    /// By tenant, country, purpose and currency.
    package var amounts: [String: (amount: Money, subject: Budget.Subject)] = [:]
    package var slots: [[UInt8]: Int] = [:]

    package init() {}
}
