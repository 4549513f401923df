import JSON

/// What the kills met.
struct Tally: Sendable {
    enum Phase: String, CaseIterable, Sendable {
        case claimed, begun
        case handedOver = "handed_over"
        case settled
    }

    /// Kills with enough in flight, and those with less.
    private(set) var kills = 0
    private(set) var weakKills = 0
    /// The kills that met attempts in a phase, and the attempts that they met there.
    private(set) var killsIn: [Phase: Int] = [:]
    private(set) var attemptsIn: [Phase: Int] = [:]
    private(set) var leastInFlight: Int?
    /// Kills and stops of workers: each may leave one unknown outcome for each connection.
    var workerDeaths = 0
    var acts: [String: Int] = [:]
    /// Writes that were lost with the power.
    var lostWrites = 0
    /// Whether a loss of power took an event that was accepted.
    var hasLostAccepted = false

    mutating func count(_ phases: [Phase]) {
        guard phases.count >= StormTerms.inFlight else {
            weakKills += 1
            return
        }
        kills += 1
        leastInFlight = min(leastInFlight ?? .max, phases.count)
        for phase in phases { attemptsIn[phase, default: 0] += 1 }
        for phase in Set(phases) { killsIn[phase, default: 0] += 1 }
    }

    /// A histogram for people.
    var lines: [String] {
        let most = max(1, killsIn.values.max() ?? 1)
        let bars = Phase.allCases.map { phase in
            let count = killsIn[phase] ?? 0
            let bar = String(repeating: "#", count: count * 40 / most)
            let name = phase.rawValue.padding(to: 12)
            return "  \(name)\(String(count).padding(to: 7))\(String(attemptsIn[phase] ?? 0).padding(to: 9))\(bar)"
        }
        let done = acts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return [
            "acts: \(done)",
            "kills: \(kills) with \(StormTerms.inFlight) and more in flight, \(weakKills) with less; "
                + "\(lostWrites) unsynced writes lost",
            "  phase       kills  attempts",
        ] + bars
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
