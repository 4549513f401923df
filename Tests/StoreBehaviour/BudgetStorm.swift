import AuthEvents
import Challenges
import Clocks
import Deliveries
import Spend
import Store
import Synchronization
import TestSupport
import Testing

/// Many carriers and applications at once over one store, while time passes, limits change and servers die; then the
/// ledger tells whether any budget was ever passed.
package struct BudgetStorm: Sendable {
    /// What happened, so that a storm in which nothing did is no proof.
    final class Tally: Sendable {
        struct Contents: Sendable {
            var accepted: [AcceptedEvent.Delivery] = []
            var refused = 0
            var answers: [BeginResult: Int] = [:]
            /// The fences under which each delivery was begun.
            var begun: [DeliveryID: Set<Int64>] = [:]
            /// What a carrier held that died, or that will contradict itself.
            var lost: [ClaimedDelivery] = []
            var late: [SettleResult: Int] = [:]
        }

        private let contents = Mutex(Contents())

        var now: Contents { contents.withLock { $0 } }

        func note<Result>(_ change: (inout sending Contents) -> sending Result) -> sending Result {
            contents.withLock { change(&$0) }
        }
    }

    static let carriers = 16
    static let applications = 4
    private static let rounds = 5

    let scene: Scene
    let seed: UInt64
    let tally = Tally()

    package init(in lab: some StoreLab, seed: UInt64) {
        (self.scene, self.seed) = (Scene(lab: lab, stationery: Stationery(seed: seed)), seed)
    }

    /// Rages, lets what is left end, and looks at the ledger.
    package func check() async throws {
        var dice = SeededGenerator(seed: seed)
        var terms: [(after: Int64, budgets: [Budget])] = []
        for round in 1...BudgetStorm.rounds {
            let settings = self.settings(&dice)
            if round % 2 == 0 {
                try await scene.lab.kill(reopeningWith: settings)
            } else {
                try await scene.lab.reopen(with: settings)
            }
            terms.append((try await scene.entries().last?.sequence ?? 0, settings.budgets))
            try await rage(round)
            try await scene.booksBalance()
        }
        try await end()
        let entries = try await scene.entries()
        var watch = LedgerWatch()
        for entry in entries {
            watch.take(entry, under: terms.last { $0.after < entry.sequence }?.budgets ?? [])
        }
        #expect(watch.faults.isEmpty, "seed \(seed): \(watch.faults.prefix(5))")
        try await attemptsAreAccountedFor(watch.replay)
        somethingHappened(entries)
    }

    /// Limits are lowered and raised; what they count stays the same.
    private func settings(_ dice: inout SeededGenerator) -> StoreSettings {
        var settings = StoreSettings(routing: Scene.twoGateways)
        Scene.sendsAgain(&settings)
        func cents(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &dice) }
        settings.budgets = [
            .cents(cents(20...120), "hour", period: .hour),
            .cents(cents(30...250), "tenant", scope: .tenant, period: .day),
            .cents(cents(60...500), "country", scope: .country, period: .month),
            .cents(cents(10...90), "purpose", scope: .purpose, period: .hour),
            Budget(name: "euros", scope: .all, period: .day, limit: .cents(cents(10...60), "EUR")),
        ]
        return settings
    }

    private func rage(_ round: Int) async throws {
        try await withThrowingTaskGroup { group in
            for index in 0..<(BudgetStorm.carriers + BudgetStorm.applications + 1) {
                let dice = SeededGenerator(seed: seed &* 10_007 &+ UInt64(round * 100 + index))
                group.addTask {
                    switch index {
                    case 0: try await passTime(dice)
                    case ...BudgetStorm.applications: try await submit(dice)
                    default: try await carry("carrier-\(index)", "round-\(round)", dice)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Whatever still waits comes to its end, whichever that is.
    private func end() async throws {
        for _ in 1...3 {
            scene.time.pass(.seconds(86_400))
            try await scene.sweep()
        }
        try await scene.booksBalance()
    }

    private func attemptsAreAccountedFor(_ replay: LedgerReplay) async throws {
        for (id, fences) in tally.now.begun {
            let report = try await scene.report(id)
            let account = try #require(replay.accounts[id], "\(id) was begun and has no entries")
            #expect(report.attempts.count == fences.count, "\(id) was begun under \(fences)")
            #expect(Set(report.attempts.map(\.number)) == Set(account.attempts.keys), "\(id)")
            for attempt in report.attempts {
                let isHeld = account.attempts[attempt.number]?.isHeld
                #expect(isHeld == !(attempt.outcome?.isSurelyUnsent ?? false), "\(id) \(attempt)")
            }
        }
        #expect(Set(replay.accounts.filter { !$0.value.attempts.isEmpty }.keys) == Set(tally.now.begun.keys))
        #expect(replay.accounts.values.allSatisfy { $0.reservation == nil }, "what has ended holds money")
    }

    private func somethingHappened(_ entries: [LedgerEntry]) {
        let seen = tally.now
        #expect(seen.accepted.count > 50 && seen.refused > 0)
        #expect(seen.answers[.go, default: 0] > 50)
        #expect(seen.late[.recorded, default: 0] + seen.late[.applied, default: 0] > 0)
        for kind in LedgerKind.allCases { #expect(entries.contains { $0.kind == kind }, "no entry was \(kind)") }
    }
}
