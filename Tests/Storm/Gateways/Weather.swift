import Clocks
import Foundation
import Synchronization

/// What the gateways are like now, and what the programs take for the time.
final class Weather: Sendable {
    struct Mood: Sendable {
        /// Takes nothing and closes every connection.
        var isDead = false
        /// Now and then does something else than take a message.
        var isMoody = true
    }

    /// From a moment on, the wall clock of the programs goes ahead of the machine's by so much.
    struct Turn: Sendable {
        var boot: Int64
        var offset: Int64
    }

    private struct State {
        var moods: [String: Mood] = [:]
        var turns = [Turn(boot: 0, offset: 0)]
    }

    private let state = Mutex(State())
    /// Where the programs look for their clock.
    private let folder: String

    init(folder: String) {
        self.folder = folder
    }

    func mood(of gateway: String) -> Mood { state.withLock { $0.moods[gateway] ?? Mood() } }

    func set(_ gateway: String, dead isDead: Bool) {
        state.withLock { $0.moods[gateway, default: Mood()].isDead = isDead }
    }

    /// From now on everything is taken.
    func clear(_ gateways: [String]) {
        state.withLock { for gateway in gateways { $0.moods[gateway] = Mood(isDead: false, isMoody: false) } }
    }

    var turns: [Turn] { state.withLock { $0.turns } }

    /// The wall clock of the programs.
    var wall: Int64 {
        SystemTime.machine.now().milliseconds + state.withLock { $0.turns.last?.offset ?? 0 }
    }

    /// Sets the wall clock of the programs so many milliseconds ahead of the machine's.
    func turnClock(to offset: Int64) throws {
        let turn = Turn(boot: SystemTime.machine.boot().milliseconds, offset: offset)
        state.withLock { $0.turns.append(turn) }
        // In one step: a program that found it empty would turn its clock back.
        try Data("\(offset)\n".utf8).write(to: URL(filePath: folder + "/wall_offset_ms"), options: .atomic)
    }

    /// Gives the machine another start, as the programs see it.
    func changeBoot(to name: String) throws {
        try Data("\(name)\n".utf8).write(to: URL(filePath: folder + "/boot_id"), options: .atomic)
    }
}

extension [Weather.Turn] {
    /// Whether nobody turned the clock in so many milliseconds before a moment.
    func isSteady(at boot: Int64, for milliseconds: Int64) -> Bool {
        !contains { $0.boot > 0 && $0.boot <= boot + 1000 && $0.boot >= boot - milliseconds }
    }
}
