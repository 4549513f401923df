import AuthEvents
import Clocks
import Cryptography
import Deliveries
import Foundation
import SQLite
import Schemas
import Spend
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("A restore")
struct RestoreTests {
    private let stationery = Stationery()

    @discardableResult
    private func accept(_ person: String, in lab: SQLiteLab) async throws -> DeliveryID {
        let letter = Letter(to: person, by: .sms)
        let answer = try await lab.store.accept(stationery.submission(letter, at: lab.time.now()))
        guard case .accepted(let event) = answer else { throw SQLiteError.damage("\(answer)") }
        return try #require(event.deliveries.first).id
    }

    private func names(_ lab: SQLiteLab) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: lab.file("")))
    }

    @Test("keeps the database of before beside it, whole and with its mode, and leaves nothing else")
    func keepsTheOld() async throws {
        let lab = try SQLiteLab()
        let early = try await accept("ann", in: lab)
        let copy = try await lab.kept(lab.store.backUp { true })
        let late = try await accept("bob", in: lab)
        let before = try names(lab)
        lab.time.pass(.seconds(1))
        let outcome = try await lab.restore(copy)
        let kept = try #require(outcome.kept)
        #expect(kept.hasPrefix(lab.path + ".before-restore-"))
        let new = try names(lab).subtracting(before)
        #expect(new.allSatisfy { $0.hasPrefix(URL(filePath: kept).lastPathComponent) })
        let attributes = try FileManager.default.attributesOfItem(atPath: lab.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        var old = try Connection(path: kept, access: .readOnly)
        let ids = try old.all("SELECT id FROM delivery ORDER BY id") { DeliveryID(bytes: $0.blob(0)) }
        #expect(ids == [early, late])
        #expect(try await lab.store.deliveries(DeliveryFilter()).items.map(\.id) == [early])
        try await lab.audit()
        // The same again finds a name of its own.
        let again = try await lab.restore(copy)
        #expect(again.kept != nil && again.kept != kept)
        try await lab.audit()
    }

    @Test("of the old database brings that back: whatever was restored by mistake can be undone")
    func undoes() async throws {
        let lab = try SQLiteLab()
        let copy = try await lab.kept(lab.store.backUp { true })
        let late = try await accept("bob", in: lab)
        lab.time.pass(.seconds(1))
        let kept = try #require(try await lab.restore(copy).kept)
        #expect(try await lab.store.delivery(late, of: nil) == nil)
        lab.time.pass(.seconds(1))
        try await lab.restore(kept)
        #expect(try await lab.store.delivery(late, of: nil)?.reason == .cancelled)
        try await lab.audit()
    }

    @Test(
        "interrupted anywhere leaves the old database, the new one or none that is opened, and done again repairs it",
        arguments: Restoration.Step.allCases
    )
    func isInterrupted(step: Restoration.Step) async throws {
        let lab = try SQLiteLab()
        try await accept("ann", in: lab)
        let copy = try await lab.kept(lab.store.backUp { true })
        try await accept("bob", in: lab)
        let former = lab.store.epoch
        let folder = try TemporaryFolder()
        let (source, copied) = (String(lab.file("").dropLast()), folder.path + "/left")
        try await lab.restore(copy) { reached in
            guard reached == step else { return }
            do { try FileManager.default.copyItem(atPath: source, toPath: copied) } catch { Issue.record(error) }
        }
        // What a kill at this moment would have left.
        let place = copied + "/post.db"
        func open() throws -> SQLitePostOffice {
            try SQLitePostOffice(
                path: place,
                life: LifeFile(path: copied + "/keys.state"),
                routing: lab.settings.routing,
                time: lab.time
            )
        }
        switch step {
        case .copied, .changed: #expect(try open().epoch == former)
        case .remembered, .logMoved, .moved:
            let error = #expect(throws: OpeningError.self) { _ = try open() }
            #expect(error?.exitCode == 78)
            #expect(error?.description.contains("gatepost restore") == true)
        case .done: #expect(try open().epoch == lab.store.epoch)
        }
        let again = try Restoration(
            of: copy,
            to: place,
            life: LifeFile(path: copied + "/keys.state"),
            keys: Digest(of: "keys"),
            time: lab.time
        ).run()
        #expect(again.counts.cancelled == 1)
        let office = try open()
        #expect(office.epoch != former && office.epoch != lab.store.epoch)
        #expect(try await office.deliveries(DeliveryFilter()).items.map(\.reason) == [.cancelled])
        let left = try FileManager.default.contentsOfDirectory(atPath: copied).filter { $0.contains(".restoring") }
        #expect(left.isEmpty)
    }

    @Test("of a database that was copied back with its log takes it into use in its place")
    func inPlace() async throws {
        let lab = try SQLiteLab()
        let early = try await accept("ann", in: lab)
        // As a killed server leaves it, copied as files are.
        for end in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: lab.path + end, toPath: lab.file("copy.db" + end))
        }
        lab.time.pass(.seconds(60))
        try await accept("bob", in: lab)
        let last = lab.time.now()
        lab.post.rememberLife()
        await lab.close()
        for end in ["", "-wal", "-shm"] { _ = try? FileManager.default.removeItem(atPath: lab.path + end) }
        for end in ["", "-wal"] {
            try FileManager.default.moveItem(atPath: lab.file("copy.db" + end), toPath: lab.path + end)
        }
        #expect(throws: OpeningError.self) { try lab.resume() }
        let restoration = try Restoration(
            of: lab.file("./post.db"),
            to: lab.path,
            life: lab.life,
            keys: Digest(of: "keys"),
            time: lab.time
        )
        #expect(restoration.plan.isInPlace)
        #expect(restoration.plan.counts?.cancelled == 1)
        let outcome = try restoration.run()
        #expect(outcome.kept == nil)
        #expect(outcome.restore.missing == last - .seconds(60)..<lab.time.now())
        try lab.resume()
        #expect(try await lab.store.deliveries(DeliveryFilter()).items.map(\.id) == [early])
        #expect(try await lab.store.deliveries(DeliveryFilter()).items.map(\.reason) == [.cancelled])
        try await lab.audit()
    }

    @Test("takes a database and its log from elsewhere as they are, and leaves both as they were")
    func takesALog() async throws {
        let lab = try SQLiteLab()
        let early = try await accept("ann", in: lab)
        for end in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: lab.path + end, toPath: lab.file("copy.db" + end))
        }
        let before = ["", "-wal"].map { FileManager.default.contents(atPath: lab.file("copy.db" + $0)) }
        #expect(before[1]?.isEmpty == false)
        try await accept("bob", in: lab)
        lab.time.pass(.seconds(1))
        try await lab.restore(lab.file("copy.db"))
        #expect(try await lab.store.deliveries(DeliveryFilter()).items.map(\.id) == [early])
        #expect(["", "-wal"].map { FileManager.default.contents(atPath: lab.file("copy.db" + $0)) } == before)
        try await lab.audit()
    }

    @Test("of a link takes the database and the log that it leads to")
    func followsALink() async throws {
        let lab = try SQLiteLab()
        let early = try await accept("ann", in: lab)
        let folder = try TemporaryFolder()
        for end in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: lab.path + end, toPath: folder.file("copy.db" + end))
        }
        try FileManager.default.createSymbolicLink(
            atPath: lab.file("link.db"),
            withDestinationPath: folder.file("copy.db")
        )
        try await accept("bob", in: lab)
        lab.time.pass(.seconds(1))
        try await lab.restore(lab.file("link.db"))
        #expect(try await lab.store.deliveries(DeliveryFilter()).items.map(\.id) == [early])
        try await lab.audit()
    }

    @Test("where there is no database, and nothing that remembers one, puts it there", arguments: [false, true])
    func onAnEmptyMachine(hasDamagedState: Bool) async throws {
        let lab = try SQLiteLab()
        let early = try await accept("ann", in: lab)
        let copy = try await lab.kept(lab.store.backUp { true })
        await lab.close()
        for end in ["", "-wal", "-shm"] { _ = try? FileManager.default.removeItem(atPath: lab.path + end) }
        try FileManager.default.removeItem(atPath: lab.life.path)
        lab.time.pass(.seconds(1))
        if hasDamagedState { try Data("nonsense".utf8).write(to: URL(filePath: lab.life.path)) }
        let outcome = try Restoration(
            of: copy,
            to: lab.path,
            life: lab.life,
            keys: Digest(of: "keys"),
            time: lab.time
        ).run()
        #expect(outcome.kept == nil)
        try lab.resume()
        #expect(try lab.life.read()?.epoch == lab.store.epoch.hex)
        #expect(try await lab.store.delivery(early, of: nil)?.reason == .cancelled)
        try await lab.audit()
    }

    @Test("revokes all tokens where that is asked for, and else none", arguments: [false, true])
    func tokens(revoking: Bool) async throws {
        let lab = try SQLiteLab()
        let token = StoredToken(
            id: "tk_1",
            hash: Digest(of: "token"),
            scopes: ["events"],
            tenant: nil,
            gateways: [],
            createdAt: lab.time.now(),
            expiresAt: nil
        )
        try await lab.store.create(token)
        let copy = try await lab.kept(lab.store.backUp { true })
        #expect(try await lab.store.revoke("tk_1", of: nil))
        let outcome = try await lab.restore(copy, revokingTokens: revoking)
        #expect(outcome.counts.tokens == (revoking ? 1 : 0))
        let found = try await lab.store.token(hash: Digest(of: "token"))
        #expect(found?.revokedAt == (revoking ? lab.time.now() : nil))
    }

    @Test(
        "of a database of an earlier version brings it to this one",
        arguments: MigrationTests.versions,
        [false, true]
    )
    func olderVersion(version: Int64, isInPlace: Bool) async throws {
        let old = try OldDatabase(version: version)
        let folder = try TemporaryFolder()
        let time = ManualTime()
        let path = isInPlace ? old.folder.file("post.db") : folder.file("post.db")
        let life = LifeFile(path: folder.file("keys.state"))
        let restoration = try Restoration(
            of: old.folder.file("post.db"),
            to: path,
            life: life,
            keys: Digest(of: "keys"),
            time: time
        )
        #expect((restoration.plan.version, restoration.plan.isInPlace) == (version, isInPlace))
        #expect(restoration.plan.counts?.challenges == (isInPlace ? nil : 2))
        let outcome = try restoration.run()
        #expect((outcome.counts.cancelled, outcome.counts.givenUp, outcome.counts.challenges) == (1, 1, 2))
        let office = try SQLitePostOffice(path: path, life: life, routing: StoreBehaviour.routing, time: time)
        let shown = try await office.deliveries(DeliveryFilter()).items
        #expect(Set(shown.map(\.reason)) == [.cancelled, .gaveUp])
    }
}
