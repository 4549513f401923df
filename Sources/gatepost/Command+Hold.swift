import Clocks
import Configuration
import Deliveries
import JSON

extension Command {
    static let hold = Command(
        name: "hold",
        usage: """
            add prefix|country|tenant|gateway VALUE [--reason R] [--until TIME | --for 2h] | remove ID | list

            What goes to a held prefix (+1242) or country (BS), or comes from a held tenant, is refused, and what waits is
            parked. A held gateway takes nothing; its messages go to the next of their route, or wait. A hold without
            an end ends after 24 hours; the same scope and value again change the one that is there.
            """,
        summary: "stop a number prefix, a country, a tenant or a gateway for a while"
    ) { invocation in
        switch invocation.arguments.word() {
        case "add": try await addHold(&invocation)
        case "remove": try await remove(from: "holds", &invocation)
        case "list":
            try invocation.arguments.finish()
            let answer = try await Client(invocation).call("GET", "/v1/holds", isJSON: invocation.isJSON)
            if invocation.isJSON { return Output.print(answer) }
            table(["id", "scope", "value", "reason", "until"], of: answer)
        default: throw UsageError("hold takes add, remove or list")
        }
    }

    private static func addHold(_ invocation: inout Invocation) async throws {
        let client = try Client(invocation)
        var body: JSONObject = [:]
        if let reason = try invocation.arguments.option("reason") { body["reason"] = .string(reason) }
        if let until = try invocation.arguments.end(now: client.time.now()) { body["until"] = .string("\(until)") }
        let scopes = Hold.Scope.allCases.map(\.rawValue).joined(separator: ", ")
        guard let scope = invocation.arguments.word(), let value = invocation.arguments.word() else {
            throw UsageError("hold add needs one of \(scopes), and which")
        }
        guard Hold.Scope(rawValue: scope) != nil else {
            throw UsageError("hold add takes \(scopes); \(scope) is none of them")
        }
        try invocation.arguments.finish()
        (body["scope"], body["value"]) = (.string(scope), .string(value))
        let hold = try await client.call("POST", "/v1/holds", .object(body), isJSON: invocation.isJSON)
        if invocation.isJSON { return Output.print(hold) }
        let words = ["id", "scope", "value"].map { Output.text(hold[$0]) }.joined(separator: " ")
        say("hold \(words) until \(Output.text(hold["until"]))")
    }

    /// Ends one thing of a list, named by its id.
    static func remove(from list: String, _ invocation: inout Invocation) async throws {
        guard let id = invocation.arguments.word() else { throw UsageError("remove needs an id; list shows them") }
        try invocation.arguments.finish()
        let path = "/v1/\(list)/\(Client.escaped(id))"
        _ = try await Client(invocation).call("DELETE", path, isJSON: invocation.isJSON)
        if !invocation.isJSON { say("removed \(id)") }
    }

    /// The things of a page as a table.
    static func table(_ columns: [String], of page: JSONValue) {
        Output.table(columns, (page["items"]?.array ?? []).map { item in columns.map { Output.text(item[$0]) } })
    }
}
