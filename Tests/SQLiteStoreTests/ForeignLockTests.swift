import Deliveries
import SQLite
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("While another program holds the lock of the database")
struct ForeignLockTests {
    private let stationery = Stationery()

    private func accept(_ lab: SQLiteLab, _ person: String) async throws(StoreError) {
        _ = try await lab.store.accept(stationery.submission(Letter(to: person), at: lab.time.now()))
    }

    @Test("all that wait are refused as unavailable, nothing is half done, and all goes on afterwards")
    func refuses() async throws {
        let lab = try SQLiteLab()
        try await accept(lab, "ann")
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 1)
        let claimed = try #require(try await lab.store.claim(request).first)
        let before = try lab.rows()
        let other = try Connection(path: lab.path, access: .readWrite)
        try other.execute("BEGIN IMMEDIATE")
        // More than one commit takes.
        let refused = await withTaskGroup { group in
            for number in 1...600 {
                group.addTask { () -> Bool in
                    do throws(StoreError) {
                        try await accept(lab, "person-\(number)")
                        return false
                    } catch {
                        if case .unavailable = error { return true }
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused == 600)
        await #expect(throws: StoreError.self) { try await lab.store.begin([BeginItem(token: claimed.token)]) }
        await #expect(throws: StoreError.self) { _ = try await lab.store.sweep() }
        // Whoever only reads is not disturbed.
        #expect(try await lab.store.deliveries(DeliveryFilter()).items.count == 1)
        try other.execute("COMMIT")
        #expect(try lab.rows() == before)
        #expect(lab.post.shortage == nil)
        #expect(try await lab.store.begin([BeginItem(token: claimed.token)]) == [.go])
        #expect(try await lab.store.settle([Settlement(token: claimed.token, outcome: .accepted)]) == [.applied])
        try await accept(lab, "bob")
        try await lab.audit()
    }

    @Test("no server starts on it, and the reason is told: with 1, for it ends with that program")
    func doesNotStart() async throws {
        let lab = try SQLiteLab()
        await lab.close()
        let other = try Connection(path: lab.path, access: .readWrite)
        try other.execute("BEGIN IMMEDIATE")
        lab.time.restartMachine(as: "boot-2")
        #expect(throws: OpeningError.locked(path: lab.path)) { try lab.resume() }
        #expect(OpeningError.locked(path: lab.path).exitCode == 1)
        try other.execute("COMMIT")
        try lab.resume()
        try await accept(lab, "ann")
    }
}
