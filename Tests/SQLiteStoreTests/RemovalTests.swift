import AuthEvents
import Challenges
import Clocks
import Deliveries
import Foundation
import Limits
import SQLite
import Spend
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("What was removed or erased")
struct RemovalTests {
    /// What is left when everything has gone; the ledger, what reports need of it, and what is about no delivery.
    private static let kept: Set<String> = [
        "meta", "tenant", "gateway", "ledger", "spend", "standing", "removed_verified", "removed_attempt",
        "sqlite_sequence",
    ]

    private func tidy(_ lab: SQLiteLab) async throws {
        lab.time.pass(.seconds(60))
        while true {
            if case .done = try await lab.store.tidy(RetentionTerms()) { return }
        }
    }

    private func tables(_ lab: SQLiteLab) throws -> [String: Int64] {
        var connection = try Connection(path: lab.path, access: .readOnly)
        let names = try connection.all("SELECT name FROM sqlite_schema WHERE type = 'table'", read: { $0.text(0) })
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try countOfRows($0, in: lab.path)) })
    }

    @Test("leaves no row behind it but those of the books")
    func leavesNoRows() async throws {
        let lab = try SQLiteLab()
        try await lab.reopen(with: SMSWalk.settings)
        for (pass, step) in SMSWalk(in: lab).steps {
            lab.time.pass(pass)
            try await lab.post.writer.perform(step.run)
        }
        // A wrong code leaves wrong tries, a limit its bucket.
        let scene = Stationery()
        let letter = Letter(to: "dora").limited(by: Slot("limit", "5/10m")).with { $0.name = "dora" }
        let answer = try await lab.store.accept(scene.submission(letter, at: lab.time.now()))
        guard case .accepted(let event) = answer else { throw SQLiteError.damage("\(answer)") }
        _ = try await lab.store.verify(
            VerificationAttempt(
                target: .challenge(try #require(event.deliveries.first?.challenge?.id), of: nil),
                session: nil,
                idempotencyKey: nil,
                content: Digest(of: "content"),
                personTries: .init(count: 15, period: .seconds(3600)),
                challengeTries: { _ in 5 }
            )
        ) { _, _ in .mismatch }
        #expect(try tables(lab).filter { $0.value > 0 }.count > 15)
        lab.time.pass(.seconds(40 * 86_400))
        while try await lab.store.sweep() {}
        try await tidy(lab)
        while try await lab.store.sweep() {}
        let left = try tables(lab).filter { $0.value > 0 && !RemovalTests.kept.contains($0.key) }
        #expect(left.isEmpty, "\(left)")
        #expect(try await lab.store.auditLedger().faults.isEmpty)
        try await lab.audit()
    }

    @Test("makes the file smaller")
    func shrinks() async throws {
        let lab = try SQLiteLab()
        let scene = Stationery()
        try await withThrowingTaskGroup { group in
            for index in 1...3000 {
                group.addTask {
                    _ = try await lab.store.accept(scene.submission(Letter(to: "person-\(index)"), at: lab.time.now()))
                }
            }
            try await group.waitForAll()
        }
        await lab.post.checkpoint()
        func size() throws -> Int { try FileManager.default.attributesOfItem(atPath: lab.path)[.size] as? Int ?? 0 }
        let before = try size()
        lab.time.pass(.seconds(40 * 86_400))
        while try await lab.store.sweep() {}
        try await tidy(lab)
        await lab.post.checkpoint()
        let after = try size()
        #expect(after < before / 2, "\(before) bytes became \(after)")
        try await lab.audit()
    }

    @Test("is in no file any more", arguments: ["removed", "erased"])
    func leavesNoTrace(way: String) async throws {
        let lab = try SQLiteLab()
        let scene = Stationery()
        let planted = Letter(to: "bobby").with { letter in
            letter.name = "planted"
            letter.subject = "account"
            letter.legs[0].slots = [Slot("limit", at: "bobby", "5/10m")]
        }
        let notice = Letter(to: "bobby", .notice).with { letter in
            letter.proves = false
            letter.brought = "brought along"
        }
        let bucket = Array(Digest(of: "place", "bobby").bytes)
        let secrets: [(name: String, bytes: [UInt8])] = [
            ("contents", Array("sealed planted".utf8)), ("brought", Array("brought along".utf8)),
            ("person", Stationery.person("bobby").bytes), ("subject", Digest(of: "subject", "account").bytes),
            ("bucket", bucket),
        ]
        // Among many others, so that rows are moved from page to page.
        for round in 0..<300 {
            let letters = round % 50 == 7 ? [planted.with { $0.name = "planted" + String(round) }, notice] : []
            for letter in letters + [Letter(to: "other-\(round)", .mfa)] {
                _ = try await lab.store.accept(scene.submission(letter, at: lab.time.now()))
            }
        }
        func found() throws -> [String] {
            let files = try ["", "-wal"].map { try Data(contentsOf: URL(filePath: lab.path + $0)) }
            return secrets.filter { secret in files.contains { $0.firstRange(of: Data(secret.bytes)) != nil } }
                .map(\.name)
        }
        #expect(try found() == secrets.map(\.name))
        if way == "erased" {
            while try await lab.store.erase([Stationery.person("bobby")], buckets: [bucket]).isMore {}
        } else {
            lab.time.pass(.seconds(40 * 86_400))
            while try await lab.store.sweep() {}
            try await tidy(lab)
            await lab.post.checkpoint()
        }
        #expect(try found().isEmpty)
        #expect(try await lab.store.deliveries(to: [Stationery.person("bobby")], after: nil, limit: 9).items.isEmpty)
        try await lab.audit()
    }
}
