package import AuthEvents
package import Clocks
package import Deliveries
package import Spend

/// What can be read of deliveries.
///
/// Reads see only what is committed and never hold up a write.
package protocol DeliveryRecords: Sendable {
    /// One delivery with its attempts; `nil` where there is none, or of another tenant.
    func delivery(_ id: DeliveryID, of tenant: TenantName?) async throws(StoreError) -> DeliveryReport?

    /// All that is kept of what happened to one delivery; `nil` as for ``delivery(_:of:)``.
    func chronicle(_ id: DeliveryID, of tenant: TenantName?) async throws(StoreError) -> Chronicle?

    /// A page, newest first, without attempts.
    func deliveries(_ filter: DeliveryFilter) async throws(StoreError) -> DeliveryPage

    /// A page of those that went to a person, whatever hash of theirs they have: newest first, without attempts.
    ///
    /// `after`: The last id of the page before.
    func deliveries(
        to persons: [Digest],
        after: DeliveryID?,
        limit: Int
    ) async throws(StoreError) -> DeliveryPage

    /// How many deliveries stand where, what carriers were seen, how the gateways are.
    func standing(of tenant: TenantName?) async throws(StoreError) -> Standing
}

package struct DeliveryReport: Sendable {
    package struct Attempt: Sendable {
        package var number: Int64
        package var at: Instant
        package var gateway: String
        /// `nil` while it is under way.
        package var outcome: Outcome?
        package var code: String?
        package var detail: String?
        package var gatewayReference: String?

        package init(
            number: Int64,
            at: Instant,
            gateway: String,
            outcome: Outcome?,
            code: String?,
            detail: String?,
            gatewayReference: String?
        ) {
            (self.number, self.at, self.gateway, self.outcome) = (number, at, gateway, outcome)
            (self.code, self.detail, self.gatewayReference) = (code, detail, gatewayReference)
        }
    }

    package struct Receipt: Sendable, Equatable {
        package var at: Instant
        package var state: ReceiptState
        package var code: String?

        package init(at: Instant, state: ReceiptState, code: String?) {
            (self.at, self.state, self.code) = (at, state, code)
        }
    }

    /// What is done about an outcome that nobody knows.
    package struct Uncertainty: Sendable, Equatable {
        package var step: UnknownPolicy.Step
        /// The word of the policy that follows, as things stand.
        package var then: String
        /// When the step ends or the next question is due, unless the outcome is known before.
        package var until: Instant
        /// Questions put to the gateway.
        package var asked: Int64

        package init(step: UnknownPolicy.Step, then: String, until: Instant, asked: Int64) {
            (self.step, self.then, self.until, self.asked) = (step, then, until, asked)
        }
    }

    package var id: DeliveryID
    package var event: EventID
    /// The CloudEvents id.
    package var eventName: String
    package var challenge: ChallengeID?
    package var purpose: Purpose
    package var channel: Channel
    package var tenant: TenantName
    package var sealed: SealedBytes
    /// Whether it goes to the address before a change.
    package var isPrevious: Bool
    package var locale: String?
    package var state: DeliveryState
    package var reason: Reason?
    package var gateway: String
    package var attempts: [Attempt]
    /// In the order in which they came.
    package var receipts: [Receipt] = []
    package var createdAt: Instant
    package var sendBefore: Instant
    package var expiresAt: Instant
    /// For an SMS: as its newest attempt was begun, else as it was accepted.
    package var estimate: Estimate?
    /// What was billed, as far as it is known.
    package var price: Money?
    /// The replay that made it.
    package var replay: ReplayID?
    /// For the state `unknown`.
    package var unknown: Uncertainty? = nil

    package init(
        id: DeliveryID,
        event: EventID,
        eventName: String,
        challenge: ChallengeID?,
        purpose: Purpose,
        channel: Channel,
        tenant: TenantName,
        sealed: SealedBytes,
        isPrevious: Bool = false,
        locale: String?,
        state: DeliveryState,
        reason: Reason?,
        gateway: String,
        attempts: [Attempt],
        createdAt: Instant,
        sendBefore: Instant,
        expiresAt: Instant,
        estimate: Estimate? = nil,
        price: Money? = nil,
        replay: ReplayID? = nil
    ) {
        self.replay = replay
        (self.id, self.event, self.eventName, self.challenge) = (id, event, eventName, challenge)
        (self.purpose, self.channel, self.tenant, self.sealed) = (purpose, channel, tenant, sealed)
        (self.locale, self.state, self.reason, self.gateway) = (locale, state, reason, gateway)
        (self.attempts, self.createdAt, self.sendBefore) = (attempts, createdAt, sendBefore)
        (self.expiresAt, self.estimate, self.price) = (expiresAt, estimate, price)
        self.isPrevious = isPrevious
    }
}

/// Which deliveries a page shows; what is `nil` does not narrow.
package struct DeliveryFilter: Sendable, Equatable {
    package var tenant: TenantName?
    package var state: DeliveryState?
    package var reason: Reason?
    package var purpose: Purpose?
    package var channel: Channel?
    package var gateway: String?
    package var country: String?
    package var event: String?
    package var challenge: ChallengeID?
    package var subject: Digest?
    package var replay: ReplayID?
    /// These only; empty for all.
    package var ids: [DeliveryID] = []
    package var since: Instant?
    package var until: Instant?
    /// The last id of the page before.
    package var after: DeliveryID?
    package var limit: Int

    package init(limit: Int = 50) {
        self.limit = limit
    }
}

package struct DeliveryPage: Sendable {
    package var items: [DeliveryReport]
    /// Where the next page begins, `nil` at the end.
    package var next: DeliveryID?

    package init(items: [DeliveryReport], next: DeliveryID?) {
        (self.items, self.next) = (items, next)
    }
}

package struct Standing: Sendable {
    package struct ChannelCounts: Sendable {
        package var channel: Channel
        package var counts: [DeliveryState: Int64]
        /// Of the unknown, those whose gateway is asked.
        package var asking: Int64
        /// Since when nothing of it is handed out.
        package var pausedAt: Instant?

        package init(
            channel: Channel,
            counts: [DeliveryState: Int64],
            asking: Int64 = 0,
            pausedAt: Instant? = nil
        ) {
            (self.channel, self.counts, self.asking, self.pausedAt) = (channel, counts, asking, pausedAt)
        }
    }

    package struct GatewayState: Sendable {
        package var name: String
        package var health: GatewayHealth
        /// Why it takes nothing, where it is held.
        package var hold: Hold?
        /// When the first of what is ready there is due; in the past where it waits for a carrier.
        package var earliestDue: Instant?

        package init(name: String, health: GatewayHealth, hold: Hold? = nil, earliestDue: Instant?) {
            (self.name, self.health, self.hold, self.earliestDue) = (name, health, hold, earliestDue)
        }
    }

    package var channels: [ChannelCounts]
    package var gateways: [GatewayState]

    package init(channels: [ChannelCounts], gateways: [GatewayState]) {
        (self.channels, self.gateways) = (channels, gateways)
    }
}
