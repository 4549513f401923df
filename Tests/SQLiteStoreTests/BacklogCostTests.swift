import Clocks
import Deliveries
import SQLite
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("Before a great backlog")
struct BacklogCostTests {
    private static let many: Int64 = Filling.isLong ? 1_000_000 : 25_000

    /// Page reads of four of five claims of 20, and how many they got.
    private func reads(behind backlog: [Filling]) async throws -> (pages: [Int], claimed: Int) {
        let lab = try SQLiteLab()
        try await lab.fill([Filling(count: 200, tenants: 1...10, due: 2, isWhole: true)] + backlog)
        let request = ClaimRequest(carrier: "carrier", instance: "one", gateways: ["mail-main"], limit: 20)
        var pages: [Int] = []
        var count = 0
        for number in 1...5 {
            let (claimed, read) = try await lab.post.writer.perform { core throws(SQLiteError) in
                let before = core.connection.pageReads
                let claimed = try core.claim(request).count
                return (claimed, core.connection.pageReads - before)
            }
            // The first claim of a process looks at all that is leased, for what the one before it held.
            if number > 1 { pages.append(read) }
            count += claimed
        }
        return (pages, count)
    }

    @Test("that is leased, waits for later or can wait, a claim reads no more pages than without it")
    func claims() async throws {
        let time = ManualTime()
        let (later, lease) = ((time.now() + .seconds(3600)).milliseconds, (time.boot() + .seconds(3600)).milliseconds)
        let alone = try await reads(behind: [])
        let behind = try await reads(behind: [
            // Leased, in the same lanes and with the oldest due times.
            Filling(count: BacklogCostTests.many, tenants: 1...10, state: 3, due: 1, lease: lease),
            // Delayed, of the highest priority.
            Filling(count: BacklogCostTests.many, tenants: 1...10, priority: 0, due: later),
            // Delayed in the same lanes.
            Filling(count: BacklogCostTests.many, tenants: 1...10, due: later),
            // Ready, and of the lowest priority.
            Filling(count: BacklogCostTests.many, tenants: 1...10, priority: 4, due: 1),
        ])
        #expect((alone.claimed, behind.claimed) == (100, 100))
        // The trees are two levels deeper; a claim of 20 searches hot, its indexes and what a message is written from.
        for (few, many) in zip(alone.pages, behind.pages) {
            #expect(many - few <= 20 * 18, "\(alone.pages) grew to \(behind.pages)")
        }
        let (least, most) = (behind.pages.min() ?? 0, behind.pages.max() ?? 0)
        #expect(most - least <= 60, "claim by claim: \(behind.pages)")
    }
}
