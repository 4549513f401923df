import Synchronization

/// All open connections of a listener: who may come in, who must go.
final class Connections: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct State {
        /// By descriptor: a number is free again only after ``Connections/remove(_:descriptor:)``.
        var open: [Int32: Connection] = [:]
        var counts: [AddressShare: Int] = [:]
    }

    /// What becomes of a connection that was accepted.
    enum Admission {
        case admitted(Connection)
        /// All are at work.
        case refused
        /// Nobody can give way yet: others were accepted just before, and the library does not serve them so far.
        case tooEarly
    }

    private let limits: ServerLimits
    private let state = Mutex(State())

    init(limits: ServerLimits) {
        self.limits = limits
    }

    var isEmpty: Bool { state.withLock { $0.open.isEmpty } }

    /// Takes in an accepted connection, if need be in the place of an idle one.
    ///
    /// An address that has its share can only displace its own connections.
    func admit(_ descriptor: Int32, address: Peer.Address, isProxy: Bool, share: AddressShare?) -> Admission {
        state.withLock { state in
            if let share, state.counts[share, default: 0] >= limits.connectionsPerAddress {
                let isOfShare: (Connection) -> Bool = { $0.share == share }
                guard Self.displaceLongestWaiting(in: &state, where: isOfShare) else {
                    return Self.denial(in: state, where: isOfShare)
                }
            }
            if state.open.count >= limits.connections {
                guard Self.displaceLongestWaiting(in: &state, where: { _ in true }) else {
                    return Self.denial(in: state, where: { _ in true })
                }
            }
            let connection = Connection(
                descriptor: descriptor,
                address: address,
                isProxy: isProxy,
                share: share,
                limits: limits
            )
            state.open[descriptor] = connection
            if let share { state.counts[share, default: 0] += 1 }
            return .admitted(connection)
        }
    }

    /// Closes the one that has waited longest for a request, if any does.
    func displaceLongestWaiting() {
        state.withLock { _ = Self.displaceLongestWaiting(in: &$0, where: { _ in true }) }
    }

    /// The connection with this descriptor, now served by the library.
    func served(_ descriptor: Int32) -> Connection? {
        let connection = state.withLock { $0.open[descriptor] }
        connection?.served()
        return connection
    }

    func remove(_ connection: Connection, descriptor: Int32) {
        state.withLock { Self.remove(descriptor, of: connection, from: &$0) }
    }

    /// Cuts off all connections whose deadline has passed, and gives back the nearest deadline that is left.
    ///
    /// One that is in the middle of a request is sent the octets first.
    func cutOverdue(now: Instant, saying octets: () -> [UInt8]) -> Instant? {
        var nearest: Instant?
        for connection in all {
            guard let deadline = connection.deadline else { continue }
            if deadline <= now {
                connection.cut(now: now, saying: octets())
            } else {
                nearest = min(nearest ?? deadline, deadline)
            }
        }
        return nearest
    }

    /// Closes the connections that have been waiting for a request at least since the given moment.
    func closeIdle(since limit: Instant) {
        for connection in all { _ = connection.giveWay(waitingSince: limit) }
    }

    /// Gives up every request whose handler still works.
    func abandonAll() {
        for connection in all { connection.exchange?.abandon() }
    }

    private var all: [Connection] { state.withLock { Array($0.open.values) } }

    private static func displaceLongestWaiting(in state: inout State, where matches: (Connection) -> Bool) -> Bool {
        var candidates: [(since: Instant, descriptor: Int32, connection: Connection)] = []
        for (descriptor, connection) in state.open where matches(connection) {
            if let since = connection.waitingSince { candidates.append((since, descriptor, connection)) }
        }
        guard let longest = candidates.min(by: { $0.since < $1.since }), longest.connection.giveWay() else {
            return false
        }
        remove(longest.descriptor, of: longest.connection, from: &state)
        return true
    }

    private static func denial(in state: State, where matches: (Connection) -> Bool) -> Admission {
        state.open.values.contains { matches($0) && !$0.isServed } ? .tooEarly : .refused
    }

    private static func remove(_ descriptor: Int32, of connection: Connection, from state: inout State) {
        guard state.open[descriptor] === connection else { return }
        state.open[descriptor] = nil
        guard let share = connection.share, let count = state.counts[share] else { return }
        state.counts[share] = count > 1 ? count - 1 : nil
    }
}
