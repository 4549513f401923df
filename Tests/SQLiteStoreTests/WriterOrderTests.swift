import Dispatch
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

    @Test("has nothing to do with who is urgent: they go before the many that wait, and then it is the turn of those")
    func hurries() async throws {
        let lab = try SQLiteLab()
        let writer = lab.post.writer
        let order = Order()
        let urgentIsHeld = DispatchSemaphore(value: 0)
        let (starts, start) = AsyncStream.makeStream(of: Void.self)
        let held = await HeldWriter(writer)
        let many = (1...300).map { _ in
            Task(priority: .low) { try await writer.perform { _ throws(SQLiteError) in order.add("many") } }
        }
        while writer.waiting < 300 { await Task.yield() }
        let first = Task(priority: .high) {
            try await writer.perform { _ throws(SQLiteError) in
                order.add("first")
                start.yield()
                urgentIsHeld.wait()
            }
        }
        try await held.release(with: 301)
        for await _ in starts { break }
        let second = Task(priority: .high) {
            try await writer.perform { _ throws(SQLiteError) in order.add("second") }
        }
        while writer.waiting < 301 { await Task.yield() }
        urgentIsHeld.signal()
        try await first.value
        try await second.value
        for request in many { try await request.value }
        #expect(order.all.first == "first")
        // One batch of the many is between the two.
        #expect(order.all.firstIndex(of: "second") == 257)
        #expect(order.all.count == 302)
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
