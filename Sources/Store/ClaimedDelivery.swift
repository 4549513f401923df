package import AuthEvents
package import Clocks
package import Deliveries

/// One delivery under a lease, with what is needed to write its message.
package struct ClaimedDelivery: Sendable {
    package var token: CarrierToken
    package var attempt: AttemptID
    package var gateway: GatewayTerms
    package var purpose: Purpose
    package var channel: Channel
    package var tenant: TenantName
    package var locale: String?
    package var event: EventID
    package var sealed: SealedBytes
    /// What the application brought, unless it was erased.
    package var brought: [UInt8]?
    /// Whether it goes to the address before a change.
    package var isPrevious: Bool
    /// What its code is derived from; `nil` where it has none of ours.
    package var code: CodePlace?
    package var sendBefore: Instant
    package var expiresAt: Instant
    /// Of the number, for an SMS.
    package var country: String?

    package init(
        token: CarrierToken,
        attempt: AttemptID,
        gateway: GatewayTerms,
        purpose: Purpose,
        channel: Channel,
        tenant: TenantName,
        locale: String?,
        event: EventID,
        sealed: SealedBytes,
        brought: [UInt8]? = nil,
        isPrevious: Bool = false,
        code: CodePlace?,
        sendBefore: Instant,
        expiresAt: Instant,
        country: String? = nil
    ) {
        (self.token, self.attempt, self.gateway) = (token, attempt, gateway)
        (self.purpose, self.channel, self.tenant, self.locale) = (purpose, channel, tenant, locale)
        (self.event, self.sealed, self.brought) = (event, sealed, brought)
        (self.isPrevious, self.code) = (isPrevious, code)
        (self.sendBefore, self.expiresAt, self.country) = (sendBefore, expiresAt, country)
    }
}

/// A question under a lease: what became of an attempt.
package struct ClaimedQuestion: Sendable {
    package var token: CarrierToken
    package var attempt: AttemptID
    package var gateway: GatewayTerms
    package var purpose: Purpose
    package var channel: Channel
    package var tenant: TenantName
    package var event: EventID
    package var sealed: SealedBytes
    /// Whether it went to the address before a change.
    package var isPrevious: Bool
    /// The gateway's own name for the message, where it was told.
    package var gatewayReference: String?

    package init(
        token: CarrierToken,
        attempt: AttemptID,
        gateway: GatewayTerms,
        purpose: Purpose,
        channel: Channel,
        tenant: TenantName,
        event: EventID,
        sealed: SealedBytes,
        isPrevious: Bool,
        gatewayReference: String?
    ) {
        (self.token, self.attempt, self.gateway, self.purpose) = (token, attempt, gateway, purpose)
        (self.channel, self.tenant, self.event, self.sealed) = (channel, tenant, event, sealed)
        (self.isPrevious, self.gatewayReference) = (isPrevious, gatewayReference)
    }
}

/// Which code of which challenge.
package struct CodePlace: Sendable, Equatable {
    package var challenge: ChallengeID
    package var number: Int64
    package var digits: Int
    /// The id of the code key.
    package var key: String

    package init(challenge: ChallengeID, number: Int64, digits: Int, key: String) {
        (self.challenge, self.number, self.digits, self.key) = (challenge, number, digits, key)
    }
}
