import Foundation
import JSON
import SQLite
import Schemas
import Testing

@Suite("gatepost migrate", .timeLimit(.minutes(12)))
struct MigrateTests {
    private static let newest = Migration.sqlite.last?.version ?? 0

    /// Puts an empty database of an earlier version where the settings say.
    private func makeOld(_ version: Int64, in post: Installation) throws {
        try FileManager.default.createDirectory(atPath: post.path("data"), withIntermediateDirectories: true)
        let connection = try Connection(path: post.database, access: .readWrite)
        for step in Migration.sqlite where step.version <= version {
            try connection.execute("\(step.script); PRAGMA user_version = \(step.version)")
        }
        try connection.execute(
            """
            INSERT INTO meta (name, value) VALUES ('epoch', x'07070707070707070707070707070707'), ('sequence', 12),
                ('fence', 1048576), ('boot', 'before')
            """
        )
    }

    private func version(of file: String) throws -> Int64? {
        var connection = try Connection(path: file, access: .readOnly)
        return try connection.first("PRAGMA user_version", read: { $0.integer(0) })
    }

    @Test("brings an old database to this version, says so beforehand on request, and copies it first where told")
    func migrates() async throws {
        let newest = MigrateTests.newest
        try await Installation.make(.sandbox) { post in
            try makeOld(3, in: post)
            let dry = try await post.gatepost("migrate", "--dry-run", "--json")
            #expect(dry.code == 0, "\(dry.complaint)")
            #expect(dry.json["from"] == 3 && dry.json["to"] == .integer(newest) && dry.json["dry_run"] == true)
            #expect(try version(of: post.database) == 3)
            let run = try await post.gatepost("migrate", "--backup", "before.db")
            #expect(run.code == 0, "\(run.complaint)")
            #expect(run.output.contains("had version 3 and has \(newest)"))
            #expect(try version(of: post.database) == newest)
            #expect(try version(of: post.path("before.db")) == 3)
            let facts = try FileManager.default.attributesOfItem(atPath: post.path("before.db"))
            #expect(facts[.posixPermissions] as? Int == 0o600)
            let again = try await post.gatepost("migrate")
            #expect(again.code == 0 && again.output.contains("nothing to do"))
            let server = try await post.server()
            _ = try await post.signUp("ann@example.com")
            await post.end(server)
            // What was copied before is a backup like any other.
            let restored = try await post.gatepost("restore", "before.db", "--yes", "--json")
            #expect(restored.code == 0, "\(restored.complaint)")
            #expect(restored.json["from_version"] == 3 && restored.json["version"] == .integer(newest))
            _ = try await post.server()
        }
    }

    @Test("ends with 1 while a server runs, 2 for wrong usage, 78 for a newer database, and changes nothing")
    func refuses() async throws {
        try await Installation.make(.sandbox) { post in
            #expect(try await post.gatepost("migrate").code == 78)
            let server = try await post.server()
            let run = try await post.gatepost("migrate")
            #expect(run.code == 1)
            #expect(run.complaint.contains("a server has the database"))
            await post.end(server)
            #expect(try await post.gatepost("migrate", "now").code == 2)
            #expect(try await post.gatepost("migrate", "--dry-run", "--backup", "a.db").code == 2)
            try Data("mine".utf8).write(to: URL(filePath: post.path("a.db")))
            #expect(try await post.gatepost("migrate", "--backup", "a.db").code == 1)
            #expect(FileManager.default.contents(atPath: post.path("a.db")) == Data("mine".utf8))
            try Connection(path: post.database, access: .readWrite).execute("PRAGMA user_version = 99")
            let newer = try await post.gatepost("migrate")
            #expect(newer.code == 78)
            #expect(newer.complaint.contains("version 99"))
        }
    }
}
