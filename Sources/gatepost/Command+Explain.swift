import Configuration
import JSON

extension Command {
    static let explain = Command(
        name: "explain",
        usage: "ID",
        summary:
            "the story of a delivery (dl_…) or of a refused event (ref_…): what was decided, when, by which numbers"
    ) { invocation in
        guard let id = invocation.arguments.word() else {
            throw UsageError("explain needs the id of a delivery or of a refusal")
        }
        try invocation.arguments.finish()
        let path = "/v1/deliveries/\(Client.escaped(id))/explain"
        let body = try await Client(invocation).call("GET", path, isJSON: invocation.isJSON)
        guard !invocation.isJSON else { return Output.print(body) }
        for line in body["story"]?.array ?? [] { say("\(Output.text(line["at"]))  \(Output.text(line["what"]))") }
    }
}
