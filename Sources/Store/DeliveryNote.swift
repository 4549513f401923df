package import Clocks
package import Deliveries

/// Something that happened to a delivery besides being accepted, claimed, begun and settled.
package struct DeliveryNote: Sendable, Equatable {
    /// What was behind it, where its states do not tell.
    package enum Cause: String, Sendable, CaseIterable {
        /// Somebody cancelled it.
        case byHand = "by_hand"
        /// Its challenge has no tries left.
        case locked
        case suppressed
        /// Server and carrier counted or priced the text differently.
        case mismatch
        /// Its keys, its address or its price were gone.
        case unwritable
        /// The carrier did not report before its lease was over.
        case silence
        /// Its person was erased.
        case erased
        /// The database was restored from a copy.
        case restored
    }

    /// A hold that stopped it; its value is for who may see holds.
    package struct Stop: Sendable, Equatable {
        package var scope: Hold.Scope
        package var reason: String
        package var until: Instant

        package init(scope: Hold.Scope, reason: String, until: Instant) {
            (self.scope, self.reason, self.until) = (scope, reason, until)
        }
    }

    package var at: Instant
    package var from: DeliveryState
    package var to: DeliveryState
    package var reason: Reason?
    package var cause: Cause?
    /// Where it is now, and why it left the gateway before; `nil` where that one only came later in its route.
    package var gateway: String?
    package var formerGateway: String?
    package var obstacle: RouteJudgement.Obstacle?
    package var isTrial = false
    /// Who held it, and since when.
    package var carrier: String?
    package var claimedAt: Instant?
    /// How many carriers have died with it.
    package var deaths: Int64?
    /// Not before then; of what is unknown: until then.
    package var due: Instant?
    /// Of what is unknown: what is done until then, and what follows where nobody knows by then.
    package var step: UnknownPolicy.Step?
    package var sequel: String?
    /// What a gateway said when it was asked what became of the attempt.
    package var answer: Outcome?
    package var stop: Stop?
    package var budget: BudgetJudgement?

    package init(at: Instant, from: DeliveryState, to: DeliveryState) {
        (self.at, self.from, self.to) = (at, from, to)
    }
}
