import Clocks
import Foundation
import SQLite

/// The file beside a database that says that a damaged page of it was met: the next start has to know.
///
/// It is there from the moment when the page was met until the whole database has been read and found to be whole. That
/// it is there says all; what stands in it, when that was and what SQLite said, is for who looks.
package struct DamageSign: Sendable {
    /// What the name of the file has more than that of the database.
    static let ending = ".damaged"

    let path: String

    package init(of database: String) {
        path = database + DamageSign.ending
    }

    package var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// Has the file on disk before it returns.
    ///
    /// Where it cannot be made intake has stopped all the same, and the next start is as if nothing had been met.
    func leave(_ error: SQLiteError, at now: Instant) {
        let files = FileManager.default
        guard files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else { return }
        defer { _ = try? handle.close() }  // It is synced, or could not be.
        // An empty file says enough.
        _ = try? handle.write(contentsOf: Data("\(now) \(error)\n".utf8))
        _ = try? handle.synchronize()
        // The name is on disk once its folder is.
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        _ = try? FileHandle(forReadingAtPath: folder)?.synchronize()
    }

    func remove() {
        // Where it stays the next start looks once more.
        _ = try? FileManager.default.removeItem(atPath: path)
    }
}

extension Connection {
    /// Reads all of the database where a sign says that a page of it was damaged, and takes the sign away where none is.
    mutating func check(_ sign: DamageSign) throws(SQLiteError) {
        guard sign.isThere else { return }
        try check("PRAGMA integrity_check(1)")
        sign.remove()
    }
}
