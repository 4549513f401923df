import AuthEvents
import Clocks
import Synchronization

/// Which carriers were seen, and when they last asked for work.
///
/// By the time since boot: a wall clock that is set makes nobody come or go.
final class CarrierRegistry: Sendable {
    struct Carrier: Sendable {
        var name: String
        var channel: Channel
        var lastSeen: BootInstant
    }

    /// A carrier that has not asked for this long is forgotten.
    private static let memory: Duration = .seconds(600)

    /// One that waits for work asks every 25 s, so one that has not asked for this long is taken for gone.
    private static let presence: Duration = .seconds(60)

    private let carriers = Mutex<[String: Carrier]>([:])

    func note(_ name: String, channel: Channel, at now: BootInstant) {
        carriers.withLock { $0[name] = Carrier(name: name, channel: channel, lastSeen: now) }
    }

    /// How many of a channel are there now.
    func present(_ channel: Channel, at now: BootInstant) -> Int {
        carriers.withLock { carriers in
            carriers.values.count { $0.channel == channel && $0.lastSeen + CarrierRegistry.presence > now }
        }
    }

    func seen(at now: BootInstant) -> [Carrier] {
        carriers.withLock { carriers in
            carriers = carriers.filter { $0.value.lastSeen + CarrierRegistry.memory > now }
            return carriers.values.sorted { $0.name < $1.name }
        }
    }
}
