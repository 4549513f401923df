import AuthEvents
import Clocks
import Deliveries
import SQLite
import Spend
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore
@testable import Telemetry

@Suite("The metrics of the store")
struct TallyTests {
    /// A database that is open, its writer, and what the writer counts.
    private struct Bureau {
        var lab: SQLiteLab
        var writer: Writer
        var metrics: Metrics

        init(_ settings: StoreSettings) async throws {
            lab = try SQLiteLab()
            try await lab.reopen(with: settings)
            await lab.post.close()
            metrics = Metrics()
            let core = try WriterCore.open(
                path: lab.path,
                life: lab.life,
                routing: settings.routing,
                budgets: settings.budgets,
                policy: settings.policy,
                numbers: { _, _, _ in nil },
                time: lab.time,
                generator: SeededGenerator(seed: 6)
            )
            // A deferred constraint is what SQLite looks at in COMMIT and not before.
            try core.connection.execute(
                """
                CREATE TABLE parent (id INTEGER PRIMARY KEY);
                CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
                PRAGMA foreign_keys = ON;
                """
            )
            writer = Writer(core: core, metrics: metrics, committed: { _, _, _ in }, checkpointed: { _ in })
        }

        /// All that is counted once it is committed.
        var counts: [[[String]: MetricFamily.Value]] {
            [metrics.spend, metrics.attempts].map(\.family.series) + [metrics.deliverySeconds.family.series]
        }

        func attempts(_ outcome: Outcome, at gateway: String = "sms-main") -> MetricFamily.Value? {
            metrics.attempts.family.series[[gateway, outcome.name]]
        }

        /// How often a histogram was given something, and the sum.
        func observed(_ histogram: Histogram, _ labels: [String] = []) -> (count: Int64, sum: Double) {
            guard case .tally(let tally, _) = histogram.family.series[labels] else { return (0, 0) }
            return (tally.buckets.reduce(0, +), tally.sum)
        }
    }

    @Test("count what is committed, once, and nothing of a request or batch that fails")
    func countsOnce() async throws {
        let bureau = try await Bureau(SMSWalk.settings)
        var ledger: [[String]: Int64] = [:]
        for (pass, step) in SMSWalk(in: bureau.lab).steps {
            bureau.lab.time.pass(pass)
            let before = bureau.counts
            await #expect(throws: StoreError.self, "\(step.name)") {
                try await bureau.writer.perform { core throws(SQLiteError) in
                    try step.run(&core)
                    try core.connection.run("INSERT INTO child (parent) VALUES (7)")
                }
            }
            await #expect(throws: StoreError.self, "\(step.name)") {
                try await bureau.writer.perform { core throws(SQLiteError) in
                    try step.run(&core)
                    throw SQLiteError(code: 1, message: "this request fails after its work")
                }
            }
            #expect(bureau.counts == before, "\(step.name)")
            try await bureau.writer.perform(step.run)
        }
        let entries = try await bureau.writer.perform { core throws(SQLiteError) in
            try core.connection.ledger(LedgerFilter())
        }
        for entry in entries where entry.attempt != nil {
            ledger[["\(entry.amount.currency)", entry.country ?? "", entry.kind.rawValue], default: 0] +=
                entry.amount.micros
        }
        #expect(Set(ledger.keys.map { $0[2] }) == ["committed", "released", "priced"])
        #expect(bureau.metrics.spend.family.series == ledger.mapValues { .integer($0) })
        for outcome in [Outcome.accepted, .refused, .retry, .unknown] {
            #expect(bureau.attempts(outcome) != nil, "\(outcome)")
        }
        #expect(bureau.attempts(.accepted) == .integer(1))
        #expect(bureau.observed(bureau.metrics.deliverySeconds, ["sms"]).count == 1)
        _ = await bureau.writer.close()
    }

    @Test("count an attempt under each outcome it is told to have had once, however often that is said")
    func repeats() async throws {
        let bureau = try await Bureau(StoreSettings())
        let (lab, writer) = (bureau.lab, bureau.writer)
        let submission = Stationery().submission(Letter(to: "bobby"), at: lab.time.now())
        _ = try await writer.perform { core throws(SQLiteError) in try core.accept(submission) }
        lab.time.pass(.milliseconds(1500))
        let gateways = ["mail-main", "mail-backup"]
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: gateways, limit: 1)
        let claimed = try await writer.perform { core throws(SQLiteError) in try core.claim(request) }
        let token = try #require(claimed.first).token
        _ = try await writer.perform { core throws(SQLiteError) in try core.begin(BeginItem(token: token)) }
        // Its carrier is lost, and comes back with what it knows.
        lab.time.pass(.seconds(3600))
        _ = try await writer.perform { core throws(SQLiteError) in try core.sweep() }
        let gateway = try #require(claimed.first).gateway.name
        #expect(bureau.attempts(.unknown, at: gateway) == .integer(1))
        for outcome in [Outcome.unknown, .accepted, .accepted] {
            _ = try await writer.perform { core throws(SQLiteError) in
                try core.settle(Settlement(token: token, outcome: outcome))
            }
        }
        #expect(bureau.attempts(.unknown, at: gateway) == .integer(1))
        #expect(bureau.attempts(.accepted, at: gateway) == .integer(1))
        let deliveries = bureau.observed(bureau.metrics.deliverySeconds, ["email"])
        #expect(deliveries.count == 1)
        #expect(deliveries.sum == 3601.5)
        _ = await writer.close()
    }

    @Test("time the commits that wrote, count the requests that shared each, and tell the size of the log")
    func commits() async throws {
        let bureau = try await Bureau(StoreSettings())
        let (metrics, writer) = (bureau.metrics, bureau.writer)
        let before = bureau.observed(metrics.batchSize)
        for _ in 0..<3 {
            _ = try await writer.perform { core throws(SQLiteError) in try core.connection.meta("sequence") }
        }
        #expect(bureau.observed(metrics.batchSize).count == before.count)
        let held = await HeldWriter(writer)
        let tasks = (0..<5).map { index in
            Task {
                try await writer.perform { core throws(SQLiteError) in
                    try core.connection.setMeta("test-\(index)", .integer(1))
                }
            }
        }
        try await held.release(with: 5)
        for task in tasks { try await task.value }
        let after = bureau.observed(metrics.batchSize)
        #expect(after.count - before.count == 1)
        #expect(after.sum - before.sum == 5)
        #expect(bureau.observed(metrics.commitSeconds).count == after.count)
        #expect(bureau.observed(metrics.commitSeconds).sum > 0)
        let frames = try await writer.perform { core throws(SQLiteError) in core.connection.walFrames }
        #expect(frames > 0)
        // Nobody writes any more: after a second it is emptied.
        let bytes = metrics.walBytes.family.series
        #expect(bytes == [[]: .integer(Int64(frames * 4096))] || bytes == [[]: .integer(0)], "\(bytes)")
        _ = await writer.close()
    }
}
