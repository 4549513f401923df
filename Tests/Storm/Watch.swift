import Clocks
import Foundation
import Synchronization

/// Looks into the database from outside, ten times a second, as far as nobody works on its files.
///
/// It knows how much waits, and how long what a dead carrier had claimed stays out of reach.
final class Watch: Sendable {
    /// A time of which a restored database knows nothing.
    struct Blindness: Sendable {
        var from: Int64
        var to: Int64
        /// The same by the clock of the programs.
        var wall: ClosedRange<Int64>
    }

    private struct Claim {
        var fence: Int64
        var killedAt: Int64
        /// By which act.
        var act: String
    }

    private struct State {
        var isShut = false
        var waiting: [Cast.Channel: Int] = [:]
        var claims: [String: Claim] = [:]
        var longestIdle: Int64 = 0
        var longestAct = "nothing"
        var mostBegun = 0
        var blind: [Blindness] = []
        var restores = 0
    }

    private let database: String
    private let weather: Weather
    private let state = Mutex(State())
    /// Held while somebody reads, and while somebody works on the files.
    private let door = Mutex(())

    init(_ database: String, _ weather: Weather) {
        (self.database, self.weather) = (database, weather)
    }

    /// How many deliveries of each channel are ready.
    var waiting: [Cast.Channel: Int] { state.withLock { $0.waiting } }
    /// From a kill until what was claimed and not begun could be claimed again, at the longest.
    var longestIdle: Int64 { state.withLock { $0.longestIdle } }
    /// After which act that was.
    var longestAct: String { state.withLock { $0.longestAct } }
    /// What one worker had begun at one gateway of which nobody knew the outcome, at the most: what its death would have left.
    var mostBegun: Int { state.withLock { $0.mostBegun } }
    /// What is still out of reach.
    var idle: Int { state.withLock { $0.claims.count } }

    // MARK: Restores

    var restores: Int { state.withLock { $0.restores } }
    var blind: [Blindness] { state.withLock { $0.blind } }

    /// Whether a restored database may not know what was done then.
    func isBlind(at boot: Int64) -> Bool { blind.contains { $0.from <= boot && boot <= $0.to } }

    func restored(_ blindness: Blindness) {
        state.withLock { state in
            state.restores += 1
            state.blind.append(blindness)
            // They are of another life.
            state.claims = [:]
        }
    }

    // MARK: Looks

    /// Nobody reads the database from when this returns until ``open()``.
    func shut() {
        state.withLock { $0.isShut = true }
        door.withLock { _ in }
    }

    func open() { state.withLock { $0.isShut = false } }

    /// What is in flight now; nothing where the files are being worked on.
    func glance() -> Glance? {
        door.withLock { _ in
            guard !state.withLock({ $0.isShut }) else { return nil }
            return try? Glance(database, wall: weather.wall)
        }
    }

    /// From now on what these claims cost is counted.
    func lost(_ rows: [Glance.Row], at boot: Int64, by act: String) {
        state.withLock { state in
            for row in rows where state.claims[row.delivery]?.fence != row.fence {
                state.claims[row.delivery] = Claim(fence: row.fence, killedAt: boot, act: act)
            }
        }
    }

    /// So long nothing could be given back, because nothing could be written; it is not counted.
    func wasFull(from start: Int64, to end: Int64) {
        state.withLock { state in
            for (delivery, claim) in state.claims {
                state.claims[delivery]?.killedAt += end - max(start, claim.killedAt)
            }
        }
    }

    /// Looks until it is cancelled.
    func run() async {
        while !Task.isCancelled {
            look()
            await rest(milliseconds: 100)
        }
    }

    /// Looks once.
    func look() {
        if let glance = glance() { take(glance) }
    }

    private func take(_ glance: Glance) {
        let now = SystemTime.machine.boot().milliseconds
        let claimed = Dictionary(
            glance.rows.filter { $0.isClaimed }.map { ($0.delivery, $0.fence) },
            uniquingKeysWith: { first, _ in first }
        )
        state.withLock { state in
            state.waiting = glance.ready
            state.mostBegun = max(state.mostBegun, glance.mostBegun)
            for (delivery, claim) in state.claims where claimed[delivery] != claim.fence {
                state.claims[delivery] = nil
                guard now - claim.killedAt > state.longestIdle else { continue }
                (state.longestIdle, state.longestAct) = (now - claim.killedAt, claim.act)
            }
        }
    }
}
