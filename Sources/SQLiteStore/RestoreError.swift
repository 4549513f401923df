import Foundation
import SQLite

/// Why a database was not restored.
///
/// The program ends with the exit code.
package enum RestoreError: Error, Equatable {
    case unreadable(path: String)
    /// No database, or another program's.
    case foreign(path: String)
    case damaged(path: String, reason: String)
    /// It was written by a newer program.
    case newer(version: Int64, supported: Int64)
    case otherKeys(path: String)
    case noRoom(path: String)
    case failed(reason: String)
    /// The keys wait for the new database, which is not in its place.
    case interrupted(reason: String)
}

extension RestoreError: CustomStringConvertible {
    package var exitCode: Int32 {
        switch self {
        case .newer, .otherKeys: 78
        case .unreadable, .foreign, .damaged, .noRoom, .failed, .interrupted: 1
        }
    }

    package var description: String {
        switch self {
        case .unreadable(let path): "\(path) cannot be read; nothing was changed. Name a backup, or a database."
        case .foreign(let path):
            "\(path) is no database of Gatepost; nothing was changed. Name what `gatepost backup` wrote, or a database."
        case .damaged(let path, let reason):
            "\(path) is damaged: \(reason). Nothing was changed; take another backup."
        case .newer(let version, let supported):
            "The file has version \(version), this program knows versions up to \(supported). Nothing was changed; use "
                + "the newer program, or another backup."
        case .otherKeys(let path):
            "\(path) was written with other keys than those in the key file, so nothing in it could be opened. Nothing "
                + "was changed; put back the key file that belongs to it."
        case .noRoom(let path):
            "There is no room for another copy beside \(path); nothing was changed. Make room, then restore again."
        case .failed(let reason): "The database was not restored: \(reason). Nothing was changed."
        case .interrupted(let reason):
            "The database is half restored: \(reason). No server starts on it; correct that, then run the same "
                + "`gatepost restore` again."
        }
    }
}

extension RestoreError {
    /// What stood in the way before anything was changed.
    init(_ error: any Error, file: String, beside database: String) {
        switch error {
        case let error as RestoreError: self = error
        case OpeningError.newer(let version, let supported): self = .newer(version: version, supported: supported)
        // The only other thing that is asked of it is whether the keys are its own.
        case is OpeningError: self = .otherKeys(path: file)
        case let error as SQLiteError where error.isDiskFull: self = .noRoom(path: database)
        case let error as SQLiteError where error.isDamage: self = .damaged(path: file, reason: error.message)
        case let error as CocoaError where error.code == .fileWriteOutOfSpace: self = .noRoom(path: database)
        case let error as POSIXError where error.code == .ENOSPC: self = .noRoom(path: database)
        default: self = .failed(reason: DatabasePlace.reason(of: error))
        }
    }
}
