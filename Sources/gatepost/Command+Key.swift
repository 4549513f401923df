import Configuration
import JSON

extension Command {
    static let key = Command(
        name: "key",
        usage: "list",
        summary: "list the keys that the server has, by id and purpose; a key itself is shown nowhere"
    ) { invocation in
        guard invocation.arguments.word() == "list" else { throw UsageError("key takes list") }
        try invocation.arguments.finish()
        let page = try await Client(invocation).call("GET", "/v1/keys", isJSON: invocation.isJSON)
        guard !invocation.isJSON else { return Output.print(page) }
        Output.table(
            ["id", "purpose", "in use", "created"],
            (page["items"]?.array ?? []).map { key in
                ["id", "purpose", "in_use", "created_at"].map { Output.text(key[$0]) }
            }
        )
    }
}
