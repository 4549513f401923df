import Configuration
import JSON

extension Command {
    static let sandbox = Command(
        name: "sandbox",
        usage: "list | show [ID]  [--to ADDRESS] [--channel C] [--since T] | clear",
        summary: "messages that the sandbox kept; show without an id is the newest"
    ) { invocation in
        let action = invocation.arguments.word() ?? "list"
        let id = action == "show" ? invocation.arguments.word() : nil
        var query: [String] = []
        for name in ["to", "channel", "since"] {
            if let value = try invocation.arguments.option(name) { query.append("\(name)=\(Client.escaped(value))") }
        }
        try invocation.arguments.finish()
        let client = try Client(invocation)
        let path = "/v1/sandbox" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        switch action {
        case "clear":
            guard query.isEmpty else { throw UsageError("sandbox clear takes no choice: it clears every message") }
            _ = try await client.call("DELETE", "/v1/sandbox", isJSON: invocation.isJSON)
        case "list":
            let answer = try await client.call("GET", path, isJSON: invocation.isJSON)
            if invocation.isJSON { return Output.print(answer) }
            let columns = ["at", "channel", "to", "subject", "delivery"]
            Output.table(columns, (answer["items"]?.array ?? []).map { item in columns.map { Output.text(item[$0]) } })
        case "show":
            let items = try await client.call("GET", path, isJSON: invocation.isJSON)["items"]?.array ?? []
            let message = items.first { item in
                id == nil || item["id"]?.string == id || item["delivery"]?.string == id
            }
            guard let message else {
                throw CommandFailure(1, id == nil ? "the sandbox is empty" : "the sandbox has no such message")
            }
            if invocation.isJSON { return Output.print(message) }
            for name in ["at", "delivery", "from", "to", "subject", "code"] where message[name]?.isNull == false {
                say(name + String(repeating: " ", count: 10 - name.count) + Output.text(message[name]))
            }
            say("")
            // Line by line, for what ends a line would be struck out of a text in one.
            for line in (message["text"]?.string ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
                say(Output.text(.string(String(line))))
            }
        default: throw UsageError("sandbox takes list, show or clear")
        }
    }
}
