package import AuthEvents
package import Challenges
package import Clocks
package import Deliveries
package import Spend

/// All that is kept of what happened to one delivery.
package struct Chronicle: Sendable {
    package struct Attempt: Sendable {
        package var number: Int64
        package var claimedAt: Instant
        package var carrier: String?
        package var at: Instant
        package var gateway: String
        package var outcome: Outcome?
        /// `nil` while nobody has reported.
        package var settledAt: Instant?
        /// Whether the report came too late to decide.
        package var isLate: Bool
        package var code: String?
        package var detail: String?
        package var gatewayReference: String?

        package init(
            number: Int64,
            claimedAt: Instant,
            carrier: String?,
            at: Instant,
            gateway: String,
            outcome: Outcome?,
            settledAt: Instant?,
            isLate: Bool,
            code: String?,
            detail: String?,
            gatewayReference: String?
        ) {
            (self.number, self.claimedAt, self.carrier, self.at) = (number, claimedAt, carrier, at)
            (self.gateway, self.outcome, self.settledAt, self.isLate) = (gateway, outcome, settledAt, isLate)
            (self.code, self.detail, self.gatewayReference) = (code, detail, gatewayReference)
        }
    }

    package struct Receipt: Sendable {
        package var at: Instant
        package var attempt: Int64
        package var state: ReceiptState
        package var code: String?

        package init(at: Instant, attempt: Int64, state: ReceiptState, code: String?) {
            (self.at, self.attempt, self.state, self.code) = (at, attempt, state, code)
        }
    }

    /// What an entry of the ledger says of it.
    package struct Booking: Sendable {
        package var at: Instant
        package var kind: LedgerKind
        package var attempt: Int64?
        package var gateway: String?
        package var segments: Int64
        package var amount: Money
        package var priceVersion: String?

        package init(
            at: Instant,
            kind: LedgerKind,
            attempt: Int64?,
            gateway: String?,
            segments: Int64,
            amount: Money,
            priceVersion: String?
        ) {
            (self.at, self.kind, self.attempt, self.gateway) = (at, kind, attempt, gateway)
            (self.segments, self.amount, self.priceVersion) = (segments, amount, priceVersion)
        }
    }

    /// Another delivery that has to do with it.
    package struct Kin: Sendable {
        package var delivery: DeliveryID
        package var event: String
        package var replay: ReplayID?
        package var at: Instant

        package init(delivery: DeliveryID, event: String, replay: ReplayID?, at: Instant) {
            (self.delivery, self.event, self.replay, self.at) = (delivery, event, replay, at)
        }
    }

    /// What was reserved at acceptance: the dearest gateway's price.
    package struct Quote: Sendable {
        package var gateway: String
        package var estimate: Estimate

        package init(gateway: String, estimate: Estimate) {
            (self.gateway, self.estimate) = (gateway, estimate)
        }
    }

    /// A claim that has not been begun.
    package struct Claim: Sendable {
        package var carrier: String
        package var at: Instant

        package init(carrier: String, at: Instant) {
            (self.carrier, self.at) = (carrier, at)
        }
    }

    package var report: DeliveryReport
    /// The CloudEvents `type` and `time`.
    package var type: String?
    package var occurredAt: Instant?
    package var receivedAt: Instant
    /// `nil` for one that was accepted by a version that did not keep it.
    package var decision: Decision?
    package var quote: Quote?
    /// Which code of its challenge it carries, from 1.
    package var code: Int64
    package var endedAt: Instant?
    package var attempts: [Attempt] = []
    package var receipts: [Receipt] = []
    package var bookings: [Booking] = []
    package var notes: [DeliveryNote] = []
    /// How many notes there were that were not kept.
    package var lostNotes: Int64 = 0
    package var claim: Claim?
    package var challenge: Challenge?
    /// The challenges of its group, its own among them; empty where it stands alone.
    package var group: [ChallengeID] = []
    /// The one of them that was verified.
    package var verified: ChallengeID?
    /// The next of its challenge.
    package var later: Kin?
    /// What it was made anew of, and what was made anew of it.
    package var origin: Kin?
    package var replayed: Kin?

    package init(report: DeliveryReport, receivedAt: Instant, code: Int64) {
        (self.report, self.receivedAt, self.code) = (report, receivedAt, code)
    }
}
