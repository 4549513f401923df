import SQLite
import Store
import StoreBehaviour
import Synchronization
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("Housekeeping")
struct WriterOrderTests {
    private final class Order: Sendable {
        private let names = Mutex<[String]>([])

        func add(_ name: String) { names.withLock { $0.append(name) } }

        var all: [String] { names.withLock { $0 } }
    }

    @Test("lets the requests go first that wait with it")
    func givesWay() async throws {
        let lab = try SQLiteLab()
        let writer = lab.post.writer
        let order = Order()
        // What waits too long goes first, so this is tried until nobody did.
        for attempt in 1...50 {
            let done = Order()
            let held = await HeldWriter(writer)
            let errand = Task {
                try await writer.perform(as: .errand) { _ throws(SQLiteError) in done.add("errand") }
            }
            while writer.waitingErrands < 1 { await Task.yield() }
            let request = Task { try await writer.perform { _ throws(SQLiteError) in done.add("request") } }
            try await held.release(with: 1)
            try await errand.value
            try await request.value
            order.add("\(attempt)")
            if done.all == ["request", "errand"] { return }
        }
        Issue.record("it never gave way in \(order.all.count) attempts")
    }

    @Test("does not wait for ever while requests come in")
    func isDone() async throws {
        let lab = try SQLiteLab()
        let writer = lab.post.writer
        let swept = Order()
        try await withThrowingTaskGroup { group in
            for _ in 1...8 {
                group.addTask {
                    while swept.all.isEmpty { try await writer.perform { _ throws(SQLiteError) in } }
                }
            }
            group.addTask {
                for _ in 1...20 { _ = try await lab.store.sweep() }
                swept.add("swept")
            }
            try await group.waitForAll()
        }
        #expect(swept.all == ["swept"])
    }
}
