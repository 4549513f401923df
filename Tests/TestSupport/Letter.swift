package import AuthEvents

/// What a test cares about in an event; all else has a usual value.
///
/// ``Stationery`` makes a ``Submission`` of it.
package struct Letter: Sendable {
    package struct Leg: Sendable {
        package var person: String
        package var channel: Channel

        package init(person: String, channel: Channel) {
            (self.person, self.channel) = (person, channel)
        }
    }

    package var purpose: Purpose = .signUp
    package var tenant = TenantName.default
    package var legs: [Leg]
    /// The CloudEvents id; a new one for each letter where it is `nil`.
    package var name: String?
    package var content = "content"
    package var subject: String?
    package var session: String?
    package var life: Duration = .seconds(86_400)
    package var minimumLife: Duration = .seconds(60)
    package var tries: Int64 = 5
    package var digits = 6

    package init(to person: String, _ purpose: Purpose = .signUp, by channel: Channel = .email) {
        legs = [Leg(person: person, channel: channel)]
        self.purpose = purpose
    }

    package func with(_ change: (inout Letter) -> Void) -> Letter {
        var changed = self
        change(&changed)
        return changed
    }
}
