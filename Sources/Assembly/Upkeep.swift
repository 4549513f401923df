import API
import Clocks
import Configuration
private import Deliveries
import SQLiteStore
private import Spend
import Store

/// Does what time asks for: ends leases and deadlines, moves what waits for a gateway, removes what is no longer kept,
/// remembers how far the database is and when tokens were used.
struct Upkeep: Sendable {
    /// How often it looks where there was nothing more to do; each look costs a few index reads.
    private static let pause: Duration = .milliseconds(200)
    /// At the most ten seconds: what is written beside the keys tells an older copy of the database apart.
    private static let lifePause: Duration = .seconds(5)
    /// A minute at the least between two writes of when tokens were used.
    private static let usesPause: Duration = .seconds(60)

    let store: SQLitePostOffice
    let retention: RetentionTerms
    let uses: TokenUses
    let readiness: Readiness
    let log: Log

    /// Each turn does one slice: however much there is to do, everything else is looked at in between.
    func run() async {
        var down: Set<String> = []
        var reached: [String: Int] = [:]
        var (nextLife, nextUses) = (ContinuousClock.now + Upkeep.lifePause, ContinuousClock.now + Upkeep.usesPause)
        while !Task.isCancelled {
            var isMore = false
            do throws(StoreError) {
                isMore = try await work()
                try await look(known: &down)
            } catch {
                isMore = false
                readiness.fail("\(error)")
            }
            let now = ContinuousClock.now
            if now >= nextLife {
                nextLife = now + Upkeep.lifePause
                store.rememberLife()
                await reportBudgets(known: &reached)
            }
            if now >= nextUses {
                nextUses = now + Upkeep.usesPause
                await writeUses()
            }
            // Cancelled means that the server ends, which the loop sees.
            if !isMore { _ = try? await Task.sleep(for: Upkeep.pause) }
        }
    }

    /// What is no longer kept goes when nothing else waits.
    private func work() async throws(StoreError) -> Bool {
        if try await store.sweep() { return true }
        return try await store.tidy(retention) == .more
    }

    private func look(known down: inout Set<String>) async throws(StoreError) {
        if let shortage = store.shortage {
            readiness.fail(shortage)
        } else {
            // A sweep that found nothing to do has written nothing, so it says nothing of a full disk.
            if readiness.state == .unavailable { try await store.probe() }
            readiness.set(.ready)
        }
        let standing = try await store.standing(of: nil)
        report(standing.gateways.filter { $0.health.state == .down }.map(\.name), known: &down)
    }

    /// Also called at the end; a server that is killed forgets a minute of it.
    func writeUses() async {
        // A store that takes no write is told about elsewhere, and the next time has it all.
        _ = try? await uses.write(to: store)
    }

    /// Says which budgets have reached a percentage of theirs since the last look.
    private func reportBudgets(known: inout [String: Int]) async {
        // A store that cannot be read is told about elsewhere.
        guard let standing = try? await store.budgets(of: nil) else { return }
        var now: [String: Int] = [:]
        for budget in standing {
            guard let percentage = budget.reachedAlert else { continue }
            let name = budget.budget.name + (budget.key.isEmpty ? "" : " of \(budget.key)")
            now[name] = percentage
            guard percentage > known[name] ?? 0 else { continue }
            log(
                .warning,
                "The budget \(name) has used \(percentage)% or more: \(budget.used.amount) of \(budget.budget.limit)."
            )
        }
        known = now
    }

    /// Says which gateways went down and which came back since the last look.
    private func report(_ names: [String], known: inout Set<String>) {
        let now = Set(names)
        for name in now.subtracting(known).sorted() {
            log(.warning, "The gateway \(name) cannot be reached; what it was to take goes elsewhere or waits.")
        }
        for name in known.subtracting(now).sorted() { log(.info, "The gateway \(name) is reached again.") }
        known = now
    }
}
