private import Foundation
import SQLite

/// The file beside the keys that remembers which life of the database these keys belong to, and how far it had come.
///
/// A database that was copied back is behind it, one that was restored or exchanged has another epoch; both would give
/// out fences and codes again that were given out before. It holds two lines: the epoch in hexadecimal, the sequence.
package struct LifeFile: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    struct Contents: Equatable {
        var epoch: String
        var sequence: Int64
    }

    func read() throws(OpeningError) -> Contents? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .lifeFile("\(path) cannot be read; give it to the user that runs the server")
        }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, lines[0].utf8.count == 32, let sequence = Int64(lines[1]) else {
            throw .lifeFile("\(path) is not what this program wrote; put back the one that belongs to the keys")
        }
        return Contents(epoch: String(lines[0]), sequence: sequence)
    }

    /// Replaces the file in one step and has it on disk before it returns.
    func write(_ contents: Contents) throws {
        let temporary = path + ".new"
        let text = Data("\(contents.epoch)\n\(contents.sequence)\n".utf8)
        guard FileManager.default.createFile(atPath: temporary, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: temporary)
        else { throw CocoaError(.fileWriteUnknown) }
        defer { _ = try? handle.close() }  // It is read-only from here on: closing has nothing to add.
        try handle.write(contentsOf: text)
        try handle.synchronize()
        guard rename(temporary, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        // The name is on disk once its folder is.
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        try FileHandle(forReadingAtPath: folder)?.synchronize()
    }
}

/// Why a database is not opened.
///
/// The program ends with the exit code.
package enum OpeningError: Error, Equatable {
    /// Another server has it.
    case inUse(path: String)
    /// It was written by a newer program.
    case newer(version: Int64, supported: Int64)
    /// It is not the one that the keys belong to, or an older copy of it.
    case otherLife(reason: String)
    case lifeFile(String)
    /// Its pages cannot be what this program wrote.
    case damaged(path: String, reason: String)
    /// Another program holds its lock.
    case locked(path: String)
    case failed(path: String, reason: String)
}

extension OpeningError {
    init(_ error: SQLiteError, path: String) {
        self =
            if error.isDamage {
                .damaged(path: path, reason: error.message)
            } else if error.isBusy {
                .locked(path: path)
            } else {
                .failed(path: path, reason: error.description)
            }
    }
}

extension OpeningError: CustomStringConvertible {
    package var exitCode: Int32 {
        switch self {
        case .inUse, .locked: 1
        case .newer, .otherLife, .lifeFile, .damaged, .failed: 78
        }
    }

    package var description: String {
        switch self {
        case .inUse(let path):
            "Another server has the database \(path). Nothing was opened; stop that server first."
        case .newer(let version, let supported):
            "The database has version \(version), this program knows versions up to \(supported). Nothing was changed; "
                + "start the newer program, or restore a backup of this version with `gatepost restore FILE`."
        case .otherLife(let reason):
            "\(reason) Nothing was changed; put the right database back, or take this one into use with "
                + "`gatepost restore FILE`, which voids the codes and claims that are under way."
        case .lifeFile(let reason): "\(reason). Nothing was opened."
        case .damaged(let path, let reason):
            "The database \(path) is damaged: \(reason). Nothing was opened; keep a copy of it, and put a backup in its "
                + "place with `gatepost restore FILE`."
        case .locked(let path):
            "Another program holds the lock of the database \(path). Nothing was opened; end that program, or start again "
                + "when it has finished."
        case .failed(let path, let reason): "The database \(path) cannot be opened: \(reason)."
        }
    }
}
