import Foundation
import SQLite
import TestSupport
import Testing

@Suite("Copying a database")
struct CopyingTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("a.db") }
    private var other: String { folder.file("b.db") }

    init() throws {
        folder = try TemporaryFolder()
        let source = try Connection(path: folder.file("a.db"), access: .readWrite)
        try source.execute(
            """
            PRAGMA journal_mode = WAL; CREATE TABLE a (b);
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
            INSERT INTO a SELECT randomblob(1000) FROM n
            """
        )
    }

    private func count(_ path: String) throws -> Int64? {
        var connection = try Connection(path: path, access: .readOnly)
        #expect(try connection.first("PRAGMA integrity_check", read: { $0.text(0) }) == "ok")
        return try connection.first("SELECT count(*) FROM a", read: { $0.integer(0) })
    }

    @Test("copies all of it, in slices, and says how far it has come")
    func copies() throws {
        let source = try Connection(path: path, access: .readOnly)
        let target = try Connection(path: other, access: .readWrite)
        var seen: [(Int, Int)] = []
        let isWhole = try source.copy(to: target, slice: 100) { copied, all in
            seen.append((copied, all))
            return true
        }
        #expect(isWhole)
        try target.execute("PRAGMA journal_mode = DELETE")
        #expect(try count(other) == 2000)
        #expect(seen.count > 3)
        #expect(seen.map(\.0) == (1...seen.count).map { $0 * 100 })
        #expect(Set(seen.map(\.1)).count == 1)
    }

    @Test("within a read transaction copies what there was at its begin, whatever is written meanwhile")
    func copiesASnapshot() throws {
        let writer = try Connection(path: path, access: .readWrite)
        var source = try Connection(path: path, access: .readOnly)
        try source.execute("BEGIN")
        #expect(try source.first("SELECT count(*) FROM a", read: { $0.integer(0) }) == 2000)
        let target = try Connection(path: other, access: .readWrite)
        var slices = 0
        let isWhole = try source.copy(to: target, slice: 50) { _, _ in
            slices += 1
            do { try writer.execute("INSERT INTO a VALUES (randomblob(1000))") } catch { return false }
            return true
        }
        #expect(isWhole)
        #expect(slices < 30)
        try target.execute("PRAGMA journal_mode = DELETE")
        #expect(try count(other) == 2000)
        #expect(try count(path) == 2000 + Int64(slices))
    }

    @Test("that is ended leaves nothing in the other")
    func ends() throws {
        let source = try Connection(path: path, access: .readOnly)
        var target = try Connection(path: other, access: .readWrite)
        #expect(try !source.copy(to: target, slice: 10) { copied, _ in copied < 100 })
        #expect(try target.first("SELECT count(*) FROM sqlite_schema", read: { $0.integer(0) }) == 0)
    }

    @Test("onto a disk without room says so", .enabled(if: SmallDisk.isPermitted, "mounting takes root"))
    func meetsAFullDisk() throws {
        let disk = try SmallDisk()
        let source = try Connection(path: path, access: .readOnly)
        let target = try Connection(path: disk.path + "/b.db", access: .readWrite)
        try target.execute("PRAGMA journal_mode = OFF; PRAGMA cache_size = -64")
        _ = try disk.reserve()
        try disk.fill()
        let error = #expect(throws: SQLiteError.self) { _ = try source.copy(to: target, slice: 10) { _, _ in true } }
        #expect(error?.isDiskFull == true)
    }

    @Test("of a database onto itself, or of a file that is none, is an error")
    func refuses() throws {
        try Data("rubbish and nothing else, long enough to be looked at".utf8).write(to: URL(filePath: other))
        let rubbish = try Connection(path: other, access: .readOnly)
        let target = try Connection(path: folder.file("c.db"), access: .readWrite)
        let error = #expect(throws: SQLiteError.self) { _ = try rubbish.copy(to: target, slice: 10) { _, _ in true } }
        #expect(error?.isDamage == true)
        #expect(throws: SQLiteError.self) { _ = try target.copy(to: target, slice: 10) { _, _ in true } }
    }
}
