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
        let channels = status["channels"]?.array ?? []
        let states =
            ["channel", "ready", "parked", "leased", "sending", "unknown", "dead", "oldest_ready_seconds"]
            + (channels.contains { $0["paused"] == true } ? ["paused"] : [])
        Output.table(
            states.map { $0 == "oldest_ready_seconds" ? "oldest" : $0 },
            channels.map { channel in
                states.map { Output.text(channel[$0]) + ($0 == "oldest_ready_seconds" ? "s" : "") }
            }
        )
        table("unknown", ["channel", "await_receipt", "ask_gateway"], steps(status["channels"]))
        table("carrier", ["carrier", "channel", "last_seen"], status["carriers"])
        table("gateway", ["name", "state", "reason", "since"], status["gateways"])
        table("budget", ["name", "key", "period", "used", "limit", "currency"], status["budgets"])
        table("alert", ["name", "since", "detail"], status["alerts"])
    }

    /// What the unknown of each channel wait for, where there are any.
    private static func steps(_ channels: JSONValue?) -> JSONValue {
        let unknown = (channels?.array ?? []).filter { ($0["unknown"]?.int ?? 0) > 0 }
        return .array(
            unknown.map { channel in
                let steps = channel["unknown_steps"]
                return [
                    "channel": channel["channel"] ?? nil, "await_receipt": steps?["await_receipt"] ?? nil,
                    "ask_gateway": steps?["ask_gateway"] ?? nil,
                ]
            }
        )
    }

    /// A table with its own head, nothing where there are no rows; columns that no row has are left out.
    private static func table(_ title: String, _ members: [String], _ rows: JSONValue?) {
        guard let rows = rows?.array, !rows.isEmpty else { return }
        say("")
        let shown = members.filter { member in rows.contains { $0[member] != nil } }
        Output.table([title] + shown.dropFirst(), rows.map { row in shown.map { Output.text(row[$0]) } })
    }

    /// The same rows, counted from 1.
    private static func numbered(_ rows: JSONValue?) -> JSONValue {
        .array(
            (rows?.array ?? []).enumerated().map { index, row in
                var row = row.object ?? [:]
                row["number"] = .integer(Int64(index + 1))
                return .object(row)
            }
        )
    }

    static let list = Command(
        name: "list",
        usage: "[--state S] [--reason R] [--purpose P] [--channel C] [--tenant T] [--country CC] [--gateway G] "
            + "[--event ID] [--challenge ID] [--subject S] [--replay ID] [--since T] [--until T] [--limit N] [--cursor ID]\n"
            + "    | --email ADDRESS or --phone NUMBER [--tenant T] [--limit N] [--cursor ID]",
        summary: "deliveries, newest first: those that have something in common, or those of one person"
    ) { invocation in
        if let person = try personBody(&invocation) { return try await list(of: person, &invocation) }
        var query: [String] = []
        let names = [
            "state", "reason", "purpose", "channel", "tenant", "country", "gateway", "event", "challenge", "subject",
            "replay", "since", "until", "limit", "cursor",
        ]
        for name in names {
            if let value = try invocation.arguments.option(name) { query.append("\(name)=\(Client.escaped(value))") }
        }
        try invocation.arguments.finish()
        let path = "/v1/deliveries" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        show(try await Client(invocation).call("GET", path, isJSON: invocation.isJSON), invocation)
    }

    private static func list(of person: JSONObject, _ invocation: inout Invocation) async throws {
        var body = person
        if let text = try invocation.arguments.option("limit") {
            guard let limit = Int64(text) else { throw UsageError("--limit needs a whole number") }
            body["limit"] = .integer(limit)
        }
        if let cursor = try invocation.arguments.option("cursor") { body["cursor"] = .string(cursor) }
        try invocation.arguments.finish()
        let client = try Client(invocation)
        let path = "/v1/deliveries/search"
        show(try await client.call("POST", path, .object(body), isJSON: invocation.isJSON), invocation)
    }

    /// One address, and the tenant to look in; `nil` where no address is named.
    static func personBody(_ invocation: inout Invocation) throws -> JSONObject? {
        let email = try invocation.arguments.option("email")
        let phone = try invocation.arguments.option("phone")
        guard email != nil || phone != nil else { return nil }
        guard email == nil || phone == nil else { throw UsageError("give --email or --phone, one of the two") }
        var body: JSONObject = email.map { ["email": .string($0)] } ?? ["phone": .string(phone ?? "")]
        if let tenant = try invocation.arguments.option("tenant") { body["tenant"] = .string(tenant) }
        return body
    }

    private static func show(_ page: JSONValue, _ invocation: Invocation) {
        guard !invocation.isJSON else { return Output.print(page) }
        let items = page["items"]?.array ?? []
        // A mail has none of these.
        let spend = items.contains { $0["channel"] == "sms" } ? ["country", "segments", "estimate", "price"] : []
        // What is done about those of which nobody knows what became.
        let unknown = items.contains { $0["unknown"]?.object != nil } ? ["unknown"] : []
        let columns =
            ["id", "purpose", "channel", "tenant", "recipient", "state", "reason", "gateway"] + spend + unknown
            + ["created_at"]
        Output.table(
            columns,
            items.map { item in columns.map { $0 == "unknown" ? course(item) : Output.text(item[$0]) } }
        )
        if let next = page["next"]?.string { say("more: --cursor \(next)") }
    }

    /// `await_receipt until 2026-11-21T05:42:07.310Z, then give_up`.
    private static func course(_ delivery: JSONValue) -> String {
        guard let unknown = delivery["unknown"], unknown.object != nil else { return "-" }
        let asked = unknown["asked"]?.int ?? 0
        return "\(Output.text(unknown["step"])) until \(Output.text(unknown["until"])), "
            + "then \(Output.text(unknown["then"]))" + (asked > 0 ? ", asked \(asked)" : "")
    }

    static let show = Command(
        name: "show",
        usage: "ID",
        summary: "one delivery (dl_…) with its attempts and receipts, one challenge (ch_…) or one replay (rp_…)"
    ) { invocation in
        guard let id = invocation.arguments.word() else { throw UsageError("show needs an id") }
        try invocation.arguments.finish()
        let kind = id.hasPrefix("ch_") ? "challenges" : id.hasPrefix("rp_") ? "replays" : "deliveries"
        let thing = try await Client(invocation).call(
            "GET",
            "/v1/\(kind)/\(Client.escaped(id))",
            isJSON: invocation.isJSON
        )
        guard !invocation.isJSON else { return Output.print(thing) }
        if kind == "replays" { return show(replay: thing) }
        let members = thing.object?.members ?? []
        Output.facts(
            members.filter { $0.value.array == nil && !$0.value.isNull }.map { member in
                (member.name, member.name == "unknown" ? course(thing) : Output.text(member.value))
            }
                + (kind == "challenges" ? thing["deliveries"]?.array ?? [] : []).map { ("delivery", Output.text($0)) }
        )
        if kind == "challenges" {
            table("group", ["id"], thing["group"]?.array.map { .array($0.map { ["id": $0] }) })
        } else {
            table("attempt", ["number", "at", "gateway", "result", "code", "detail"], thing["attempts"])
            table("receipt", ["number", "at", "state", "code"], numbered(thing["receipts"]))
        }
    }
}
