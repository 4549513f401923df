private import AuthEvents
import Configuration
import JSON

extension Command {
    static let pause = Command(
        name: "pause",
        usage: "CHANNEL",
        summary: "hand nothing of a channel (email or sms) out until it is resumed; events are accepted all the same"
    ) { invocation in
        let channel = try await turn("pause", &invocation)
        say("paused \(channel); `gatepost resume \(channel)` lets it go on")
    }

    static let resume = Command(
        name: "resume",
        usage: "CHANNEL",
        summary: "let a channel go on that was paused"
    ) { invocation in
        say("resumed \(try await turn("resume", &invocation))")
    }

    private static func turn(_ verb: String, _ invocation: inout Invocation) async throws -> String {
        guard let channel = invocation.arguments.word() else {
            throw UsageError("\(verb) needs a channel: email or sms")
        }
        guard Channel(name: channel) != nil else {
            throw UsageError("\(verb) takes email or sms; \(channel) is neither")
        }
        try invocation.arguments.finish()
        _ = try await Client(invocation).call("POST", "/v1/queues/\(Client.escaped(channel))/\(verb)")
        return channel
    }

    static let cancel = Command(
        name: "cancel",
        usage: "ID",
        summary: "end a delivery (dl_…) that has not been begun"
    ) { invocation in
        guard let id = invocation.arguments.word() else { throw UsageError("cancel needs the id of a delivery") }
        try invocation.arguments.finish()
        let path = "/v1/deliveries/\(Client.escaped(id))/cancel"
        let delivery = try await Client(invocation).call("POST", path, isJSON: invocation.isJSON)
        if invocation.isJSON { Output.print(delivery) } else { say("cancelled \(id)") }
    }
}
