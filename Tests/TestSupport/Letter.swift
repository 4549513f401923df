package import AuthEvents
private import JSON
package import Limits
package import Spend
package import Store

/// What a test cares about in an event; all else has a usual value.
///
/// ``Stationery`` makes a ``Submission`` of it.
package struct Letter: Sendable {
    package struct Leg: Sendable {
        package var person: String
        package var channel: Channel
        /// Whether it goes to the address before a change, which proves nothing.
        package var isPrevious: Bool
        /// The number that it goes to, for holds of prefixes.
        package var number: String?
        /// What it takes of limits.
        package var slots: [Slot] = []

        package init(person: String, channel: Channel, isPrevious: Bool = false) {
            (self.person, self.channel, self.isPrevious) = (person, channel, isPrevious)
        }
    }

    /// What a gateway takes for a segment.
    package struct Price: Sendable {
        package var gateway: String
        package var amount: Money

        package init(_ gateway: String, _ amount: Money) {
            (self.gateway, self.amount) = (gateway, amount)
        }
    }

    package var purpose: Purpose = .signUp
    package var tenant = TenantName.default
    package var legs: [Leg]
    /// Whether one leg will do.
    package var isGroup = false
    /// Legs that were refused before the store is asked.
    package var refused: [LegRefusal] = []
    /// The CloudEvents id; a new one for each letter where it is `nil`.
    package var name: String?
    package var content = "content"
    /// What is erased when its deliveries have ended.
    package var brought: String?
    /// Whether it takes up an expired challenge.
    package var reopens = false
    /// Whether its legs open challenges; those that do not are of use for its ``life``.
    package var proves = true
    /// Why it cannot be accepted, unless it was before.
    package var problem: EventProblem?
    package var subject: String?
    package var session: String?
    package var life: Duration = .seconds(86_400)
    package var minimumLife: Duration = .seconds(60)
    package var tries: Int64 = 5
    package var digits = 6
    /// How long the second message must wait, the third and so on.
    package var resendWaits: [Duration] = []
    /// Of the numbers of its SMS.
    package var country = "US"
    package var segments = 1
    /// What its SMS cost, in order of failover.
    package var prices = [Price("sms-main", .cents(1))]

    package init(to person: String, _ purpose: Purpose = .signUp, by channel: Channel = .email) {
        legs = [Leg(person: person, channel: channel)]
        self.purpose = purpose
    }

    /// The same, each leg of which takes these slots too.
    package func limited(by slots: Slot...) -> Letter {
        with { letter in for index in letter.legs.indices { letter.legs[index].slots += slots } }
    }

    package func with(_ change: (inout Letter) -> Void) -> Letter {
        var changed = self
        change(&changed)
        return changed
    }
}

extension Slot {
    /// One of a limit with this rate, in the bucket of a place.
    package init(_ limit: String, at place: String = "here", _ rate: String, burst: Int64? = nil) {
        guard let rate = Rate(text: rate) else { preconditionFailure("\(rate) is no rate") }
        let bucket = Digest(of: "place", place).bytes + Digest(of: "limit", limit).bytes.prefix(4)
        self.init(limit: limit, bucket: bucket, scope: .recipient, rate: rate, burst: burst ?? rate.count)
    }
}

extension EventProblem {
    /// One like those that settings have with events.
    package static var notAllowed: EventProblem {
        EventProblem(at: JSONPointer().appending("data").appending("link"), "the link is not allowed")
    }
}
