import Clocks
import Configuration
import JSON
import SQLiteStore

extension Command {
    static let migrate = Command(
        name: "migrate",
        usage: """
            [--dry-run] [--backup FILE]

            Brings the database to this program's version while no server runs. The start of a server does the same; this
            is for doing it at a time of your own. --backup copies the database as it is into FILE first.
            """,
        summary: "bring the database to this program's version, without a server"
    ) { invocation in
        let isDry = invocation.arguments.flag("dry-run")
        let file = try invocation.arguments.option("backup")
        try invocation.arguments.finish()
        guard !isDry || file == nil else { throw UsageError("--dry-run makes no backup; leave out one of them") }
        let database = try OwnDatabase(invocation)
        do {
            let migration = try DatabaseMigration(path: database.path, life: database.life, keys: database.keys)
            if let file {
                try await NewFile(path: file).make { draft in
                    var progress = Progress("writing \(file)")
                    defer { progress.end() }
                    do {
                        try migration.backUp(to: draft, at: database.time.now()) { progress.show($0, of: $1) }
                    } catch {
                        throw CommandFailure(1, "there is no backup, and nothing was changed: \(error)")
                    }
                }
            }
            if !isDry { try migration.run() }
            tell(migration, of: database.path, isDry: isDry, backup: file, isJSON: invocation.isJSON)
        } catch let error as OpeningError {
            throw CommandFailure(error.exitCode, error.description)
        }
    }

    private static func tell(
        _ migration: DatabaseMigration,
        of path: String,
        isDry: Bool,
        backup: String?,
        isJSON: Bool
    ) {
        let (from, to) = (migration.version, migration.newVersion)
        if isJSON {
            return Output.print([
                "database": .string(path), "from": .integer(from), "to": .integer(to), "dry_run": .bool(isDry),
                "backup": backup.map(JSONValue.string) ?? .null,
            ])
        }
        if let backup { say("\(backup): version \(from), as it was") }
        guard from < to else {
            return say("\(path) has version \(to), which is this program's; there is nothing to do")
        }
        say(isDry ? "\(path) has version \(from) and would get \(to)" : "\(path) had version \(from) and has \(to)")
    }
}
