import Configuration
import Foundation
import JSON
import Link
import Processes

extension Command {
    /// What deliveries may be told apart by.
    private static let filters = [
        "state", "purpose", "channel", "tenant", "country", "gateway", "reason", "event", "challenge", "subject",
        "replay",
        "since", "until",
    ]

    static let dead = Command(
        name: "dead",
        usage: "[--purpose P] [--reason R] [--channel C] [--tenant T] [--country CC] [--gateway G] [--since T] "
            + "[--until T] [--limit N] [--cursor ID]",
        summary: "deliveries that failed, newest first"
    ) { invocation in
        var query = ["state=dead"]
        for name in filters.filter({ !["state", "replay", "event", "challenge", "subject"].contains($0) })
            + ["limit", "cursor"]
        {
            if let value = try invocation.arguments.option(name) { query.append("\(name)=\(Client.escaped(value))") }
        }
        try invocation.arguments.finish()
        let path = "/v1/deliveries?" + query.joined(separator: "&")
        let page = try await Client(invocation).call("GET", path, isJSON: invocation.isJSON)
        guard !invocation.isJSON else { return Output.print(page) }
        let columns = ["id", "purpose", "channel", "tenant", "recipient", "reason", "gateway", "created_at"]
        Output.table(columns, (page["items"]?.array ?? []).map { item in columns.map { Output.text(item[$0]) } })
        if let next = page["next"]?.string { say("more: --cursor \(next)") }
    }

    static let replay = Command(
        name: "replay",
        usage: "ID… | [--purpose P] [--reason R] [--state dead|undelivered] [--channel C] [--tenant T] [--country CC] "
            + "[--gateway G] [--since T] [--until T] … [--limit N] [--rate 10/s] [--key KEY] [--dry-run] [--yes] "
            + "| --stop rp_…",
        summary: "fresh deliveries, with fresh codes, for those that failed"
    ) { invocation in
        if let id = try invocation.arguments.option("stop") {
            try invocation.arguments.finish()
            _ = try await Client(invocation).call("POST", "/v1/replays/\(Client.escaped(id))/stop")
            return say("stopped \(id)")
        }
        let (isDry, isSure) = (invocation.arguments.flag("dry-run"), invocation.arguments.flag("yes"))
        let key = try invocation.arguments.option("key") ?? UUID().uuidString.lowercased()
        var body = try replayBody(&invocation)
        let client = try Client(invocation)
        if isDry || !isSure {
            body["dry_run"] = true
            let preview = try await client.call("POST", "/v1/replays", .object(body), isJSON: invocation.isJSON)
            if invocation.isJSON { Output.print(preview) } else { show(replay: preview) }
            guard !isDry else { return }
            try agree(to: preview, isJSON: invocation.isJSON)
        }
        body["dry_run"] = false
        let answer = try await begin(.object(body), key: key, client)
        let begun = try client.body(of: answer, isJSON: invocation.isJSON)
        // Known from now on, whatever becomes of this program.
        CommandLineTool.tell("replay \(Output.text(begun["replay"]))")
        let watch = ReplayWatch { (method, path) async throws(LinkFailure) in try await client.attempt(method, path) }
        let end = try await watch.end(of: begun)
        if invocation.isJSON { Output.print(end) } else { show(replay: end) }
        guard end["state"] == "done" else {
            throw CommandFailure(1, "the replay \(Output.text(end["replay"])) was stopped before its end")
        }
    }

    private static func replayBody(_ invocation: inout Invocation) throws -> JSONObject {
        var filter = JSONObject()
        for name in filters {
            if let value = try invocation.arguments.option(name) { filter[name] = .string(value) }
        }
        var body = JSONObject()
        if let text = try invocation.arguments.option("limit") {
            guard let limit = Int64(text) else { throw UsageError("--limit needs a whole number") }
            body["limit"] = .integer(limit)
        }
        if let rate = try invocation.arguments.option("rate") { body["rate"] = .string(rate) }
        var ids: [JSONValue] = []
        while let id = invocation.arguments.word() { ids.append(.string(id)) }
        try invocation.arguments.finish()
        if !ids.isEmpty { filter["ids"] = .array(ids) }
        guard !filter.members.isEmpty else {
            throw UsageError("replay needs ids, or what the deliveries have in common, such as --reason exhausted")
        }
        body["filter"] = .object(filter)
        return body
    }

    /// Asks whoever sits at the terminal; elsewhere `--yes` must have been given.
    private static func agree(to preview: JSONValue, isJSON: Bool) throws {
        let count = preview["deliveries"]?.int ?? 0
        guard count > 0 else { throw CommandFailure(1, "there is nothing to send") }
        guard !isJSON, CurrentProcess.isTerminal(0) else {
            throw CommandFailure(2, "nothing was sent: say --yes to send, or --dry-run to look only")
        }
        say("Send \(count)? [y/N]")
        guard ["y", "yes"].contains(readLine()?.lowercased() ?? "") else {
            throw CommandFailure(1, "nothing was sent")
        }
    }

    /// Asks for a replay; where the answer is lost, asks with the same key again, which begins no other.
    private static func begin(_ body: JSONValue, key: String, _ client: Client) async throws -> LinkAnswer {
        func ask() async throws(LinkFailure) -> LinkAnswer {
            try await client.attempt("POST", "/v1/replays", body, headers: [("Idempotency-Key", key)])
        }
        do {
            return try await ask()
        } catch  where !error.mayHaveRun {
            throw client.unreachable(error.reason)
        } catch {
            if let answer = try await Perseverance().answer(ask) { return answer }
            throw CommandFailure(
                69,
                "the server went away, and whether it accepted the replay is not known; the same command with --key \(key) asks "
                    + "again and sends nothing twice"
            )
        }
    }

    /// A replay, or a look at what one would do.
    static func show(replay: JSONValue) {
        let isDry = replay["dry_run"] == true
        var facts: [(String, String)] = []
        if !isDry { facts += [("replay", Output.text(replay["replay"])), ("state", Output.text(replay["state"]))] }
        facts.append(("matched", Output.text(replay["matched"])))
        facts.append((isDry ? "would be sent" : "sent", Output.text(replay["deliveries"])))
        for member in replay["skipped"]?.object?.members ?? [] where member.value != 0 {
            facts.append(("skipped, " + member.name.replacing("_", with: " "), Output.text(member.value)))
        }
        for money in replay["estimate"]?.array ?? [] {
            facts.append(("estimate", Output.text(money["amount"]) + " " + Output.text(money["currency"])))
        }
        Output.facts(facts)
        let columns = ["country", "messages", "segments", "amount", "currency"]
        let rows = replay["by_country"]?.array ?? []
        guard !rows.isEmpty else { return }
        say("")
        Output.table(columns, rows.map { row in columns.map { Output.text(row[$0]) } })
    }
}
