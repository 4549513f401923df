import Clocks
import Configuration
import JSON

extension Command {
    static let suppress = Command(
        name: "suppress",
        usage: """
            add --email ADDRESS | --phone NUMBER [--tenant T] [--reason R] [--until TIME | --for 2h] | remove ID
                | list [--limit N] [--cursor ID]

            Nothing is written to a suppressed recipient, and what waits for it is cancelled. Without --tenant it holds for
            all tenants, without an end until it is removed; the same recipient again changes the one that is there.
            """,
        summary: "recipients that must not be written to"
    ) { invocation in
        switch invocation.arguments.word() {
        case "add": try await addSuppression(&invocation)
        case "remove": try await remove(from: "suppressions", &invocation)
        case "list": try await listSuppressions(&invocation)
        default: throw UsageError("suppress takes add, remove or list")
        }
    }

    private static func addSuppression(_ invocation: inout Invocation) async throws {
        let client = try Client(invocation)
        var body: JSONObject = [:]
        for name in ["email", "phone", "tenant", "reason"] {
            if let value = try invocation.arguments.option(name) { body[name] = .string(value) }
        }
        guard (body["email"] == nil) != (body["phone"] == nil) else {
            throw UsageError("suppress add needs --email ADDRESS or --phone NUMBER, one of the two")
        }
        if let until = try invocation.arguments.end(now: client.time.now()) { body["until"] = .string("\(until)") }
        try invocation.arguments.finish()
        let made = try await client.call("POST", "/v1/suppressions", .object(body), isJSON: invocation.isJSON)
        if invocation.isJSON { return Output.print(made) }
        let words = ["id", "channel", "recipient"].map { Output.text(made[$0]) }.joined(separator: " ")
        say("suppression \(words)" + (made["until"]?.string.map { " until \($0)" } ?? ""))
    }

    private static func listSuppressions(_ invocation: inout Invocation) async throws {
        var query: [String] = []
        for name in ["limit", "cursor"] {
            if let value = try invocation.arguments.option(name) { query.append("\(name)=\(Client.escaped(value))") }
        }
        try invocation.arguments.finish()
        let path = "/v1/suppressions" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        let page = try await Client(invocation).call("GET", path, isJSON: invocation.isJSON)
        if invocation.isJSON { return Output.print(page) }
        table(["id", "recipient", "channel", "tenant", "reason", "source", "until"], of: page)
        if let next = page["next"]?.string { say("more: --cursor \(next)") }
    }
}
