import Clocks
import Configuration
import Foundation
import Keys
import Processes
import SQLiteStore
import Store

/// The database of the settings, which no server has as long as this is there.
struct OwnDatabase {
    let settings: Settings
    let path: String
    let life: LifeFile
    let keys: Digest
    let time: any TimeSource
    private let lock: FileLock

    /// Takes the same lock as a server does.
    init(_ invocation: Invocation) throws {
        CurrentProcess.keepFilesPrivate()
        let file = SettingsPlace.path(invocation.config, environment: invocation.environment)
        settings = try Settings(file: file, environment: invocation.environment)
        time = SettingsPlace.time(for: settings, environment: invocation.environment)
        path = settings.database
        life = LifeFile(path: settings.lifeFile)
        do {
            keys = try Keyring(path: settings.keyFile).fingerprint
        } catch {
            throw CommandFailure(78, error.description)
        }
        try FileManager.default.createDirectory(atPath: directory(of: path), withIntermediateDirectories: true)
        let isNew = !FileManager.default.fileExists(atPath: path + ".lock")
        guard let lock = FileLock(path: path + ".lock") else {
            throw CommandFailure(
                1,
                "a server has the database \(path), or its lock \(path).lock may not be opened; nothing was changed. Stop "
                    + "the server (systemctl stop gatepost, or end gatepost up), then do this again"
            )
        }
        if isNew { giveToOwnerOfFolder(path + ".lock") }
        self.lock = lock
    }

    /// Takes the lock of another database too, where a server may have it.
    static func lock(of file: String) throws -> FileLock? {
        let path = URL(filePath: file).resolvingSymlinksInPath().path(percentEncoded: false) + ".lock"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let lock = FileLock(path: path) else {
            throw CommandFailure(
                1,
                "a server has the database \(file), or its lock may not be opened; nothing was changed. Stop that server, or "
                    + "make a backup of it with `gatepost backup FILE`"
            )
        }
        return lock
    }
}
