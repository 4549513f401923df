import CSQLite
import Deliveries
import Foundation
import SQLite
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("A page that was overwritten")
struct DamageTests {
    private let stationery = Stationery()

    private func accept(_ lab: SQLiteLab, _ person: String) async throws {
        _ = try await lab.store.accept(stationery.submission(Letter(to: person), at: lab.time.now()))
    }

    /// A closed store with two messages that wait, in which the first page of a table or index is rubbish.
    private func lab(damaging name: String) async throws -> SQLiteLab {
        let lab = try SQLiteLab()
        for person in ["ann", "bob"] { try await accept(lab, person) }
        await lab.close()
        try overwrite(name, in: lab.path)
        return lab
    }

    @Test(
        "and that a start reads stops it with 78 and names the way out",
        arguments: ["meta", "tenant", "gateway", "standing", "hot_ready", "ledger", "recent"]
    )
    func stopsTheStart(name: String) async throws {
        let lab = try await lab(damaging: name)
        let error = #expect(throws: OpeningError.self) { try lab.resume() }
        guard case .damaged = error else { throw PlanError(message: "\(String(describing: error))") }
        #expect(error?.exitCode == 78)
        #expect(error?.description.contains("gatepost restore FILE") == true)
    }

    @Test(
        "and is met by an event refuses it and all that follow, says so and names the way out",
        arguments: ["event", "challenge", "person_challenge", "delivery", "delivery_event", "hot_live"]
    )
    func stopsIntake(name: String) async throws {
        let lab = try await lab(damaging: name)
        do {
            try lab.resume()
        } catch OpeningError.damaged {
            // Some are read at the start, too.
            return
        }
        for person in ["cyd", "dan"] {
            let error = await #expect(throws: StoreError.self) { try await accept(lab, person) }
            guard case .damaged = error else { throw PlanError(message: "\(String(describing: error))") }
        }
        #expect(lab.post.shortage?.contains("gatepost restore FILE") == true)
        await #expect(throws: StoreError.self) { try await lab.store.probe() }
    }

    @Test("and is met by who only reads stops intake, too; what is under way goes on where it can be read")
    func goesOn() async throws {
        let lab = try await lab(damaging: "receipt")
        try lab.resume()
        #expect(lab.post.shortage == nil)
        let waiting = try #require(try await lab.store.deliveries(DeliveryFilter()).items.first)
        await #expect(throws: StoreError.self) { _ = try await lab.store.delivery(waiting.id, of: nil) }
        #expect(lab.post.shortage?.contains("damaged") == true)
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 2)
        let claimed = try await lab.store.claim(request)
        #expect(claimed.count == 2)
        await #expect(throws: StoreError.self) { try await accept(lab, "cyd") }
        #expect(try await lab.store.begin(claimed.map { BeginItem(token: $0.token) }) == [.go, .go])
        let outcomes = claimed.map { Settlement(token: $0.token, outcome: .accepted) }
        #expect(try await lab.store.settle(outcomes) == [.applied, .applied])
    }
}

/// Fills the first page of a table or an index with rubbish; nobody may have the database open.
private func overwrite(_ name: String, in path: String) throws {
    var database: OpaquePointer?
    var compiled: OpaquePointer?
    guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK,
        sqlite3_prepare_v2(database, "SELECT rootpage FROM sqlite_schema WHERE name = '\(name)'", -1, &compiled, nil)
            == SQLITE_OK,
        sqlite3_step(compiled) == SQLITE_ROW
    else { throw PlanError(message: "there is no \(name)") }
    let page = sqlite3_column_int64(compiled, 0)
    sqlite3_finalize(compiled)
    sqlite3_close_v2(database)
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.seek(toOffset: UInt64(page - 1) * 4096)
    try handle.write(contentsOf: Data(repeating: 0xA5, count: 4096))
    try handle.close()
}
