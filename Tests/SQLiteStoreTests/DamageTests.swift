import CSQLite
import Cryptography
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
        // From the first that comes behind it.
        await #expect(throws: StoreError.self) { try await accept(lab, "cyd") }
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 2)
        let claimed = try await lab.store.claim(request)
        #expect(claimed.count == 2)
        #expect(try await lab.store.begin(claimed.map { BeginItem(token: $0.token) }) == [.go, .go])
        let outcomes = claimed.map { Settlement(token: $0.token, outcome: .accepted) }
        #expect(try await lab.store.settle(outcomes) == [.applied, .applied])
    }

    @Test("and is met by a backup stops intake, too, and leaves no copy")
    func stopsBackup() async throws {
        let lab = try await lab(damaging: "receipt")
        try lab.resume()
        await #expect(throws: BackupError.self) { _ = try await lab.store.backUp { true } }
        #expect(lab.post.shortage?.contains("damaged") == true)
        #expect(isSigned(lab.path))
        await #expect(throws: StoreError.self) { try await accept(lab, "cyd") }
        let files = try FileManager.default.contentsOfDirectory(
            atPath: URL(filePath: lab.path).deletingLastPathComponent().path
        )
        #expect(!files.contains { $0.hasSuffix(".part") })
    }

    /// A closed store that has met a damaged page which no start reads, and what stood in that page before.
    ///
    /// `beforehand`: What is done while all is whole.
    private func labThatMetDamage(
        beforehand: (SQLiteLab) async throws -> Void = { _ in }
    ) async throws -> (lab: SQLiteLab, page: Page) {
        let lab = try SQLiteLab()
        for person in ["ann", "bob"] { try await accept(lab, person) }
        try await beforehand(lab)
        await lab.close()
        let page = try overwrite("receipt", in: lab.path)
        try lab.resume()
        #expect(!isSigned(lab.path))
        let waiting = try #require(try await lab.store.deliveries(DeliveryFilter()).items.first)
        await #expect(throws: StoreError.self) { _ = try await lab.store.delivery(waiting.id, of: nil) }
        await lab.close()
        return (lab, page)
    }

    private func isSigned(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path + ".damaged") }

    @Test("and is met leaves a sign: each start reads all pages and is refused, until the page is whole again")
    func isRemembered() async throws {
        let (lab, page) = try await labThatMetDamage()
        let sign = lab.path + ".damaged"
        let attributes = try FileManager.default.attributesOfItem(atPath: sign)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let text = String(decoding: try #require(FileManager.default.contents(atPath: sign)), as: UTF8.self)
        #expect(text == "\(lab.time.now()) SQLite did not do it (code 11): database disk image is malformed\n")
        for _ in 1...2 {
            let error = #expect(throws: OpeningError.self) { try lab.resume() }
            guard case .damaged = error else { throw PlanError(message: "\(String(describing: error))") }
            #expect(error?.exitCode == 78)
            #expect(error?.description.contains("gatepost restore FILE") == true)
        }
        #expect(throws: OpeningError.self) {
            try DatabaseMigration(path: lab.path, life: lab.life, keys: Digest(of: "keys"))
        }
        // However large it is.
        let facts = try inspectDatabase(at: lab.path, life: lab.life, keys: nil, checkSize: 0)
        #expect(facts.isChecked && facts.damage != nil)
        #expect(isSigned(lab.path))
        try page.write(to: lab.path)
        try lab.resume()
        #expect(!isSigned(lab.path))
        try await accept(lab, "cyd")
        #expect(lab.post.shortage == nil)
    }

    @Test("and was met is forgotten with a restore, and its sign is kept beside the database of before")
    func isRestored() async throws {
        var copy = ""
        let (lab, _) = try await labThatMetDamage { lab in copy = try await lab.kept(lab.store.backUp { true }) }
        let keys = Digest(of: "keys")
        let restoration = try Restoration(of: copy, to: lab.path, life: lab.life, keys: keys, time: lab.time)
        let kept = try #require(try restoration.run().kept)
        #expect(isSigned(kept) && !isSigned(lab.path))
        try lab.resume()
        try await accept(lab, "cyd")
    }

    @Test("and is met stops intake where no sign can be left, too")
    func cannotBeSigned() async throws {
        let lab = try await lab(damaging: "receipt")
        try lab.resume()
        // A folder in its place.
        try FileManager.default.createDirectory(atPath: lab.path + ".damaged", withIntermediateDirectories: false)
        let waiting = try #require(try await lab.store.deliveries(DeliveryFilter()).items.first)
        await #expect(throws: StoreError.self) { _ = try await lab.store.delivery(waiting.id, of: nil) }
        #expect(lab.post.shortage?.contains("damaged") == true)
    }
}

/// A page as it was before it was overwritten.
private struct Page {
    let offset: UInt64
    let bytes: Data

    /// Puts it back; nobody may have the database open.
    func write(to path: String) throws {
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: bytes)
        try handle.close()
    }
}

/// Fills the first page of a table or an index with rubbish; nobody may have the database open.
///
/// Returns the page as it was.
@discardableResult
private func overwrite(_ name: String, in path: String) throws -> Page {
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
    let offset = UInt64(page - 1) * 4096
    let handle = try FileHandle(forReadingFrom: URL(filePath: path))
    try handle.seek(toOffset: offset)
    let former = Page(offset: offset, bytes: try handle.read(upToCount: 4096) ?? Data())
    try handle.close()
    try Page(offset: offset, bytes: Data(repeating: 0xA5, count: 4096)).write(to: path)
    return former
}
