import Foundation
import SQLite
import Testing

extension Installation {
    var database: String { path("data/gatepost.db") }

    /// Ends a program in order.
    func end(_ program: Running) async {
        program.terminate()
        await program.exitCode()
    }

    /// Takes a backup of the running server, and returns where it is.
    func backup(_ name: String = "backup.db") async throws -> String {
        let run = try await gatepost("backup", name)
        guard run.code == 0 else { throw Disappointment("There is no backup: \(run.complaint)") }
        return path(name)
    }

    /// What a database or a backup has, with a check of the file.
    func count(_ table: StaticString, in file: String) throws -> Int64 {
        var connection = try Connection(path: file, access: .readOnly)
        #expect(try connection.first("PRAGMA integrity_check", read: { $0.text(0) }) == "ok")
        return try connection.first(table, read: { $0.integer(0) }) ?? 0
    }

    /// What lies in the folder of the data and beside the keys, for what must not change.
    func standing() throws -> [String: Data?] {
        let files = FileManager.default
        var found: [String: Data?] = ["keys.state": files.contents(atPath: path("keys.state"))]
        // What SQLite makes for whoever reads says nothing.
        for name in try files.contentsOfDirectory(atPath: path("data"))
        where !name.hasSuffix("-shm") && !name.hasSuffix("-wal") && !name.hasSuffix(".lock") {
            found[name] = files.contents(atPath: path("data/" + name))
        }
        return found
    }
}
