import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport

/// A carrier that left claims behind, not all of which two others had died with.
struct ModelDeath: Sendable {
    /// `nil` where the store was opened anew since.
    var holder: (number: Int, process: Int)?
    var channel: Channel
    var at: Instant
}

// What carriers die of: what three died with while few others did, or six.
extension Model {
    /// A carrier has died with it before it began.
    mutating func lose(_ id: DeliveryID, _ seen: Sighting) {
        guard let own = deliveries[id], let holder = own.carrier else { return }
        let now = now
        let minute = deaths.filter { $0.channel == own.channel && now < $0.at + .seconds(60) }
        if own.crashes < 2, !minute.contains(where: { $0.holder.map { $0 == holder } ?? false }) {
            deaths.append(ModelDeath(holder: holder, channel: own.channel, at: now))
        }
        change(id) { delivery in
            delivery.crashes += 1
            (delivery.state, delivery.carrier, delivery.due) = (.ready, nil, now...now)
        }
        // Several that are noticed at once may have been noticed in any order.
        let isOpen = minute.count > 4 && minute.count { $0.at < now } <= 4
        let isFatal = isOpen ? seen.place(of: id) == "dead(crashed)" : minute.count <= 4
        if own.crashes >= 5 || own.crashes >= 2 && isFatal { end(id, .crashed) }
    }

    /// Whoever holds what is forgotten with the process.
    mutating func forgetHolders() {
        for index in deaths.indices { deaths[index].holder = nil }
    }
}
