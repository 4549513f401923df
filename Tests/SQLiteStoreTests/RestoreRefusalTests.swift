import Clocks
import Foundation
import SQLite
import Schemas
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

/// What cannot be restored, and what is left then: the database as it was, and nothing beside it.
@Suite("A restore that is refused")
struct RestoreRefusalTests {
    private let folder: TemporaryFolder
    private let time = ManualTime()
    private var database: String { folder.file("post.db") }
    private var file: String { folder.file("other.db") }

    init() async throws {
        folder = try TemporaryFolder()
        let office = try SQLitePostOffice(
            path: folder.file("post.db"),
            life: LifeFile(path: folder.file("keys.state")),
            routing: StoreBehaviour.routing,
            time: time,
            keys: Digest(of: "keys")
        )
        let copy = try await office.backUp { true }
        await office.close()
        try FileManager.default.moveItem(atPath: copy.path, toPath: folder.file("other.db"))
    }

    private func restore(_ file: String, keys: String = "keys") throws {
        _ = try Restoration(
            of: file,
            to: database,
            life: LifeFile(path: folder.file("keys.state")),
            keys: Digest(of: keys),
            time: time
        ).run()
    }

    private func contents() throws -> [String: Data?] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        // What SQLite makes for whoever reads says nothing.
        return Dictionary(
            uniqueKeysWithValues: names.filter { !$0.hasSuffix("-shm") && !$0.hasSuffix("-wal") }.map {
                ($0, FileManager.default.contents(atPath: folder.file($0)))
            }
        )
    }

    private func refuses(_ expected: RestoreError, _ file: String, keys: String = "keys") throws {
        let before = try contents()
        #expect(throws: expected) { try restore(file, keys: keys) }
        #expect(try contents() == before)
    }

    @Test("of what is not there, or no file")
    func nothing() throws {
        try refuses(.unreadable(path: folder.file("nothing")), folder.file("nothing"))
        try refuses(.unreadable(path: folder.path), folder.path)
    }

    @Test("of what is no database, or another program's", arguments: ["", "rubbish", "SQLite format 3\0 and no more"])
    func rubbish(text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file))
        #expect(throws: RestoreError.self) { try restore(file) }
        #expect(try !contents().keys.contains { $0.contains(".restoring") })
    }

    @Test("of another program's database")
    func foreign() throws {
        let other = folder.file("foreign.db")
        try Connection(path: other, access: .readWrite).execute("CREATE TABLE meta (a); CREATE TABLE event (b)")
        try refuses(.foreign(path: other), other)
    }

    @Test("of a newer program's")
    func newer() throws {
        try Connection(path: file, access: .readWrite).execute("PRAGMA user_version = 99")
        let supported = try #require(Migration.sqlite.last).version
        try refuses(.newer(version: 99, supported: supported), file)
    }

    @Test("of one that was written with other keys")
    func otherKeys() throws {
        try refuses(.otherKeys(path: file), file, keys: "others")
    }

    @Test("of one that is damaged, wherever a page was overwritten")
    func damaged() throws {
        let whole = try #require(FileManager.default.contents(atPath: file))
        for page in 1..<whole.count / 4096 {
            var bytes = whole
            bytes.replaceSubrange(page * 4096..<(page + 1) * 4096, with: Data(repeating: 0xa5, count: 4096))
            try bytes.write(to: URL(filePath: file))
            let before = try contents()
            let error = #expect(throws: RestoreError.self) { try restore(file) }
            switch error {
            case .damaged, .foreign: break
            case let other: Issue.record("page \(page): \(other.map { "\($0)" } ?? "nothing")")
            }
            #expect(try contents() == before)
        }
    }

    @Test("for want of room", .enabled(if: SmallDisk.isPermitted, "mounting a small file system takes root"))
    func noRoom() async throws {
        let disk = try SmallDisk()
        try FileManager.default.copyItem(atPath: database, toPath: disk.path + "/post.db")
        let before = FileManager.default.contents(atPath: disk.path + "/post.db")
        try disk.fill()
        #expect(throws: RestoreError.noRoom(path: disk.path + "/post.db")) {
            _ = try Restoration(
                of: file,
                to: disk.path + "/post.db",
                life: LifeFile(path: folder.file("keys.state")),
                keys: Digest(of: "keys"),
                time: time
            ).run()
        }
        #expect(FileManager.default.contents(atPath: disk.path + "/post.db") == before)
        let names = try FileManager.default.contentsOfDirectory(atPath: disk.path)
        #expect(!names.contains { $0.contains(".restoring") })
    }
}
