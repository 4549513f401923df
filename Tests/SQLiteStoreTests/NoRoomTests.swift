import Clocks
import SQLite
import Spend
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("Where there is no room for what is accounted for")
struct NoRoomTests {
    /// A database of the smallest pages, so that almost every row needs another.
    private func smallPages() async throws -> SQLiteLab {
        let folder = try TemporaryFolder()
        let connection = try Connection(path: folder.file("post.db"), access: .readWrite)
        try connection.execute("PRAGMA page_size = 512; CREATE TABLE first (a); DROP TABLE first")
        let lab = try SQLiteLab(in: folder)
        try await lab.reopen(with: SMSWalk.settings)
        return lab
    }

    /// Whatever a limit below the size of the database says, SQLite keeps the size (sqlite.org/pragma.html#pragma_max_page_count).
    private func limit(_ lab: SQLiteLab, toMore pages: Int) async throws {
        try await lab.post.writer.perform { core throws(SQLiteError) in
            let size = try core.connection.first("PRAGMA page_count", read: { $0.integer(0) }) ?? 0
            try core.connection.execute("PRAGMA max_page_count = \(size + Int64(pages))")
        }
    }

    private func lacksRoom(for step: SMSWalk.Step, in lab: SQLiteLab, pages: Int) async throws -> Bool {
        try await limit(lab, toMore: pages)
        do throws(StoreError) {
            try await lab.post.writer.perform(step.run)
            return false
        } catch {
            guard case .unavailable = error else { throw error }
            return true
        }
    }

    @Test("each request succeeds wholly or changes nothing, whichever page it lacks")
    func lacksAPage() async throws {
        let lab = try await smallPages()
        var lacking: [String: Int] = [:]
        for (pass, step) in SMSWalk(in: lab).steps {
            lab.time.pass(pass)
            let before = try lab.rows()
            var pages = 0
            while try await lacksRoom(for: step, in: lab, pages: pages) {
                lacking[step.name, default: 0] += 1
                #expect(try lab.rows() == before, "\(step.name) with \(pages) pages")
                if pages % 3 == 0 { try await lab.audit() }
                pages += 1
            }
            try await limit(lab, toMore: 10_000)
            try await lab.audit()
        }
        for name in ["accept", "begin", "settle refused"] { #expect(lacking[name, default: 0] > 0, "\(lacking)") }
        #expect(lacking.values.reduce(0, +) > 40, "\(lacking)")
        try await isAccountedFor(lab)
    }

    @Test("each request changes nothing where its commit fails, and is done when it comes again")
    func failsToCommit() async throws {
        let lab = try SQLiteLab()
        try await lab.reopen(with: SMSWalk.settings)
        await lab.post.close()
        let core = try WriterCore.open(
            path: lab.path,
            life: lab.life,
            routing: SMSWalk.settings.routing,
            budgets: SMSWalk.settings.budgets,
            policy: SMSWalk.settings.policy,
            numbers: { _, _, _ in nil },
            time: lab.time,
            generator: SeededGenerator(seed: 5)
        )
        // A deferred constraint is what SQLite looks at in COMMIT and not before.
        try core.connection.execute(
            """
            CREATE TABLE parent (id INTEGER PRIMARY KEY);
            CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
            PRAGMA foreign_keys = ON;
            """
        )
        let writer = Writer(core: core, committed: { _, _, _ in }, checkpointed: { _ in })
        for (pass, step) in SMSWalk(in: lab).steps {
            lab.time.pass(pass)
            let before = try lab.rows()
            await #expect(throws: StoreError.self, "\(step.name)") {
                try await writer.perform { core throws(SQLiteError) in
                    try step.run(&core)
                    try core.connection.run("INSERT INTO child (parent) VALUES (7)")
                }
            }
            #expect(try lab.rows() == before, "\(step.name)")
            try await writer.perform(step.run)
        }
        _ = await writer.close()
        try await lab.reopen()
        try await lab.audit()
        try await isAccountedFor(lab)
    }

    /// The walk came to where it leads with room for everything.
    private func isAccountedFor(_ lab: SQLiteLab) async throws {
        let kinds = try await lab.store.ledger(LedgerFilter()).map(\.kind)
        for kind in LedgerKind.allCases { #expect(kinds.contains(kind), "no entry was \(kind)") }
        let plain = try SQLiteLab()
        try await plain.reopen(with: SMSWalk.settings)
        for (pass, step) in SMSWalk(in: plain).steps {
            plain.time.pass(pass)
            try await plain.post.writer.perform(step.run)
        }
        #expect(try await plain.store.ledger(LedgerFilter()).map(\.kind) == kinds)
        let used = try await lab.store.budgets(of: nil).map(\.used)
        #expect(try await plain.store.budgets(of: nil).map(\.used) == used)
    }
}
