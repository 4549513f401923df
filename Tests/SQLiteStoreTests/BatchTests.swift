import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

/// Requests that are made to share one commit.
@Suite("A batch of requests")
struct BatchTests {
    private let stationery = Stationery()

    private func together<Result: Sendable>(
        _ requests: [@Sendable () async throws -> Result],
        in lab: SQLiteLab
    ) async throws -> [Swift.Result<Result, any Error>] {
        let writer = await HeldWriter(lab.post.writer)
        let tasks = requests.map { request in Task { try await request() } }
        try await writer.release(with: requests.count)
        var results: [Swift.Result<Result, any Error>] = []
        for task in tasks { results.append(await task.result) }
        return results
    }

    private func accepting(_ count: Int, in lab: SQLiteLab) -> [@Sendable () async throws -> Acceptance] {
        (0..<count).map { index in
            let submission = stationery.submission(Letter(to: "person-\(index)"), at: lab.time.now())
            return { try await lab.store.accept(submission) }
        }
    }

    private func sequence(of lab: SQLiteLab) async throws -> Int64 {
        try await lab.post.writer.perform { core throws(SQLiteError) in try core.connection.meta("sequence") ?? 0 }
    }

    private func ready(in lab: SQLiteLab) async throws -> Int64? {
        try await lab.store.standing(of: nil).channels.first { $0.channel == .email }?.counts[.ready]
    }

    @Test("takes one commit")
    func sharesACommit() async throws {
        let lab = try SQLiteLab()
        let before = try await sequence(of: lab)
        let results = try await together(accepting(64, in: lab), in: lab)
        for result in results { _ = try result.get() }
        #expect(results.count == 64)
        #expect(try await ready(in: lab) == 64)
        let commits = try await sequence(of: lab) - before
        #expect(commits == 1, "64 requests took \(commits) commits")
        try await lab.audit()
    }

    @Test("is what several events of one call are, too: one commit, and one that fails takes all back")
    func takesSeveralEvents() async throws {
        let lab = try SQLiteLab()
        let before = try await sequence(of: lab)
        var submissions = (0..<64).map { index in
            stationery.submission(Letter(to: "person-\(index)"), at: lab.time.now())
        }
        #expect(try await lab.store.accept(submissions).count == 64)
        #expect(try await ready(in: lab) == 64)
        #expect(try await sequence(of: lab) - before == 1)
        // The last one takes an id that is taken.
        let taken = submissions[0].event
        submissions = (0..<3).map { stationery.submission(Letter(to: "other-\($0)"), at: lab.time.now()) }
        submissions[2].event = taken
        await #expect(throws: StoreError.self) { try await lab.store.accept(submissions) }
        #expect(try await ready(in: lab) == 64)
        try await lab.audit()
    }

    @Test("goes on without the request that fails")
    func isolatesFailures() async throws {
        let lab = try SQLiteLab()
        var requests = accepting(6, in: lab)
        requests.insert(
            {
                try await lab.post.writer.perform { core throws(SQLiteError) in
                    // It has changed the file and the state when it fails.
                    _ = try core.nextFence()
                    let submission = Stationery(seed: 9).submission(
                        Letter(to: "nobody").with { $0.name = "fails" },
                        at: core.now
                    )
                    let answer = try core.accept(submission)
                    try core.connection.run("INSERT INTO tenant (id, name) VALUES (1, 'default')")
                    return answer
                }
            },
            at: 3
        )
        let results = try await together(requests, in: lab)
        #expect(throws: StoreError.self) { _ = try results[3].get() }
        for index in [0, 1, 2, 4, 5, 6] { _ = try results[index].get() }
        #expect(try await ready(in: lab) == 6)
        #expect(try await lab.store.deliveries(DeliveryFilter()).items.count == 6)
        try await lab.audit()
    }

    @Test("whose commit fails fails as a whole, and the state is that of the file")
    func failsAsAWhole() async throws {
        let lab = try SQLiteLab()
        _ = try await accepting(1, in: lab)[0]()
        await lab.post.close()
        let core = try WriterCore.open(
            path: lab.path,
            life: lab.life,
            routing: StoreBehaviour.routing,
            budgets: [],
            policy: SendingPolicy.standard,
            numbers: { _, _, _ in nil },
            time: lab.time,
            generator: SeededGenerator(seed: 4)
        )
        // A deferred constraint is what SQLite looks at in COMMIT and not before.
        try core.connection.execute(
            """
            CREATE TABLE parent (id INTEGER PRIMARY KEY);
            CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
            PRAGMA foreign_keys = ON;
            """
        )
        let before = core.state
        let writer = Writer(core: core, committed: { _, _, _ in }, checkpointed: { _ in })
        let held = await HeldWriter(writer)
        let first = stationery.submission(Letter(to: "bobby"), at: lab.time.now())
        let second = stationery.submission(Letter(to: "carol"), at: lab.time.now())
        let good = Task { try await writer.perform { core throws(SQLiteError) in try core.accept(first) } }
        let bad = Task {
            try await writer.perform { core throws(SQLiteError) in
                try core.connection.run("INSERT INTO child (parent) VALUES (7)")
            }
        }
        try await held.release(with: 2)
        await #expect(throws: StoreError.self) { try await good.value }
        await #expect(throws: StoreError.self) { try await bad.value }
        #expect(await writer.close() == before.sequence)
        let answer = try await writer.perform { core throws(SQLiteError) in try core.accept(second) }
        guard case .accepted = answer else { throw SQLiteError.damage("\(answer)") }
        let after = try await writer.perform { core throws(SQLiteError) in core.state }
        #expect(after.counts.sums(of: nil) == [.email: [.ready: 2]])
        #expect(after.sequence == before.sequence + 1)
        #expect(after.fence >= before.fence)
        #expect(await writer.close() == after.sequence)
        try await lab.reopen()
        try await lab.audit()
    }
}
