import Configuration
import JSON

extension Command {
    static let status = Command(
        name: "status",
        usage: "",
        summary: "queues, carriers and gateways at a glance"
    ) { invocation in
        try invocation.arguments.finish()
        let status = try await Client(invocation).call("GET", "/v1/status", isJSON: invocation.isJSON)
        guard !invocation.isJSON else { return Output.print(status) }
        let sandbox = status["sandbox"] == true ? ", SANDBOX: messages are kept readable and not sent" : ""
        say("gatepost \(Output.text(status["version"])) on \(Output.text(status["store"]))\(sandbox)")
        say("")
        let states = ["channel", "ready", "parked", "leased", "sending", "unknown", "dead", "oldest_ready_seconds"]
        Output.table(
            states.map { $0 == "oldest_ready_seconds" ? "oldest" : $0 },
            (status["channels"]?.array ?? []).map { channel in
                states.map { Output.text(channel[$0]) + ($0 == "oldest_ready_seconds" ? "s" : "") }
            }
        )
        table("carrier", ["carrier", "channel", "last_seen"], status["carriers"])
        table("gateway", ["name", "state", "reason", "since"], status["gateways"])
        table("alert", ["name", "since", "detail"], status["alerts"])
    }

    /// A table with its own head, nothing where there are no rows.
    private static func table(_ title: String, _ members: [String], _ rows: JSONValue?) {
        guard let rows = rows?.array, !rows.isEmpty else { return }
        say("")
        Output.table([title] + members.dropFirst(), rows.map { row in members.map { Output.text(row[$0]) } })
    }

    static let list = Command(
        name: "list",
        usage: "[--state S] [--reason R] [--purpose P] [--channel C] [--tenant T] [--gateway G] [--event ID] "
            + "[--challenge ID] [--subject S] [--since T] [--until T] [--limit N] [--cursor ID]",
        summary: "deliveries, newest first"
    ) { invocation in
        var query: [String] = []
        let names = [
            "state", "reason", "purpose", "channel", "tenant", "gateway", "event", "challenge", "subject", "since",
            "until", "limit", "cursor",
        ]
        for name in names {
            if let value = try invocation.arguments.option(name) { query.append("\(name)=\(Client.escaped(value))") }
        }
        try invocation.arguments.finish()
        let path = "/v1/deliveries" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        let page = try await Client(invocation).call("GET", path, isJSON: invocation.isJSON)
        guard !invocation.isJSON else { return Output.print(page) }
        let columns = ["id", "purpose", "channel", "tenant", "recipient", "state", "reason", "gateway", "created_at"]
        Output.table(columns, (page["items"]?.array ?? []).map { item in columns.map { Output.text(item[$0]) } })
        if let next = page["next"]?.string { say("more: --cursor \(next)") }
    }

    static let show = Command(
        name: "show",
        usage: "ID",
        summary: "one delivery (dl_…) with its attempts, or one challenge (ch_…)"
    ) { invocation in
        guard let id = invocation.arguments.word() else { throw UsageError("show needs an id") }
        try invocation.arguments.finish()
        let kind = id.hasPrefix("ch_") ? "challenges" : "deliveries"
        let thing = try await Client(invocation).call(
            "GET",
            "/v1/\(kind)/\(Client.escaped(id))",
            isJSON: invocation.isJSON
        )
        guard !invocation.isJSON else { return Output.print(thing) }
        for member in thing.object?.members ?? [] where member.value.array == nil && !member.value.isNull {
            let gap = String(repeating: " ", count: max(1, 14 - member.name.count))
            say(member.name + gap + Output.text(member.value))
        }
        if kind == "challenges" {
            for id in thing["deliveries"]?.array ?? [] { say("delivery      \(Output.text(id))") }
        } else {
            table("attempt", ["number", "at", "gateway", "result", "code", "detail"], thing["attempts"])
        }
    }
}
