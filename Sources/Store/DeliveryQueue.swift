package import AuthEvents
package import Clocks
package import Deliveries
package import Spend

/// Deliveries that wait for carriers, and what carriers do with them.
package protocol DeliveryQueue: Sendable {
    /// Leases what is due at the carrier's gateways: by priority, within one round robin between tenants, then by time.
    ///
    /// - Each delivery goes to one carrier at a time, under a fence that only grows (promises 4 and 5).
    /// - Nothing past its send deadline is handed out (promise 3).
    /// - The first claim of a new `instance` frees at once what the former of the same name had claimed and not begun.
    /// - A delivery that two carriers died with comes alone.
    /// - With ``ClaimRequest/inHandBelow`` those are passed over that have enough in hand: so a carrier can keep connections
    ///   for who would else wait behind them.
    func claim(_ request: ClaimRequest) async throws(StoreError) -> [ClaimedDelivery]

    /// Leases questions for what became of attempts at the carrier's gateways, the longest asked for first.
    ///
    /// - Each goes to one carrier at a time, for the gateway's timeout and 5 s; one that is not answered until then is put
    ///   again later, and counts.
    /// - Its fence is newer than its attempt's, which still may be settled under its own.
    /// - A gateway that is held, and a channel that is paused, are asked too: nothing is sent.
    ///
    /// `isShare`: At most a quarter of what the request asks for, and in the long run one of four where that is less, so
    /// that sends and questions do not keep each other waiting.
    func questions(_ request: ClaimRequest, isShare: Bool) async throws(StoreError) -> [ClaimedQuestion]

    /// Waits until there may be something to claim at one of the gateways, or until the deadline.
    ///
    /// Returns what the transaction that brought work has leased already, so that no second one is needed; nothing where
    /// that can only be told by a further ``claim(_:)``.
    ///
    /// `seen`: The mark that was read before the claim that found nothing, so that what came between is not missed.
    ///
    /// `isPeerThere`: Asked before anything is leased.
    func waitForWork(
        _ request: ClaimRequest,
        since seen: WorkMark,
        until deadline: BootInstant,
        isPeerThere: @escaping @Sendable () -> Bool
    ) async -> [ClaimedDelivery]

    /// Where the store stands now; see ``waitForWork(_:since:until:isPeerThere:)``.
    func workMark() -> WorkMark

    /// Ends the waits at these gateways, for something that is no delivery.
    func wake(_ gateways: [String])

    /// Frees claims whose answer could not be written; they cost nothing.
    func free(_ tokens: [CarrierToken]) async throws(StoreError)

    /// Records an attempt for each token before its irreversible call, durably (promise 4).
    ///
    /// `go` extends the lease to the gateway's timeout and 5 s. The same token answers the same while that lease lasts.
    ///
    /// - For an SMS the same transaction adjusts the reservation to the amount and commits it to the attempt, or parks the
    ///   delivery as `over_budget` and gives the reservation back (promises 6 and 7).
    /// - A mismatch ends the delivery as `refused`; nothing is sent.
    /// - Before anything of it begins `outcomes` are booked, in the same transaction, as ``settle(_:for:)`` does: so a connection
    ///   goes from one message to the next with one commit, and never has two that nobody knows of. Where the call fails,
    ///   neither is done.
    ///
    /// `gateways`: What the carrier may carry for, `nil` for all; a claim at another is `stale` to it, and nothing changes.
    func begin(
        _ items: [BeginItem],
        behind outcomes: [Settlement],
        for gateways: Set<String>?
    ) async throws(StoreError) -> (begun: [BeginResult], settled: [SettleResult])

    /// Books outcomes. A late one is never thrown away (promise 5).
    ///
    /// What surely was not sent turns its commitment back into a reservation; only the end of the delivery releases that
    /// (promise 6).
    ///
    /// The answer to a question decides like a late outcome of its attempt: `accepted`; `retry`, the gateway surely has not
    /// taken it. `refused`, it has taken it and will not deliver it, ends the delivery and keeps the commitment. Of `unknown`
    /// the next question comes later; of `throttled` and `released` too, and the question does not count.
    ///
    /// `gateways`: As in ``begin(_:behind:for:)``.
    func settle(_ outcomes: [Settlement], for gateways: Set<String>?) async throws(StoreError) -> [SettleResult]

    /// Ends a delivery that was claimed and cannot be written, as `refused`.
    func refuse(_ token: CarrierToken) async throws(StoreError)

    /// Ends a delivery that has not been begun, as `cancelled`; false where it has been, or has ended, and `nil` where
    /// there is none, or of another tenant.
    func cancel(_ id: DeliveryID, of tenant: TenantName?) async throws(StoreError) -> Bool?

    /// Whether waits have been ended for good, because the process is stopping.
    var isClosing: Bool { get }

    /// Names this life of the database: 16 random bytes, new at each restore.
    var epoch: [UInt8] { get }
}

