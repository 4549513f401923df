import AuthEvents
import Clocks
import Synchronization

/// Which carriers were seen, and when they last asked for work.
final class CarrierRegistry: Sendable {
    struct Carrier: Sendable {
        var name: String
        var channel: Channel
        var lastSeen: Instant
    }

    /// A carrier that has not asked for this long is forgotten.
    private static let memory: Duration = .seconds(600)

    private let carriers = Mutex<[String: Carrier]>([:])

    func note(_ name: String, channel: Channel, at now: Instant) {
        carriers.withLock { $0[name] = Carrier(name: name, channel: channel, lastSeen: now) }
    }

    func seen(at now: Instant) -> [Carrier] {
        carriers.withLock { carriers in
            carriers = carriers.filter { $0.value.lastSeen + CarrierRegistry.memory > now }
            return carriers.values.sorted { $0.name < $1.name }
        }
    }
}
