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

    /// So long after a carrier said that somebody has few in hand at its gateways the others hear of it.
    private static let rumour: Duration = .seconds(10)

    /// So often those that are to be forgotten are looked for, whether or not anybody wants to see the others.
    private static let round: Duration = .seconds(60)

    private struct Carriers {
        var byName: [String: Carrier] = [:]
        var lookedAt: BootInstant?

        mutating func forget(at now: BootInstant) {
            lookedAt = now
            byName = byName.filter { $0.value.lastSeen + CarrierRegistry.memory > now }
        }
    }

    private let carriers = Mutex(Carriers())
    /// Who said so, and when.
    private let few = Mutex<[Place: BootInstant]>([:])

    /// Gateways as one carrier serves them.
    struct Place: Sendable, Hashable {
        var carrier: String
        var gateways: [String]
    }

    /// Somebody has few in hand there.
    func noteFew(at place: Place, at now: BootInstant) {
        few.withLock { $0[place] = now }
    }

    /// Whether somebody has few in hand elsewhere.
    func haveOthersFew(than place: Place, at now: BootInstant) -> Bool {
        few.withLock { few in
            if few.contains(where: { now - $0.value >= CarrierRegistry.rumour }) {
                few = few.filter { now - $0.value < CarrierRegistry.rumour }
            }
            return few.keys.contains { $0 != place }
        }
    }

    func note(_ name: String, channel: Channel, at now: BootInstant) {
        carriers.withLock { carriers in
            carriers.byName[name] = Carrier(name: name, channel: channel, lastSeen: now)
            if now >= carriers.lookedAt.map({ $0 + CarrierRegistry.round }) ?? now { carriers.forget(at: now) }
        }
    }

    /// Of how many something is remembered.
    var count: Int { carriers.withLock { $0.byName.count } }

    /// How many of a channel are there now.
    func present(_ channel: Channel, at now: BootInstant) -> Int {
        carriers.withLock { carriers in
            carriers.byName.values.count { $0.channel == channel && $0.lastSeen + CarrierRegistry.presence > now }
        }
    }

    func seen(at now: BootInstant) -> [Carrier] {
        carriers.withLock { carriers in
            carriers.forget(at: now)
            return carriers.byName.values.sorted { $0.name < $1.name }
        }
    }
}
