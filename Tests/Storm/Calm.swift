import Clocks
import JSON

/// What comes after the storm: nothing fails any more, and everything has to come to rest.
struct Calm {
    let storm: Storm
    let application: Application
    let reader: Reader

    /// How long what is under way may take.
    private static let limit: Duration = .seconds(90)

    /// Returns what did not hold.
    func come() async throws -> [String] {
        storm.weather.clear(StormTerms.gateways)
        await storm.cast.killAll()
        storm.tally.workerDeaths += 2
        try await storm.cast.startAll()
        var faults = await repeatUnanswered()
        try await settle()
        if storm.weather.turns.contains(where: { $0.offset > 0 }) {
            try storm.weather.turnClock(to: 3_600_000 + 60_000)
            try await settle()
        }
        faults += try standing()
        faults += await verifyAgain()
        return faults
    }

    /// An event whose answer was lost was taken or was not; sent again it is told which.
    private func repeatUnanswered() async -> [String] {
        var faults: [String] = []
        for (id, entry) in storm.journal.entries where !entry.isAnswered {
            let answer = await application.send(id, entry.event)
            if answer.status == 0 || answer.status >= 500 {
                faults.append("Event \(id), sent again in calm, was answered \(answer.status).")
            }
        }
        return faults
    }

    private func settle() async throws {
        let end = ContinuousClock.now + Calm.limit
        while ContinuousClock.now < end {
            if try moving() == [] { return }
            await rest(milliseconds: 200)
        }
    }

    /// What should not wait any more and does.
    private func moving() throws -> [String] {
        let database = try Database(storm.post.database)
        // What was accepted while the clock went ahead is due later than anything else.
        let later = storm.weather.wall + 60_000
        let rows = try database.rows(
            """
            SELECT hex(id), state, coalesce(reason, 0), due FROM hot
            WHERE NOT (state = 1 AND due > \(later)) AND NOT (state = 2 AND reason = 4)
            """
        )
        let timers = try database.rows("SELECT hex(delivery) FROM timer WHERE due <= \(later)")
        let unknown = try database.rows(
            "SELECT hex(id) FROM delivery WHERE state = 5 AND id NOT IN (SELECT delivery FROM timer WHERE due > \(later))"
        )
        return rows.map { "dl_\($0[0].text.lowercased()) in state \($0[1].integer), reason \($0[2].integer)" }
            + (timers + unknown).map { "dl_\($0[0].text.lowercased()), of which nobody knows" }
    }

    private func standing() throws -> [String] {
        try moving().map { "In calm it did not come to rest: \($0)." }
    }

    /// A code that was good once is good for nobody else, ever.
    private func verifyAgain() async -> [String] {
        var faults: [String] = []
        for verified in storm.journal.verifications.suffix(200) {
            let answer = await reader.verify(verified.challenge, verified.code, key: nil)
            if answer.status == 200 { faults.append("A code of \(verified.challenge) was good again after the storm.") }
        }
        return faults
    }
}
