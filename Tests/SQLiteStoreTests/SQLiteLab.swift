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

/// A post office in a folder of its own.
final class SQLiteLab: StoreLab {
    private struct Contents: Sendable {
        /// Only while another database is put in its place there is none.
        var office: SQLitePostOffice?
        var settings: StoreSettings
        /// Those that were left without being closed: their connections stay as a killed process would have left them.
        var abandoned: [SQLitePostOffice] = []
    }

    let time: ManualTime
    private let root: String
    /// Kept so that it stays.
    private let folder: TemporaryFolder?
    private let contents: Mutex<Contents>

    var path: String { file("post.db") }
    var life: LifeFile { LifeFile(path: file("keys.state")) }
    var post: SQLitePostOffice {
        guard let office = contents.withLock({ $0.office }) else {
            preconditionFailure("nothing is asked of a store that is being restored")
        }
        return office
    }
    var store: any PostOfficeStore { post }
    var settings: StoreSettings { contents.withLock { $0.settings } }

    /// `folder`: With a database in it, or empty.
    convenience init(routing: RoutingTable = StoreBehaviour.routing, in folder: TemporaryFolder? = nil) throws {
        let folder = try folder ?? TemporaryFolder()
        try self.init(StoreSettings(routing: routing), at: folder.path, keeping: folder)
    }

    /// On a disk that somebody else keeps.
    convenience init(_ settings: StoreSettings, on disk: SmallDisk) throws {
        try self.init(settings, at: disk.path, keeping: nil)
    }

    private init(
        _ settings: StoreSettings,
        at root: String,
        keeping folder: TemporaryFolder?,
        time: ManualTime = ManualTime()
    ) throws {
        (self.root, self.folder, self.time) = (root, folder, time)
        let office = try SQLiteLab.open(root, settings, time, seed: 2)
        contents = Mutex(Contents(office: office, settings: settings))
    }

    func file(_ name: String) -> String { root + "/" + name }

    private static func open(
        _ root: String,
        _ settings: StoreSettings,
        _ time: ManualTime,
        seed: UInt64
    ) throws(OpeningError) -> SQLitePostOffice {
        try SQLitePostOffice(
            path: root + "/post.db",
            life: LifeFile(path: root + "/keys.state"),
            routing: settings.routing,
            budgets: settings.budgets,
            policy: settings.policy,
            numbers: { _, sealed, isPrevious in Stationery.number(in: sealed, isPrevious: isPrevious) },
            time: time,
            stories: settings.stories,
            generator: SeededGenerator(seed: seed),
            terms: settings.terms
        )
    }

    func open() throws(OpeningError) -> SQLitePostOffice {
        try SQLiteLab.open(root, settings, time, seed: 3)
    }

    func reopen(with settings: StoreSettings) async throws {
        await post.close()
        contents.withLock { $0.settings = settings }
        let again = try open()
        contents.withLock { $0.office = again }
    }

    /// Opens the file again while the former store has neither been closed nor copied its WAL back.
    ///
    /// Nothing may be asked of the former any more.
    func kill(reopeningWith settings: StoreSettings) async throws {
        contents.withLock { contents in
            if let office = contents.office { contents.abandoned.append(office) }
            contents.settings = settings
        }
        let again = try open()
        contents.withLock { $0.office = again }
    }

    func countOfRefusals() async throws -> Int64 {
        var connection = try Connection(path: path, access: .readOnly)
        return try connection.first("SELECT count(*) FROM refusal", read: { $0.integer(0) }) ?? 0
    }

    func restore(_ copy: StoreCopy) async throws {
        try await restore(kept(copy))
    }

    /// Takes a copy away from where the next start would remove it.
    func kept(_ copy: StoreCopy) throws -> String {
        let path = file("backup-\(UUID().uuidString)")
        try FileManager.default.moveItem(atPath: copy.path, toPath: path)
        return path
    }

    /// Puts a file in the place of the database, which is closed for it.
    @discardableResult
    func restore(
        _ file: String,
        revokingTokens: Bool = false,
        reached: @escaping (Restoration.Step) -> Void = { _ in }
    ) async throws -> Restoration.Outcome {
        await close()
        let outcome = try Restoration(
            of: file,
            to: path,
            life: life,
            keys: Digest(of: "keys"),
            time: time,
            generator: SeededGenerator(seed: UInt64(time.now().milliseconds)),
            reached: reached
        ).run(revokingTokens: revokingTokens)
        try resume()
        return outcome
    }

    /// Closes the store, its connections too.
    func close() async {
        await post.close()
        contents.withLock { $0.office = nil }
    }

    /// Opens what was closed.
    func resume() throws {
        let again = try open()
        contents.withLock { $0.office = again }
    }

    func twin() async throws -> SQLiteLab {
        // Without a WAL the file is the whole of it.
        await post.close()
        let folder = try TemporaryFolder(inMemory: true)
        for name in ["post.db", "keys.state"] {
            try FileManager.default.copyItem(atPath: file(name), toPath: folder.file(name))
        }
        let time = ManualTime(wall: time.now(), boot: time.boot(), bootID: time.bootID)
        return try SQLiteLab(settings, at: folder.path, keeping: folder, time: time)
    }

    func countOfBuckets() async throws -> Int64 {
        var connection = try Connection(path: path, access: .readOnly)
        return try connection.first("SELECT count(*) FROM bucket", read: { $0.integer(0) }) ?? 0
    }
}
