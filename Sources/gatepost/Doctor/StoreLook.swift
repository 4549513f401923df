import Configuration
import Cryptography
import Foundation
import Keys
import Processes
import SQLiteStore
import Store

/// What a look at key file and database found.
struct StoreLook: Sendable {
    /// `nil` where the key file can be used.
    var keyFault: String?
    /// What the file beside the keys remembers.
    var life: (epoch: String, sequence: Int64)?
    var lifeFault: String?
    /// `nil` where the database was not opened.
    var facts: DatabaseFacts?
    var databaseFault: String?
    /// Whether some server has the database.
    var isLocked = false
    var isThere = false
}

extension Doctor {
    /// Opens the database for reading where no server has it.
    func lookAtStore(_ server: ServerLook) -> StoreLook {
        var look = StoreLook()
        var fingerprint: Digest?
        do {
            fingerprint = try Keyring(path: settings.keyFile).fingerprint
        } catch {
            look.keyFault = "\(error)"
        }
        let life = LifeFile(path: settings.lifeFile)
        do {
            look.life = try life.remembered()
        } catch {
            look.lifeFault = error.description
        }
        look.isThere = FileManager.default.fileExists(atPath: settings.database)
        guard !server.isUp else {
            look.isLocked = true
            return look
        }
        let lock = settings.database + ".lock"
        // Its server holds the lock as long as it runs; where there never was one there is no file.
        look.isLocked = FileManager.default.fileExists(atPath: lock) && FileLock(path: lock) == nil
        guard look.isThere, !look.isLocked else { return look }
        do {
            look.facts = try inspectDatabase(
                at: settings.database,
                life: life,
                keys: fingerprint,
                checkSize: settings.doctor.checkSize
            )
        } catch {
            look.databaseFault = error.description
        }
        return look
    }
}
