import AuthEvents
import Deliveries
import Foundation
import SQLite
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("The write-ahead log", .timeLimit(.minutes(12)))
struct LogTests {
    private let stationery = Stationery()

    private func size(of path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    /// How large the file is once its pages come to so many bytes: before them all stand 32, before each 24 more
    /// (sqlite.org/fileformat2.html, 4.1).
    private func file(ofPages bytes: Int) -> Int { 32 + (bytes + 4095) / 4096 * (24 + 4096) }

    /// Does what a server does all the time until something is so.
    private func sweep(_ lab: SQLiteLab, until isSo: () async throws -> Bool) async throws {
        while try await !isSo() {
            _ = try await lab.store.sweep()
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func accept(_ lab: SQLiteLab, _ person: String) async throws -> Bool {
        do throws(StoreError) {
            let answer = try await lab.store.accept(stationery.submission(Letter(to: person), at: lab.time.now()))
            guard case .accepted = answer else { return false }
            return true
        } catch {
            guard case .unavailable(let reason) = error else { throw error }
            #expect(reason.contains("store.wal_limit"))
            return false
        }
    }

    @Test("is copied back and emptied when nobody writes")
    func isEmptied() async throws {
        let lab = try SQLiteLab()
        _ = try await accept(lab, "bobby")
        #expect(try size(of: lab.path + "-wal") > 0)
        try await sweep(lab) { try size(of: lab.path + "-wal") == 0 }
        #expect(try await accept(lab, "carol"))
        #expect(try size(of: lab.path + "-wal") > 0)
        try await lab.audit()
    }

    @Test("that a reader keeps from being copied back stops intake at its limit, and nothing that is under way")
    func isLimited() async throws {
        let lab = try SQLiteLab()
        var settings = StoreSettings()
        settings.terms.walLimit = 600_000
        try await lab.reopen(with: settings)
        for name in ["ann", "bob", "cyd"] { #expect(try await accept(lab, name)) }
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["mail-main"], limit: 2)
        let claimed = try await lab.store.claim(request)
        #expect(try await lab.store.begin([BeginItem(token: claimed[0].token)]) == [.go])

        var reader = try Connection(path: lab.path, access: .readOnly)
        try reader.execute("BEGIN")
        _ = try reader.first("SELECT count(*) FROM delivery", read: { $0.integer(0) })
        var sizes = [try size(of: lab.path + "-wal")]
        while try await accept(lab, "person-\(sizes.count)") { sizes.append(try size(of: lab.path + "-wal")) }
        #expect(sizes.count > 6)
        // The last that was accepted still found room, and its commit came to the limit: no second one passes it.
        let full = file(ofPages: 600_000)
        #expect(sizes[sizes.count - 2] < full)
        #expect(sizes[sizes.count - 1] >= full)
        #expect(try size(of: lab.path + "-wal") == sizes.last)
        #expect(lab.post.shortage != nil)
        await #expect(throws: StoreError.self) { try await lab.store.probe() }
        // What was accepted is sent, settled and verified as ever.
        #expect(try await lab.store.settle([Settlement(token: claimed[0].token, outcome: .accepted)]) == [.applied])
        #expect(try await lab.store.begin([BeginItem(token: claimed[1].token)]) == [.go])
        #expect(try await lab.store.claim(request).count == 2)
        #expect(try await !accept(lab, "again"))

        try reader.execute("COMMIT")
        try await sweep(lab) { lab.post.shortage == nil }
        #expect(try await accept(lab, "again"))
        #expect(try size(of: lab.path + "-wal") < 600_000)
        try await lab.audit()
    }
}
