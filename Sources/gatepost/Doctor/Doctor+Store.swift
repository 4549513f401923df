import Configuration
import Foundation
import Processes
import SQLiteStore

extension Doctor {
    func storeFindings(_ look: StoreLook, _ server: ServerLook) -> [Finding] {
        [databaseFinding(look, server)] + folderFindings()
    }

    private func databaseFinding(_ look: StoreLook, _ server: ServerLook) -> Finding {
        let path = settings.database
        if server.isUp { return .ok("store", "\(path), which the server has open") }
        if look.isLocked {
            return .ok("store", "\(path), which some server has open; it was left alone")
        }
        if let fault = look.databaseFault {
            return .failed(
                "store",
                fault,
                "run doctor as the user that runs the server; if the file is damaged, put a backup back"
            )
        }
        guard let facts = look.facts else {
            guard look.life != nil else {
                return .ok("store", "\(path) is not there yet; the first start of the server makes it")
            }
            return .failed(
                "store",
                "the database \(path) is not there, and the keys were used with one",
                "correct store.url, mount its disk, or put a backup back"
            )
        }
        if let damage = facts.damage {
            return .failed(
                "store",
                "\(path) is damaged: \(damage)",
                "keep a copy of the file, then put a backup in its place with `gatepost restore FILE`"
            )
        }
        let size = "\(path), \(Doctor.size(facts.bytes))"
        let version =
            facts.version == facts.supported
            ? "version \(facts.version)" : "version \(facts.version), the next start brings it to \(facts.supported)"
        guard facts.isChecked else {
            return .ok("store", "\(size), \(version); larger than doctor.check_size, so its pages were not read")
        }
        return .ok("store", "\(size), \(version), its pages are whole")
    }

    /// Where the database lies: writable, with room left.
    private func folderFindings() -> [Finding] {
        let folder = directory(of: settings.database)
        guard FileManager.default.fileExists(atPath: folder) else {
            return [.ok("disk", "\(folder) is not there yet; the server makes it")]
        }
        guard Machine.mayWrite(in: folder) else {
            return [
                .failed("disk", "this user may not write in \(folder)", "run doctor as the user that runs the server")
            ]
        }
        guard let free = Machine.freeBytes(at: folder) else {
            return [.warning("disk", "how much is free at \(folder) cannot be told", "look with `df \(folder)`")]
        }
        let wanted = settings.doctor.freeSpace
        guard free >= wanted else {
            return [
                .failed(
                    "disk",
                    "\(Doctor.size(free)) are free at \(folder), less than doctor.free_space (\(Doctor.size(wanted)))",
                    "make room: on a full disk no event is accepted"
                )
            ]
        }
        return [.ok("disk", "\(Doctor.size(free)) are free at \(folder)")]
    }

    /// `512 MiB`: at most four digits and a unit.
    static func size(_ bytes: Int64) -> String {
        var (rest, unit) = (bytes, 0)
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        while rest >= 10_240, unit < units.count - 1 { (rest, unit) = (rest / 1024, unit + 1) }
        return "\(rest) \(units[unit])"
    }
}
