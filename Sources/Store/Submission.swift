package import AuthEvents
package import Clocks

/// One event, checked and sealed, as ``EventStore/accept(_:)`` takes it.
package struct Submission: Sendable {
    package var event: EventID
    package var tenant: TenantName
    package var purpose: Purpose
    /// The CloudEvents `id` and `source`, as they are shown.
    package var name: String
    package var source: String
    package var locale: String?
    /// Stands for tenant, source and id: the same for the same event.
    package var identity: Digest
    /// Stands for type, subject and data: another for another content.
    package var content: Digest
    package var subject: Digest?
    package var sealed: SealedBytes
    package var legs: [Leg]
    package var receivedAt: Instant

    /// What one channel gets.
    package struct Leg: Sendable {
        package var delivery: DeliveryID
        package var channel: Channel
        /// Stands for tenant and compared address.
        package var person: Digest
        package var challenge: NewChallenge
        /// The least life of the code at the hand-over; the send deadline is the code's expiry less this.
        package var minimumLife: Duration

        package init(
            delivery: DeliveryID,
            channel: Channel,
            person: Digest,
            challenge: NewChallenge,
            minimumLife: Duration
        ) {
            (self.delivery, self.channel, self.person) = (delivery, channel, person)
            (self.challenge, self.minimumLife) = (challenge, minimumLife)
        }
    }

    /// The challenge that opens where none is open for the person, purpose and session.
    package struct NewChallenge: Sendable {
        package var id: ChallengeID
        package var digits: Int
        package var tries: Int64
        package var life: Duration
        package var session: Digest?
        /// The code key that its codes are derived with.
        package var codeKey: String

        package init(
            id: ChallengeID,
            digits: Int,
            tries: Int64,
            life: Duration,
            session: Digest?,
            codeKey: String
        ) {
            (self.id, self.digits, self.tries) = (id, digits, tries)
            (self.life, self.session, self.codeKey) = (life, session, codeKey)
        }
    }

    package init(
        event: EventID,
        tenant: TenantName,
        purpose: Purpose,
        name: String,
        source: String,
        locale: String?,
        identity: Digest,
        content: Digest,
        subject: Digest?,
        sealed: SealedBytes,
        legs: [Leg],
        receivedAt: Instant
    ) {
        (self.event, self.tenant, self.purpose, self.name) = (event, tenant, purpose, name)
        (self.source, self.locale, self.identity, self.content) = (source, locale, identity, content)
        (self.subject, self.sealed, self.legs, self.receivedAt) = (subject, sealed, legs, receivedAt)
    }
}

/// Bytes that only the holder of a key can read.
package struct SealedBytes: Sendable, Equatable {
    /// The id of the seal key.
    package var key: String
    package var bytes: [UInt8]

    package init(key: String, bytes: [UInt8]) {
        (self.key, self.bytes) = (key, bytes)
    }
}

/// What became of a submission.
package enum Acceptance: Sendable, Equatable {
    case accepted(AcceptedEvent)
    /// The same event was accepted before; nothing was changed, this is what was answered then.
    case duplicate(AcceptedEvent)
    /// Another event has this id; nothing was changed.
    case conflict
    /// No gateway takes this channel; nothing was changed.
    case noRoute(Channel)
}

package struct AcceptedEvent: Sendable, Equatable {
    package struct Delivery: Sendable, Equatable {
        package var id: DeliveryID
        package var channel: Channel
        /// `ready` or `parked`: where it stood when it was accepted.
        package var isParked: Bool
        package var challenge: ChallengeID
        package var expiresAt: Instant
        package var digits: Int

        package init(
            id: DeliveryID,
            channel: Channel,
            isParked: Bool,
            challenge: ChallengeID,
            expiresAt: Instant,
            digits: Int
        ) {
            (self.id, self.channel, self.isParked) = (id, channel, isParked)
            (self.challenge, self.expiresAt, self.digits) = (challenge, expiresAt, digits)
        }
    }

    package var deliveries: [Delivery]

    package init(deliveries: [Delivery]) {
        self.deliveries = deliveries
    }
}
