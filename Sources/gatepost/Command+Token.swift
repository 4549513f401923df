import Clocks
import Configuration
import JSON

extension Command {
    static let token = Command(
        name: "token",
        usage: "create --scope SCOPES [--tenant T] [--gateway NAMES] [--expires-in 90d | --expires-at T] | "
            + "list [--tenant T] [--limit N] [--cursor ID] | revoke ID",
        summary: "make a token, which is printed once and kept nowhere; list tokens, newest first; revoke one for good"
    ) { invocation in
        switch invocation.arguments.word() {
        case "create": try await createToken(&invocation)
        case "list": try await listTokens(&invocation)
        case "revoke": try await revokeToken(&invocation)
        default: throw UsageError("token takes create, list or revoke")
        }
    }

    private static func createToken(_ invocation: inout Invocation) async throws {
        let scopes = try names(of: "scope", in: &invocation)
        guard !scopes.isEmpty else {
            throw UsageError("token create needs --scope, such as --scope events,codes")
        }
        var body: JSONObject = ["scopes": .array(scopes)]
        let gateways = try names(of: "gateway", in: &invocation)
        if !gateways.isEmpty { body["gateways"] = .array(gateways) }
        for (option, member) in [("tenant", "tenant"), ("expires-in", "expires_in"), ("expires-at", "expires_at")] {
            if let value = try invocation.arguments.option(option) { body[member] = .string(value) }
        }
        try invocation.arguments.finish()
        let answer = try await Client(invocation).call("POST", "/v1/tokens", .object(body), isJSON: invocation.isJSON)
        if invocation.isJSON { Output.print(answer) } else { say(Output.text(answer["token"])) }
    }

    /// The names that an option lists, `--name a,b` or `--name a --name b`.
    private static func names(of option: String, in invocation: inout Invocation) throws(UsageError) -> [JSONValue] {
        var names: [JSONValue] = []
        while let value = try invocation.arguments.option(option) {
            names += value.split(separator: ",").map { .string(String($0)) }
        }
        return names
    }

    private static func listTokens(_ invocation: inout Invocation) async throws {
        var query: [String] = []
        for name in ["tenant", "limit", "cursor"] {
            if let value = try invocation.arguments.option(name) { query.append("\(name)=\(Client.escaped(value))") }
        }
        try invocation.arguments.finish()
        let client = try Client(invocation)
        let path = "/v1/tokens" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        let page = try await client.call("GET", path, isJSON: invocation.isJSON)
        guard !invocation.isJSON else { return Output.print(page) }
        let items = page["items"]?.array ?? []
        let hasGateways = items.contains { $0["gateways"]?.array?.isEmpty == false }
        let now = client.time.now()
        Output.table(
            ["id", "scopes", "tenant"] + (hasGateways ? ["gateways"] : []) + ["created", "last used", "good"],
            items.map { token in
                [Output.text(token["id"]), listed(token["scopes"]), Output.text(token["tenant"])]
                    + (hasGateways ? [listed(token["gateways"])] : [])
                    + [day(token["created_at"]), minute(token["last_used_at"]), standing(of: token, at: now)]
            }
        )
        if let next = page["next"]?.string { say("more: --cursor \(next)") }
    }

    private static func revokeToken(_ invocation: inout Invocation) async throws {
        guard let id = invocation.arguments.word() else { throw UsageError("token revoke needs an id (tk_…)") }
        try invocation.arguments.finish()
        let path = "/v1/tokens/" + Client.escaped(id)
        _ = try await Client(invocation).call("DELETE", path, isJSON: invocation.isJSON)
        if !invocation.isJSON { say("revoked \(id)") }
    }

    // MARK: Cells

    private static func listed(_ names: JSONValue?) -> String {
        let names = names?.array?.compactMap(\.string) ?? []
        return names.isEmpty ? "-" : names.joined(separator: ",")
    }

    /// What a token is good for now: until a day, always, or no more.
    private static func standing(of token: JSONValue, at now: Instant) -> String {
        if token["revoked_at"]?.isNull == false { return "revoked \(day(token["revoked_at"]))" }
        guard let text = token["expires_at"]?.string, let end = Instant(rfc3339: text) else { return "always" }
        return (end <= now ? "expired " : "until ") + day(token["expires_at"])
    }

    /// The day of an RFC 3339 date-time, in UTC.
    private static func day(_ instant: JSONValue?) -> String { String(Output.text(instant).prefix(10)) }

    /// An RFC 3339 date-time to the minute, in UTC.
    private static func minute(_ instant: JSONValue?) -> String {
        String(Output.text(instant).prefix(16)).replacing("T", with: " ")
    }
}
