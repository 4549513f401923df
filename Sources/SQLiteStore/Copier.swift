import Clocks
import Dispatch
import Foundation
import SQLite
import Store
import Synchronization

/// Copies the database while it is in use, one copy at a time, off the cooperative pool.
///
/// The copy is that of one snapshot, which a connection of its own holds: commits go on meanwhile, and none makes it begin
/// anew. What is written since cannot be copied back from the WAL before the snapshot ends, so the WAL's length bounds it.
final class Copier: Sendable {
    private let path: String
    private let walLimit: Int
    private let walBytes: @Sendable () -> Int
    private let damage: Damage
    private let queue = DispatchQueue(label: "store.backup", qos: .utility)
    private let isBusy = Atomic(false)

    /// `walLimit`: How many bytes the WAL may come to while a copy is made.
    ///
    /// `walBytes`: How many are in it.
    ///
    /// `damage`: Told of what cannot be read, or is not whole in a copy.
    init(path: String, walLimit: Int, walBytes: @escaping @Sendable () -> Int, damage: Damage) {
        (self.path, self.walLimit, self.walBytes, self.damage) = (path, walLimit, walBytes, damage)
    }

    func copy(at now: Instant, while proceed: @escaping @Sendable () -> Bool) async throws(BackupError) -> StoreCopy {
        guard !isBusy.exchange(true, ordering: .acquiringAndReleasing) else { throw .isUnderWay }
        defer { isBusy.store(false, ordering: .releasing) }
        let result: Result<StoreCopy, BackupError> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.copy(at: now, while: proceed)) }
        }
        return try result.get()
    }

    private func copy(at now: Instant, while proceed: () -> Bool) -> Result<StoreCopy, BackupError> {
        let draft = path + Copier.beginning + String(UInt64.random(in: .min ... .max), radix: 36) + Copier.ending
        var obstacle = BackupError.givenUp
        do {
            var source = try Connection(path: path, access: .readOnly)
            try source.execute("PRAGMA busy_timeout = 2000; PRAGMA query_only = ON; PRAGMA cache_size = -8192")
            let needed = Copier.room(for: try source.size())
            guard freeBytes >= needed else { return .failure(.noRoom(needed: needed)) }
            let sequence = try source.writeCopy(to: draft, at: now) { _, _ in
                if walBytes() > walLimit { obstacle = .overtaken(limit: walLimit) }
                return obstacle == .givenUp && proceed()
            }
            if let sequence { return .success(StoreCopy(path: draft, madeAt: now, sequence: sequence)) }
        } catch {
            damage.note(error)
            obstacle = error.isDiskFull ? .noRoom(needed: 0) : .store(StoreError(error))
        }
        // It is not there where nothing was begun.
        _ = try? FileManager.default.removeItem(atPath: draft)
        return .failure(obstacle)
    }

    /// What a copy of so many bytes needs, with some to spare so that the writer does not meet a full disk.
    private static func room(for size: Int64) -> Int64 { size + max(1 << 20, min(size / 4, 256 << 20)) }

    private var freeBytes: Int64 {
        let facts = try? FileManager.default.attributesOfFileSystem(forPath: directory)
        return (facts?[.systemFreeSize] as? NSNumber)?.int64Value ?? .max
    }

    private var directory: String { URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false) }

    // MARK: What a server that was killed leaves

    private static let beginning = ".copying-"
    private static let ending = ".part"

    /// Removes copies that nobody finished; only whoever has the database may.
    func removeLeftovers() {
        let name = URL(filePath: path).lastPathComponent + Copier.beginning
        // A folder that cannot be listed says so when the database is opened.
        for file in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        where file.hasPrefix(name) && file.hasSuffix(Copier.ending) {
            _ = try? FileManager.default.removeItem(atPath: directory + "/" + file)
        }
    }
}
