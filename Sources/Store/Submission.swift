package import AuthEvents
package import Clocks
package import Deliveries
package import Limits
private import Spend

/// One event, checked and sealed, as ``EventStore/accept(_:)`` takes it.
package struct Submission: Sendable {
    package var event: EventID
    package var tenant: TenantName
    package var purpose: Purpose
    /// The CloudEvents `id` and `source`, as they are shown.
    package var name: String
    package var source: String
    /// The CloudEvents `type`, and `time`: what the application says that is only shown.
    package var type: String?
    package var occurredAt: Instant?
    package var locale: String?
    /// Stands for tenant, source and id: the same for the same event.
    package var identity: Digest
    /// Stands for type, subject and data: another for another content.
    package var content: Digest
    package var subject: Digest?
    package var sealed: SealedBytes
    /// What is erased when the deliveries have ended, sealed with the same key.
    package var brought: [UInt8]?
    /// Whether it takes up the person's newest challenge even where that one has expired.
    package var reopens: Bool
    package var legs: [Leg]
    /// Whether any of the legs proves the person: one that is refused then does not sink the others.
    package var isGroup: Bool
    /// Legs of a group that were refused before they came here.
    package var refused: [LegRefusal]
    /// Legs of the channels that it has an address for and does not ask for; pure, asked for when it is refused.
    package var alternatives: @Sendable () -> [Leg] = { [] }
    /// Why it cannot be accepted unless it was before: an event that comes again is answered as it was.
    package var problem: EventProblem?
    package var receivedAt: Instant

    /// What one channel gets.
    package struct Leg: Sendable {
        package var delivery: DeliveryID
        package var channel: Channel
        /// Stands for tenant and compared address.
        package var person: Digest
        /// Stands for the compared address alone.
        package var anyone: Digest
        /// In E.164, where it goes to a number; it is not kept.
        package var number: String?
        package var proof: Proof
        /// Whether an open challenge of the person takes the event as a resend.
        package var mayResend: Bool
        /// The least life of the code at the hand-over; the send deadline is the code's expiry less this.
        package var minimumLife: Duration
        /// Whether it goes to the address before a change: it is refused alone, without the rest.
        package var isPrevious: Bool
        /// For an SMS: where it goes and what it would cost.
        package var costs: Costs?
        /// What it takes of limits, each in a bucket of its own.
        package var slots: [Slot] = []
        /// How long the person must wait for the second message, the third and so on; the last holds for all further ones.
        package var resendWaits: [Duration] = []

        /// `anyone`: Left out, as the person is.
        package init(
            delivery: DeliveryID,
            channel: Channel,
            person: Digest,
            anyone: Digest? = nil,
            number: String? = nil,
            proof: Proof,
            mayResend: Bool = true,
            minimumLife: Duration,
            isPrevious: Bool = false,
            costs: Costs? = nil
        ) {
            (self.delivery, self.channel, self.person) = (delivery, channel, person)
            (self.anyone, self.number) = (anyone ?? person, number)
            (self.proof, self.mayResend, self.minimumLife) = (proof, mayResend, minimumLife)
            (self.isPrevious, self.costs) = (isPrevious, costs)
        }

        /// For a leg with a challenge that opens or is taken up.
        package init(
            delivery: DeliveryID,
            channel: Channel,
            person: Digest,
            challenge: NewChallenge,
            mayResend: Bool = true,
            minimumLife: Duration,
            costs: Costs? = nil
        ) {
            self.init(
                delivery: delivery,
                channel: channel,
                person: person,
                proof: .challenge(challenge),
                mayResend: mayResend,
                minimumLife: minimumLife,
                costs: costs
            )
        }
    }

    /// What a leg's message is to prove.
    package enum Proof: Sendable {
        case challenge(NewChallenge)
        /// Nothing that could be verified here: a notice, or the application's own code. It is of use until then.
        case none(until: Instant)

        package var challenge: NewChallenge? {
            if case .challenge(let new) = self { new } else { nil }
        }

        package var until: Instant? {
            if case .none(let instant) = self { instant } else { nil }
        }
    }

    /// What the text of an SMS would cost, as it was counted at acceptance.
    package struct Costs: Sendable, Equatable {
        package var country: String
        /// Of the route's gateways that may take it, in order of failover; never empty.
        package var quotes: [GatewayQuote]
        /// Those of the route whose price is above the ceiling.
        package var tooDear: [String]
        /// libphonenumber's word for what the number is for.
        package var numberType: String?

        package init(
            country: String,
            quotes: [GatewayQuote],
            tooDear: [String] = [],
            numberType: String? = nil
        ) {
            precondition(!quotes.isEmpty, "costs need a quote")
            (self.country, self.quotes, self.tooDear, self.numberType) = (country, quotes, tooDear, numberType)
        }

        /// What is reserved: the dearest of those in the currency of the first.
        package var dearest: GatewayQuote {
            GatewayQuote.dearest(of: quotes) ?? quotes[0]
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
        brought: [UInt8]? = nil,
        reopens: Bool = false,
        legs: [Leg],
        isGroup: Bool = false,
        refused: [LegRefusal] = [],
        problem: EventProblem? = nil,
        receivedAt: Instant
    ) {
        (self.event, self.tenant, self.purpose, self.name) = (event, tenant, purpose, name)
        (self.source, self.locale, self.identity, self.content) = (source, locale, identity, content)
        (self.subject, self.sealed, self.legs, self.receivedAt) = (subject, sealed, legs, receivedAt)
        (self.isGroup, self.refused, self.brought, self.reopens) = (isGroup, refused, brought, reopens)
        self.problem = problem
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
