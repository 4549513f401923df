package import AuthEvents
package import Clocks
package import Deliveries
package import Spend

/// What became of a submission.
package enum Acceptance: Sendable, Equatable {
    case accepted(AcceptedEvent)
    /// The same event was accepted before; nothing was changed, this is what was answered then.
    case duplicate(AcceptedEvent)
    /// Another event has this id; nothing was changed.
    case conflict
    /// A leg, or every leg of a group, cannot be sent; nothing was changed.
    ///
    /// `others`: Channels that would be accepted now in its place.
    case refused(LegRefusal, others: [Channel])
    /// What the event asks for is not allowed; nothing was changed.
    case invalid(EventProblem)
}

/// Why a message on one channel is not accepted.
package struct LegRefusal: Sendable, Equatable {
    package enum Cause: Sendable, Equatable {
        case destination(DestinationRefusal)
        /// The budget's name and the end of its period.
        case overBudget(String, resetsAt: Instant)
        /// A limit's name, or ``LegRefusal/resend``, and how long until it would pass.
        case limited(String, retryAfter: Duration)
        case suppressed(reason: String, until: Instant?)
        /// `isWhole`: Whether nothing of the tenant is written, on any channel.
        case held(reason: String, until: Instant, isWhole: Bool)
    }

    /// What stands in the place of a limit's name where a resend comes too early.
    package static let resend = "resend"

    package var channel: Channel
    package var cause: Cause
    /// Whether it is the notice to a previous address, which sinks nothing else.
    package var isPrevious: Bool
    /// The numbers that it was judged by; a duplicate is answered without them.
    package var judgement: Judgement?

    package init(channel: Channel, cause: Cause, isPrevious: Bool = false, judgement: Judgement? = nil) {
        (self.channel, self.cause, self.isPrevious, self.judgement) = (channel, cause, isPrevious, judgement)
    }

    /// The same answer; by which numbers it was found does not matter.
    package static func == (left: LegRefusal, right: LegRefusal) -> Bool {
        (left.channel, left.cause, left.isPrevious) == (right.channel, right.cause, right.isPrevious)
    }
}

package struct AcceptedEvent: Sendable, Equatable {
    package struct Delivery: Sendable, Equatable {
        package var id: DeliveryID
        package var channel: Channel
        /// `ready` or `parked`: where it stood when it was accepted.
        package var isParked: Bool
        /// `nil` where there is nothing to verify.
        package var challenge: Challenge?
        /// For an SMS.
        package var estimate: Estimate?

        package init(
            id: DeliveryID,
            channel: Channel,
            isParked: Bool,
            challenge: Challenge?,
            estimate: Estimate? = nil
        ) {
            (self.id, self.channel, self.isParked) = (id, channel, isParked)
            (self.challenge, self.estimate) = (challenge, estimate)
        }

        /// What a delivery's code proves.
        package struct Challenge: Sendable, Equatable {
            package var id: ChallengeID
            package var expiresAt: Instant
            package var digits: Int

            package init(id: ChallengeID, expiresAt: Instant, digits: Int) {
                (self.id, self.expiresAt, self.digits) = (id, expiresAt, digits)
            }
        }
    }

    package var deliveries: [Delivery]
    /// What of a group was refused.
    package var refused: [LegRefusal]

    package init(deliveries: [Delivery], refused: [LegRefusal] = []) {
        (self.deliveries, self.refused) = (deliveries, refused)
    }

    /// The id of something that was refused while the rest was accepted: that of the first delivery, with the place of
    /// what was refused in its last byte, so that a duplicate is answered the same and nothing has to be kept for it.
    package func name(of refusal: LegRefusal) -> RefusalID? {
        guard var bytes = deliveries.first?.id.bytes else { return nil }
        bytes[15] ^= UInt8(truncatingIfNeeded: refusal.channel.rawValue << 1 | (refusal.isPrevious ? 1 : 0))
        return RefusalID(bytes: bytes)
    }
}

/// What an SMS is expected to cost.
package struct Estimate: Sendable, Equatable {
    package var country: String
    package var segments: Int64
    package var encoding: SMSEncoding
    package var amount: Money
    /// Of the price table that it was made with.
    package var priceVersion: String

    package init(country: String, segments: Int64, encoding: SMSEncoding, amount: Money, priceVersion: String) {
        (self.country, self.segments, self.encoding, self.amount) = (country, segments, encoding, amount)
        self.priceVersion = priceVersion
    }
}
