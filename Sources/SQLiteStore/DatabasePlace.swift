import Clocks
import Foundation
import SQLite

/// The place of a database in its folder, and the files beside it.
///
/// Nothing here opens a database; whoever has it open through SQLite must not ask for a copy (sqlite.org/howtocorrupt.html,
/// section 2.2).
struct DatabasePlace {
    private static let chunk = 4 << 20

    /// With links resolved, as SQLite names the files beside it.
    let path: String
    private let folder: String

    /// Where a new database is prepared.
    var draft: String { path + ".restoring" }

    init(_ path: String) {
        let url = URL(filePath: path).resolvingSymlinksInPath()
        self.path = url.path(percentEncoded: false)
        folder = url.deletingLastPathComponent().path(percentEncoded: false)
    }

    var isTaken: Bool { FileManager.default.fileExists(atPath: path) }

    /// Whether a path leads to this very file.
    func isAt(_ other: String) -> Bool {
        guard let own = DatabasePlace.identity(of: path) else { return false }
        return DatabasePlace.identity(of: other) == own
    }

    // MARK: The new database

    /// Copies a database with what stands in its WAL to the draft.
    func copy(_ database: String, progress: (Int64, Int64) -> Void) throws {
        removeDraft()
        let file = DatabasePlace(database).path
        let (size, log) = (DatabasePlace.size(of: file), DatabasePlace.size(of: file + "-wal") ?? 0)
        guard let size else { throw RestoreError.unreadable(path: file) }
        try copy(file, to: draft) { copied in progress(copied, size + log) }
        if log > 0 { try copy(file + "-wal", to: draft + "-wal") { copied in progress(size + copied, size + log) } }
    }

    private func copy(_ file: String, to other: String, progress: (Int64) -> Void) throws {
        guard let source = FileHandle(forReadingAtPath: file) else { throw RestoreError.unreadable(path: file) }
        defer { _ = try? source.close() }  // It was only read.
        guard FileManager.default.createFile(atPath: other, contents: nil, attributes: [.posixPermissions: 0o600]),
            let target = FileHandle(forWritingAtPath: other)
        else { throw CocoaError(.fileWriteUnknown) }
        defer { _ = try? target.close() }  // It is synced when it is finished.
        var copied: Int64 = 0
        while let bytes = try DatabasePlace.read(from: source, of: file), !bytes.isEmpty {
            if copied == 0, !file.hasSuffix("-wal"), !bytes.starts(with: "SQLite format 3\0".utf8) {
                throw RestoreError.foreign(path: file)
            }
            try target.write(contentsOf: bytes)
            copied += Int64(bytes.count)
            progress(copied)
        }
        guard copied > 0 else { throw RestoreError.foreign(path: file) }
    }

    private static func read(from source: FileHandle, of file: String) throws(RestoreError) -> Data? {
        do {
            return try source.read(upToCount: chunk)
        } catch {
            throw .unreadable(path: file)
        }
    }

    /// Has the draft, closed before, on disk and gives it to whom the folder belongs.
    func finishDraft() throws {
        giveToOwnerOfFolder(draft)
        guard let handle = FileHandle(forWritingAtPath: draft) else { throw CocoaError(.fileWriteUnknown) }
        try handle.synchronize()
        try handle.close()
    }

    func moveDraft() throws {
        try DatabasePlace.rename(draft, path)
        try syncFolder()
    }

    /// What an earlier restore left goes too.
    func removeDraft() {
        for end in ["", "-wal", "-shm", "-journal"] where FileManager.default.fileExists(atPath: draft + end) {
            // Where it cannot be removed it cannot be written either, which is told.
            _ = try? FileManager.default.removeItem(atPath: draft + end)
        }
    }

    // MARK: The old database

    /// Gives the database another name, its WAL first: without the one that belongs to it no file of this name is opened.
    ///
    /// The sign that a page of it was damaged goes with it.
    ///
    /// Returns the new name, `nil` where there was none.
    func moveAside(at now: Instant, logMoved: () -> Void) throws -> String? {
        let ends = ["-wal", "-shm", DamageSign.ending, ""].filter { FileManager.default.fileExists(atPath: path + $0) }
        guard !ends.isEmpty else { return nil }
        let aside = freeName(at: now)
        for end in ends {
            if end.isEmpty { logMoved() }
            do {
                try DatabasePlace.rename(path + end, aside + end)
            } catch  where !end.isEmpty && !FileManager.default.fileExists(atPath: path + end) {
                // Who had the database open last has just removed it, with all that it held in the database.
            }
        }
        try syncFolder()
        return aside
    }

    private func freeName(at now: Instant) -> String {
        let second = "\(now)".prefix(19).filter { $0 != "-" && $0 != ":" }
        let name = "\(path).before-restore-\(second)Z"
        var count = 1
        var free = name
        while FileManager.default.fileExists(atPath: free) {
            count += 1
            free = "\(name)-\(count)"
        }
        return free
    }

    // MARK: Files

    private func syncFolder() throws {
        try FileHandle(forReadingAtPath: folder)?.synchronize()
    }

    static func changeTime(of path: String) -> Instant? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        return Instant(milliseconds: Int64(facts.st_mtim.tv_sec) * 1000)
    }

    private static func size(of path: String) -> Int64? {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG ? Int64(facts.st_size) : nil
    }

    private static func identity(of path: String) -> [UInt64]? {
        var facts = stat()
        return stat(path, &facts) == 0 ? [UInt64(facts.st_dev), UInt64(facts.st_ino)] : nil
    }

    private static func rename(_ old: String, _ new: String) throws {
        guard Foundation.rename(old, new) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    /// The system's words for what went wrong with a file.
    static func reason(of error: any Error) -> String {
        switch error {
        case let error as POSIXError: String(cString: strerror(error.code.rawValue))
        case let error as CocoaError where error.underlying is POSIXError:
            reason(of: error.underlying ?? error)
        case is CocoaError: "a file could not be written"
        default: "\(error)"
        }
    }
}

/// Gives a file that root has made to whom its folder belongs: the server that must open it may be another user's.
package func giveToOwnerOfFolder(_ file: String) {
    let folder = URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false)
    var facts = stat()
    guard geteuid() == 0, stat(folder, &facts) == 0 else { return }
    // Where it is refused the server says that it cannot open it.
    _ = chown(file, facts.st_uid, facts.st_gid)
}
