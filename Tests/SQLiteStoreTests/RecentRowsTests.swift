import AuthEvents
import Clocks
import Foundation
import Limits
import SQLite
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("Rows with random keys")
struct RecentRowsTests {
    static let isLong = ProcessInfo.processInfo.environment["GATEPOST_TEST_LONG"] != nil

    /// Changes rows by chance, in transactions that are kept or not, with losses of memory in between.
    private final class Walk {
        let lab: SQLiteLab
        var connection: Connection
        var rows = RecentRows(limit: 20)
        var kept: [RowKey: TokenBucket] = [:]
        var generator: SeededGenerator
        let now = Instant(milliseconds: 1_800_000_000_000)

        init(_ lab: SQLiteLab, _ connection: consuming Connection, seed: UInt64) {
            self.lab = lab
            self.connection = connection
            generator = SeededGenerator(seed: seed)
        }

        static func begin(seed: UInt64) async throws -> Walk {
            let lab = try SQLiteLab()
            await lab.close()
            return Walk(lab, try Connection(path: lab.path, access: .readWrite), seed: seed)
        }

        func key() -> RowKey {
            RowKey(Digest(of: "key \(Int.random(in: 0..<60, using: &generator))"))
        }

        /// One transaction; returns whether it was kept.
        func transact() throws -> Bool {
            try connection.execute("BEGIN IMMEDIATE")
            var after = kept
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                let key = key()
                switch Int.random(in: 0..<8, using: &generator) {
                case 0:
                    // As erasures do it.
                    if rows.buckets.row(key) != nil { rows.forgetBuckets(of: key) }
                    try connection.run("DELETE FROM bucket WHERE id = ?", .blob(key.all))
                    after[key] = nil
                case 1:
                    let mark = rows.mark
                    rows.buckets.set(key, BucketRow(TokenBucket(fullAt: .max, since: 1)))
                    rows.rollBack(to: mark)
                default:
                    let row = BucketRow(
                        TokenBucket(fullAt: .max, since: .random(in: 0..<1_000_000, using: &generator))
                    )
                    rows.buckets.set(key, row)
                    after[key] = row.bucket
                }
            }
            if Int.random(in: 0..<4, using: &generator) == 0 { rows.moveOn(at: now + RecentRows.longest) }
            try rows.save(to: &connection, at: now)
            guard Int.random(in: 0..<4, using: &generator) > 0 else {
                try connection.execute("ROLLBACK")
                rows.rollBack()
                return false
            }
            try connection.execute("COMMIT")
            rows.keep(at: now)
            kept = after
            return true
        }

        func check() throws {
            for index in 0..<60 {
                let key = RowKey(Digest(of: "key \(index)"))
                #expect(try rows.buckets.row(key, &connection)?.bucket == kept[key], "key \(index)")
            }
        }

        func count(_ table: StaticString) throws -> Int64 {
            try connection.first(table, read: { $0.integer(0) }) ?? 0
        }
    }

    @Test("are what was last committed, whatever was merged, taken back, erased or lost from memory", arguments: 1...8)
    func areKept(seed: UInt64) async throws {
        let walk = try await Walk.begin(seed: seed)
        for step in 1...(RecentRowsTests.isLong ? 3000 : 300) {
            _ = try walk.transact()
            if Int.random(in: 0..<10, using: &walk.generator) == 0 {
                try walk.rows.load(from: &walk.connection, at: walk.now)
            }
            if step.isMultiple(of: 10) { try walk.check() }
        }
        try walk.check()
        #expect(try walk.count("SELECT count(*) FROM bucket") > 0)
        // Two generations, and what one transaction brings.
        #expect(walk.rows.buckets.young.count + walk.rows.buckets.old.count <= 60)
        #expect(try walk.count("SELECT count(*) FROM recent") <= 200)
    }

    @Test("leave the log once they are in their tables, and memory with them")
    func areMerged() async throws {
        let walk = try await Walk.begin(seed: 1)
        for number in 0..<400 {
            try walk.connection.execute("BEGIN IMMEDIATE")
            let row = SeenRow(event: EventID(at: walk.now, using: &walk.generator), received: walk.now)
            walk.rows.seen.set(RowKey(Digest(of: "event \(number)")), row)
            try walk.rows.save(to: &walk.connection, at: walk.now)
            try walk.connection.execute("COMMIT")
            walk.rows.keep(at: walk.now)
            #expect(walk.rows.seen.young.count + walk.rows.seen.old.count <= 40)
            #expect(try walk.count("SELECT count(*) FROM recent") <= 40)
        }
        let (table, log) = (try walk.count("SELECT count(*) FROM seen"), try walk.count("SELECT count(*) FROM recent"))
        #expect(table >= 360)
        #expect(table + log >= 400)
    }

    @Test("are merged after a minute, however few they are")
    func areMergedInTime() async throws {
        let lab = try SQLiteLab()
        let scene = Stationery()
        _ = try await lab.store.accept(scene.submission(Letter(to: "bobby"), at: lab.time.now()))
        var connection = try Connection(path: lab.path, access: .readOnly)
        func merged() throws -> Int64? {
            try connection.first("SELECT count(*) FROM seen", read: { $0.integer(0) })
        }
        for _ in 1...3 {
            lab.time.pass(.seconds(19))
            while try await lab.store.sweep() {}
        }
        #expect(try merged() == 0)
        for _ in 1...3 {
            lab.time.pass(.seconds(19))
            while try await lab.store.sweep() {}
        }
        #expect(try merged() == 1)
        #expect(try connection.first("SELECT count(*) FROM recent", read: { $0.integer(0) }) == 0)
    }

    @Test("of a person with many challenges are all found, in memory and in the table")
    func areAllFound() async throws {
        let lab = try SQLiteLab()
        let scene = Stationery()
        var expected: Set<String> = []
        for number in 1...150 {
            let letter = Letter(to: "bobby").with { $0.session = "session \(number)" }
            guard case .accepted(let event) = try await lab.store.accept(scene.submission(letter, at: lab.time.now()))
            else { throw PlanError(message: "it was not accepted") }
            for delivery in event.deliveries { expected.insert("\(delivery.id)") }
        }
        var found: Set<String> = []
        var after: DeliveryID?
        repeat {
            let page = try await lab.store.deliveries(to: [Stationery.person("bobby")], after: after, limit: 40)
            found.formUnion(page.items.map { "\($0.id)" })
            after = page.next
        } while after != nil
        #expect(found == expected)
        while try await lab.store.erase([Stationery.person("bobby")], buckets: []).isMore {}
        #expect(try await lab.store.deliveries(to: [Stationery.person("bobby")], after: nil, limit: 40).items.isEmpty)
    }
}
