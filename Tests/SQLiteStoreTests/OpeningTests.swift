import Foundation
import SQLite
import Schemas
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("Opening a database")
struct OpeningTests {
    private let stationery = Stationery()

    private func accept(_ name: String, in lab: SQLiteLab) async throws {
        let letter = Letter(to: "bobby").with { $0.name = name }
        _ = try await lab.store.accept(stationery.submission(letter, at: lab.time.now()))
    }

    @Test("that a newer program wrote is refused, and not a byte is changed")
    func refusesNewer() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("post.db")
        let connection = try Connection(path: path, access: .readWrite)
        try connection.execute("CREATE TABLE novelty (a); PRAGMA user_version = 99")
        let bytes = FileManager.default.contents(atPath: path)
        #expect(throws: OpeningError.newer(version: 99, supported: try #require(Migration.sqlite.last).version)) {
            _ = try SQLitePostOffice(
                path: path,
                life: LifeFile(path: folder.file("keys.state")),
                routing: StoreBehaviour.routing,
                time: ManualTime()
            )
        }
        #expect(FileManager.default.contents(atPath: path) == bytes)
        #expect(!FileManager.default.fileExists(atPath: folder.file("keys.state")))
    }

    @Test("whose epoch the keys do not know is refused")
    func refusesAnotherEpoch() async throws {
        let lab = try SQLiteLab()
        let life = try #require(try lab.life.read())
        try await accept("one", in: lab)
        await lab.post.close()
        try lab.life.write(LifeFile.Contents(epoch: String(repeating: "0", count: 32), sequence: life.sequence))
        #expect { _ = try lab.open() } throws: { error in
            if case .some(.otherLife) = error as? OpeningError { true } else { false }
        }
        #expect((try lab.life.read())?.epoch == String(repeating: "0", count: 32))
    }

    @Test("that is an older copy is refused; the newest, and one of before the keys remembered, are not")
    func refusesOlderCopies() async throws {
        let lab = try SQLiteLab()
        try await accept("one", in: lab)
        await lab.post.close()
        let copy = FileManager.default.contents(atPath: lab.path)
        let remembered = try #require(try lab.life.read())
        try await lab.reopen()
        try await accept("two", in: lab)
        lab.post.rememberLife()
        let later = try #require(try lab.life.read())
        #expect(later.sequence > remembered.sequence)
        await lab.post.close()
        let other = lab.file("copy.db")
        #expect(FileManager.default.createFile(atPath: other, contents: copy))
        let open = { [life = lab.life, time = lab.time] in
            _ = try SQLitePostOffice(path: other, life: life, routing: StoreBehaviour.routing, time: time)
        }
        #expect(throws: OpeningError.self) { try open() }
        #expect(try lab.life.read() == later)
        try lab.life.write(remembered)
        try open()
    }

    @Test("without a life file is accepted, and makes one")
    func acceptsAMissingLifeFile() async throws {
        let lab = try SQLiteLab()
        try await accept("one", in: lab)
        await lab.post.close()
        let remembered = try #require(try lab.life.read())
        try FileManager.default.removeItem(atPath: lab.life.path)
        try await lab.reopen()
        #expect(try lab.life.read() == remembered)
    }

    @Test("that is missing while the keys remember one is refused")
    func refusesAMissingDatabase() async throws {
        let folder = try TemporaryFolder()
        let life = LifeFile(path: folder.file("keys.state"))
        let contents = LifeFile.Contents(epoch: String(repeating: "a", count: 32), sequence: 7)
        try life.write(contents)
        for _ in 1...2 {
            #expect(throws: OpeningError.self) {
                _ = try SQLitePostOffice(
                    path: folder.file("post.db"),
                    life: life,
                    routing: StoreBehaviour.routing,
                    time: ManualTime()
                )
            }
        }
        #expect(try life.read() == contents)
    }

    @Test("with a life file that is none is refused", arguments: ["", "\n\n", "abc\n7\n", "x\n"])
    func refusesADamagedLifeFile(text: String) async throws {
        let lab = try SQLiteLab()
        await lab.post.close()
        try Data(text.utf8).write(to: URL(filePath: lab.life.path))
        #expect { _ = try lab.open() } throws: { error in
            if case .some(.lifeFile) = error as? OpeningError { true } else { false }
        }
    }

    @Test("leaves one file behind when it is closed, and a life file that only its owner reads")
    func leavesOneFile() async throws {
        let lab = try SQLiteLab()
        try await accept("one", in: lab)
        await lab.post.close()
        let wal = FileManager.default.contents(atPath: lab.path + "-wal")
        #expect(wal?.isEmpty ?? true)
        let attributes = try FileManager.default.attributesOfItem(atPath: lab.life.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(!FileManager.default.fileExists(atPath: lab.life.path + ".new"))
    }
}
