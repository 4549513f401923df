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
        let story = (body["story"]?.array ?? []).map { (at: Output.text($0["at"]), what: Output.text($0["what"])) }
        // Milliseconds are left out where there are none.
        let width = story.map(\.at.count).max() ?? 0
        for line in story { say(line.at + String(repeating: " ", count: width - line.at.count + 2) + line.what) }
    }
}