extension DeliveryQueue {
    /// Where there are no outcomes to book.
    package func begin(
        _ items: [BeginItem],
        for gateways: Set<String>? = nil
    ) async throws(StoreError) -> [BeginResult] {
        try await begin(items, behind: [], for: gateways).begun
    }

    /// For a carrier that may carry for all gateways.
    package func settle(_ outcomes: [Settlement]) async throws(StoreError) -> [SettleResult] {
        try await settle(outcomes, for: nil)
    }
}

/// How much work had come to the queue at a moment.
package struct WorkMark: Sendable, Equatable {
    package var count: UInt64

    package init(count: UInt64) {
        self.count = count
    }
}

package struct ClaimRequest: Sendable {
    package var carrier: String
    package var instance: String
    package var gateways: [String]
    package var limit: Int
    /// Only what belongs to a tenant and priority of which fewer than so many are in hand at the gateway, by all carriers
    /// together; `nil` for anything.
    package var inHandBelow: Int?

    package init(carrier: String, instance: String, gateways: [String], limit: Int, inHandBelow: Int? = nil) {
        (self.carrier, self.instance, self.gateways, self.limit) = (carrier, instance, gateways, limit)
        self.inHandBelow = inHandBelow
    }
}

/// What a carrier is about to hand over.
package struct BeginItem: Sendable {
    package enum Spend: Sendable, Equatable {
        /// A mail.
        case none
        case quote(AttemptQuote)
        /// The carrier counted or priced otherwise than the server did.
        case mismatch
    }

    package var token: CarrierToken
    package var spend: Spend

    package init(token: CarrierToken, spend: Spend = .none) {
        (self.token, self.spend) = (token, spend)
    }
}

/// The answer to a begin.
package enum BeginResult: String, Sendable {
    case go, stale, expired, cancelled
    case overBudget = "over_budget"
    case paused, mismatch
}

/// What a carrier reports of one token.
package struct Settlement: Sendable {
    package var token: CarrierToken
    package var outcome: Outcome
    package var gatewayReference: String?
    package var code: String?
    package var detail: String?
    package var retryAfter: Duration?
    /// What the gateway said that it bills.
    package var price: Money?

    package init(
        token: CarrierToken,
        outcome: Outcome,
        gatewayReference: String? = nil,
        code: String? = nil,
        detail: String? = nil,
        retryAfter: Duration? = nil,
        price: Money? = nil
    ) {
        (self.token, self.outcome, self.gatewayReference) = (token, outcome, gatewayReference)
        (self.code, self.detail, self.retryAfter, self.price) = (code, detail, retryAfter, price)
    }
}

/// The answer to a settle.
package enum SettleResult: String, Sendable {
    /// It decided the state.
    case applied
    /// Kept, too late to decide.
    case recorded
    /// A token of another epoch, of a claim that was never begun and has gone back, or of one at a gateway that is not the
    /// carrier's.
    case stale
}
