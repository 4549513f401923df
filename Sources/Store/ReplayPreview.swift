private import Deliveries
package import Spend

/// What a replay does, counted: of a dry run what it would do.
package struct ReplayPreview: Sendable, Equatable {
    /// What goes to one country in one currency; mails have neither.
    package struct Place: Sendable, Hashable {
        package var country: String
        package var currency: Currency

        package init(country: String, currency: Currency) {
            (self.country, self.currency) = (country, currency)
        }
    }

    package struct Share: Sendable, Equatable {
        package var messages: Int64
        package var segments: Int64
        package var micros: Int64

        package init(messages: Int64, segments: Int64, micros: Int64) {
            (self.messages, self.segments, self.micros) = (messages, segments, micros)
        }
    }

    package var matched: Int64 = 0
    package var made: Int64 = 0
    package var skipped: [ReplaySkip: Int64] = [:]
    /// SMS only.
    package var shares: [Place: Share] = [:]

    package init() {}

    package mutating func add(_ item: ReplayItem, _ fate: ReplayFate) {
        matched += 1
        switch fate {
        case .skipped(let skip): skipped[skip, default: 0] += 1
        case .sent:
            made += 1
            guard let costs = item.leg?.costs else { return }
            let dearest = costs.dearest
            let place = Place(country: costs.country, currency: dearest.amount.currency)
            let share = shares[place] ?? Share(messages: 0, segments: 0, micros: 0)
            shares[place] = Share(
                messages: share.messages + 1,
                segments: share.segments + Int64(dearest.segments.segments),
                micros: share.micros + dearest.amount.micros
            )
        }
    }
}
