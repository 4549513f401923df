import AuthEvents
import Clocks
import Deliveries
import Foundation
import SQLite
import Store
import StoreBehaviour
import Synchronization
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("A backup")
struct BackupTests {
    private let stationery = Stationery()

    private func accept(_ count: Int, in lab: SQLiteLab) async throws -> Set<DeliveryID> {
        var ids: Set<DeliveryID> = []
        for number in 0..<count {
            let letter = Letter(to: "person-\(number)-\(ids.count)")
            guard
                case .accepted(let event) = try await lab.store.accept(
                    stationery.submission(letter, at: lab.time.now())
                )
            else { continue }
            ids.formUnion(event.deliveries.map(\.id))
        }
        return ids
    }

    private func deliveries(in path: String) throws -> Set<DeliveryID> {
        var connection = try Connection(path: path, access: .readOnly)
        #expect(try connection.first("PRAGMA integrity_check", read: { $0.text(0) }) == "ok")
        return Set(try connection.all("SELECT id FROM delivery") { DeliveryID(bytes: $0.blob(0)) }.compactMap(\.self))
    }

    private func drafts(of lab: SQLiteLab) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: lab.file("")).filter { $0.hasSuffix(".part") }
    }

    @Test("holds all that was accepted before it was asked for, while more is accepted; one file for its owner alone")
    func holdsAll() async throws {
        let lab = try SQLiteLab()
        let before = try await accept(300, in: lab)
        async let others = accept(300, in: lab)
        let copy = try await lab.store.backUp { true }
        let all = try await before.union(others)
        let found = try deliveries(in: copy.path)
        #expect(found.isSuperset(of: before))
        #expect(found.isSubset(of: all))
        #expect(copy.madeAt == lab.time.now())
        #expect(try backupFacts(of: copy.path) == copy)
        let bytes = try #require(FileManager.default.contents(atPath: copy.path))
        // Not in WAL mode (sqlite.org/fileformat.html, section 1.3.3): nothing else belongs to it.
        #expect(bytes[18..<20].elementsEqual([1, 1]))
        let attributes = try FileManager.default.attributesOfItem(atPath: copy.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try drafts(of: lab).count == 1)
    }

    @Test("that nobody waits for any more ends, and leaves nothing")
    func givesUp() async throws {
        let lab = try SQLiteLab()
        _ = try await accept(300, in: lab)
        await #expect(throws: BackupError.givenUp) { _ = try await lab.store.backUp { false } }
        #expect(try drafts(of: lab).isEmpty)
        _ = try await lab.store.backUp { true }
    }

    @Test("is made one at a time")
    func isAlone() async throws {
        let lab = try SQLiteLab()
        _ = try await accept(300, in: lab)
        let second = Mutex<BackupError?>(nil)
        let (asked, wasAsked) = AsyncStream<Void>.makeStream()
        let isDone = Atomic(false)
        async let first = lab.store.backUp {
            wasAsked.yield()
            // Slices go on until the second has had its answer.
            while !isDone.load(ordering: .acquiring) { usleep(1000) }
            return true
        }
        for await _ in asked { break }
        do throws(BackupError) {
            _ = try await lab.store.backUp { true }
        } catch {
            second.withLock { $0 = error }
        }
        isDone.store(true, ordering: .releasing)
        _ = try await first
        #expect(second.withLock { $0 } == .isUnderWay)
        _ = try await lab.store.backUp { true }
    }

    @Test("gives up when the log grows beyond its bound meanwhile, and the log is copied back afterwards")
    func isBounded() async throws {
        let limit = 1 << 21
        let folder = try TemporaryFolder()
        let time = ManualTime()
        let office = try SQLitePostOffice(
            path: folder.file("post.db"),
            life: LifeFile(path: folder.file("keys.state")),
            routing: StoreBehaviour.routing,
            time: time,
            terms: StoreTerms(walLimit: 2 * limit)
        )
        // More than one slice.
        _ = try await office.accept((0..<1500).map { stationery.submission(Letter(to: "p\($0)"), at: time.now()) })
        await office.checkpoint()
        let (begun, hasBegun) = AsyncStream<Void>.makeStream()
        let hasGrown = Atomic(false)
        async let copy = office.backUp {
            hasBegun.yield()
            while !hasGrown.load(ordering: .acquiring) { usleep(1000) }
            return true
        }
        for await _ in begun { break }
        for number in 0..<1000 where office.writer.walBytes <= limit {
            _ = try await office.accept([stationery.submission(Letter(to: "q\(number)"), at: time.now())])
        }
        #expect(office.writer.walBytes > limit)
        #expect(office.shortage == nil)
        hasGrown.store(true, ordering: .releasing)
        var obstacle: (any Error)?
        do { _ = try await copy } catch { obstacle = error }
        #expect(obstacle as? BackupError == .overtaken(limit: limit))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasSuffix(".part") })
        await office.checkpoint()
        #expect(FileManager.default.contents(atPath: folder.file("post.db-wal"))?.isEmpty == true)
        await office.close()
    }

    @Test(
        "without room for it is refused and leaves nothing; what is accepted goes on",
        .enabled(if: SmallDisk.isPermitted)
    )
    func needsRoom() async throws {
        let disk = try SmallDisk()
        let lab = try SQLiteLab(StoreSettings(), on: disk)
        _ = try await accept(50, in: lab)
        let reserve = try disk.reserve()
        let ballast = try #require(FileManager.default.contents(atPath: reserve)).count
        #expect(ballast > 0)
        try disk.fill()
        await #expect { _ = try await lab.store.backUp { true } } throws: { error in
            if case .some(.noRoom) = error as? BackupError { true } else { false }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).allSatisfy { !$0.hasSuffix(".part") })
        try disk.free()
        try disk.free(reserve)
        #expect(try await accept(5, in: lab).count == 5)
        let copy = try await lab.store.backUp { true }
        try FileManager.default.removeItem(atPath: copy.path)
    }

    @Test("that a killed server left is removed at the next start, and nothing else")
    func removesLeftovers() async throws {
        let lab = try SQLiteLab()
        let names = ["post.db.copying-1a2b.part", "post.db.copying-kept", "other.db.copying-1.part", "post.db.part"]
        for name in names { _ = FileManager.default.createFile(atPath: lab.file(name), contents: nil) }
        try await lab.reopen()
        let left = try FileManager.default.contentsOfDirectory(atPath: lab.file(""))
        #expect(names.filter(left.contains) == Array(names.dropFirst()))
    }

    @Test("is no database to be opened, with or without what the keys remember")
    func isNotOpened() async throws {
        let lab = try SQLiteLab()
        let copy = try await lab.store.backUp { true }
        await lab.close()
        try FileManager.default.removeItem(atPath: lab.path)
        try FileManager.default.moveItem(atPath: copy.path, toPath: lab.path)
        for isRemembered in [true, false] {
            if !isRemembered { try FileManager.default.removeItem(atPath: lab.life.path) }
            let error = #expect(throws: OpeningError.self) { try lab.resume() }
            #expect(error?.description.contains("is a backup") == true)
            #expect(error?.description.contains("gatepost restore") == true)
        }
    }
}
