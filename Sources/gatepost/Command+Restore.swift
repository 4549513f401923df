import Clocks
import Configuration
import Foundation
import JSON
import Processes
import SQLiteStore
import Store

extension Command {
    static let restore = Command(
        name: "restore",
        usage: """
            FILE [--yes] [--revoke-tokens]

            Puts FILE, a backup or another copy of a database, in the place of the database while no server runs; the old
            one is kept beside it. FILE may be the database itself: one that was copied back is taken into use so.
            No code that was issued before is good afterwards, and what was on its way ends; it can be replayed.
            """,
        summary: "put a backup in the place of the database, without a server"
    ) { invocation in
        guard let file = invocation.arguments.word() else { throw UsageError("restore needs a FILE") }
        let isSure = invocation.arguments.flag("yes")
        let revokesTokens = invocation.arguments.flag("revoke-tokens")
        try invocation.arguments.finish()
        let database = try OwnDatabase(invocation)
        // Held until the end.
        let other = file.leadsTo(database.path) ? nil : try OwnDatabase.lock(of: file)
        defer { withExtendedLifetime(other) {} }
        do {
            let restoration = try prepare(file, database, interruption(invocation, database))
            if !invocation.isJSON { show(restoration.plan, of: file, to: database.path, revokesTokens: revokesTokens) }
            if !isSure { try agree(isJSON: invocation.isJSON) }
            let outcome = try restoration.run(revokingTokens: revokesTokens)
            if invocation.isJSON {
                Output.print(json(outcome, restoration.plan, of: file, to: database.path))
            } else {
                show(outcome, to: database.path)
            }
        } catch let error as RestoreError {
            throw CommandFailure(error.exitCode, error.description)
        }
    }

    private static func prepare(
        _ file: String,
        _ database: OwnDatabase,
        _ reached: @escaping (Restoration.Step) -> Void
    ) throws -> Restoration {
        var progress = Progress("copying \(file)")
        defer { progress.end() }
        return try Restoration(
            of: file,
            to: database.path,
            life: database.life,
            keys: database.keys,
            time: database.time,
            reached: reached
        ) { progress.show(Int($0), of: Int($1)) }
    }

    /// For tests, with the sandbox alone: ends this program as a kill would, at the step that the file
    /// `restore_ends_at` of the test's folder names.
    private static func interruption(
        _ invocation: Invocation,
        _ database: OwnDatabase
    ) -> (Restoration.Step) -> Void {
        guard database.settings.sandboxFolder != nil, let folder = invocation.environment["GATEPOST_TEST_DIR"],
            let data = FileManager.default.contents(atPath: folder + "/restore_ends_at")
        else { return { _ in } }
        let end = String(decoding: data, as: UTF8.self)
        return { step in if step.rawValue == end { kill(getpid(), SIGKILL) } }
    }

    private static func agree(isJSON: Bool) throws {
        guard !isJSON, CurrentProcess.isTerminal(0) else {
            throw CommandFailure(2, "nothing was changed: say --yes to restore")
        }
        say("Restore? [y/N]")
        guard ["y", "yes"].contains(readLine()?.lowercased() ?? "") else {
            throw CommandFailure(1, "nothing was changed")
        }
    }

    // MARK: What it says

    private static func show(_ plan: RestorePlan, of file: String, to database: String, revokesTokens: Bool) {
        let made = plan.madeAt.map { "made at \($0)" } ?? "a database that was in use"
        let version = plan.version < plan.newVersion ? "\(plan.version), becomes \(plan.newVersion)" : "\(plan.version)"
        var facts = [("file", "\(file), \(made), sequence \(plan.sequence), version \(version)")]
        switch (plan.isInPlace, plan.isReplacing) {
        case (true, _): facts.append(("database", "the file itself, which is changed"))
        case (false, true): facts.append(("database", "\(database); the one that is there is kept beside it"))
        case (false, false): facts.append(("database", "\(database), where there is none"))
        }
        if let counts = plan.counts {
            facts.append(("codes", "of \(counts.challenges) challenges are no longer good"))
            facts.append(("deliveries", "\(counts.cancelled) end as cancelled, \(counts.givenUp) as gave_up"))
            facts.append(("replays", "\(counts.replays) are stopped"))
        }
        if let tokens = plan.tokens {
            let how = revokesTokens ? "are revoked, with all others" : "are good as they were then"
            facts.append(("tokens", "\(tokens) \(how)"))
        }
        facts.append(("missing", "messages and spend from \(plan.since) until now"))
        Output.facts(facts)
        say("")
        say(whatIsUndone)
        say("")
    }

    private static let whatIsUndone = """
        What came after the file was made is not known any more. API tokens that were revoked since are good again, and
        those made since are gone: --revoke-tokens revokes all. Suppressions and holds of since are gone: add them again.
        Events of since are not remembered: one that an application repeats is sent again. What was spent since is in the
        gateways' bills only.
        """

    private static func show(_ outcome: Restoration.Outcome, to database: String) {
        let (restore, counts) = (outcome.restore, outcome.counts)
        var facts = [("restored", "\(database), sequence \(outcome.sequence)")]
        if let kept = outcome.kept { facts.append(("kept", kept)) }
        facts.append(("codes", "of \(counts.challenges) challenges are no longer good"))
        facts.append(("deliveries", "\(counts.cancelled) ended as cancelled, \(counts.givenUp) as gave_up"))
        facts.append(("replays", "\(counts.replays) stopped"))
        facts.append(("tokens", "\(counts.tokens) revoked"))
        facts.append(
            ("missing", "messages and spend from \(restore.missing.lowerBound) to \(restore.missing.upperBound)")
        )
        Output.facts(facts)
        say("next: start Gatepost, then gatepost replay --reason cancelled --dry-run shows what can be sent again")
    }

    private static func json(
        _ outcome: Restoration.Outcome,
        _ plan: RestorePlan,
        of file: String,
        to database: String
    ) -> JSONValue {
        let missing = outcome.restore.missing
        return [
            "file": .string(file), "database": .string(database), "kept": outcome.kept.map(JSONValue.string) ?? .null,
            "made_at": plan.madeAt.map { .string("\($0)") } ?? .null, "sequence": .integer(outcome.sequence),
            "from_version": .integer(plan.version), "version": .integer(plan.newVersion),
            "missing": ["from": .string("\(missing.lowerBound)"), "to": .string("\(missing.upperBound)")],
            "challenges": .integer(Int64(outcome.counts.challenges)),
            "cancelled": .integer(Int64(outcome.counts.cancelled)),
            "gave_up": .integer(Int64(outcome.counts.givenUp)), "replays": .integer(Int64(outcome.counts.replays)),
            "tokens_revoked": .integer(Int64(outcome.counts.tokens)),
        ]
    }
}

extension String {
    /// Whether both paths lead to one file.
    fileprivate func leadsTo(_ other: String) -> Bool {
        let paths = [self, other].map { URL(filePath: $0).resolvingSymlinksInPath().path(percentEncoded: false) }
        return paths[0] == paths[1]
    }
}
