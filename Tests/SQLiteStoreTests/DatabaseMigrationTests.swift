import Foundation
import SQLite
import Schemas
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("A migration by hand")
struct DatabaseMigrationTests {
    private func version(of path: String) throws -> Int64? {
        var connection = try Connection(path: path, access: .readOnly)
        return try connection.first("PRAGMA user_version", read: { $0.integer(0) })
    }

    @Test(
        "brings a database of any version to this one, after a backup of it as it was",
        arguments: MigrationTests.versions
    )
    func migrates(version: Int64) async throws {
        let old = try OldDatabase(version: version)
        let (path, backup) = (old.folder.file("post.db"), old.folder.file("backup.db"))
        let life = LifeFile(path: old.folder.file("keys.state"))
        let migration = try DatabaseMigration(path: path, life: life, keys: Digest(of: "keys"))
        #expect(migration.version == version)
        #expect(try self.version(of: path) == version)
        try migration.backUp(to: backup, at: ManualTime().now()) { _, _ in }
        try migration.run()
        #expect(try self.version(of: path) == Migration.sqlite.last?.version)
        #expect(try self.version(of: backup) == version)
        #expect(try backupFacts(of: backup).sequence == 12)
        let lab = try SQLiteLab(in: old.folder)
        try await lab.audit()
        await lab.close()
        let again = try DatabaseMigration(path: path, life: life, keys: Digest(of: "keys"))
        #expect(again.version == again.newVersion)
    }

    @Test("refuses what a server refuses, and makes none")
    func refuses() throws {
        let old = try OldDatabase(version: 3)
        let path = old.folder.file("post.db")
        let life = LifeFile(path: old.folder.file("keys.state"))
        func migrate(_ path: String) throws {
            try DatabaseMigration(path: path, life: life, keys: Digest(of: "keys")).run()
        }
        #expect(throws: OpeningError.self) { try migrate(old.folder.file("none.db")) }
        #expect(!FileManager.default.fileExists(atPath: old.folder.file("none.db")))
        try life.write(LifeFile.Contents(epoch: String(repeating: "0", count: 32), sequence: 1))
        #expect(throws: OpeningError.self) { try migrate(path) }
        #expect(try version(of: path) == 3)
        try Connection(path: path, access: .readWrite).execute("PRAGMA user_version = 99")
        #expect(throws: OpeningError.self) { try migrate(path) }
    }
}
