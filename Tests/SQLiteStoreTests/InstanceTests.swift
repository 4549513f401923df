import Clocks
import Deliveries
import SQLite
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("The names that carriers claim under")
struct InstanceTests {
    private func claim(_ lab: SQLiteLab, by carrier: String) async throws {
        let request = ClaimRequest(carrier: carrier, instance: "one", gateways: ["mail-main"], limit: 1)
        _ = try await lab.store.claim(request)
    }

    private func names(_ lab: SQLiteLab) async throws -> Set<String> {
        try await lab.post.writer.perform { core throws(SQLiteError) in Set(core.state.instances.names.keys) }
    }

    @Test("are forgotten when nobody has claimed under them for ten minutes, whatever the wall clock says")
    func forgets() async throws {
        let lab = try SQLiteLab()
        for number in 1...50 { try await claim(lab, by: "carrier-\(number)") }
        lab.time.pass(.seconds(300))
        try await claim(lab, by: "carrier-1")
        lab.time.setWall(by: .seconds(86_400))
        lab.time.pass(.seconds(299))
        _ = try await lab.store.sweep()
        #expect(try await names(lab).count == 50)
        // What is in memory only outlives a file that is read again.
        try await lab.post.writer.perform { core throws(SQLiteError) in core.mustReload = true }
        lab.time.pass(.seconds(1))
        _ = try await lab.store.sweep()
        #expect(try await names(lab) == ["carrier-1"])
        lab.time.pass(.seconds(300))
        _ = try await lab.store.sweep()
        #expect(try await names(lab).isEmpty)
    }
}
