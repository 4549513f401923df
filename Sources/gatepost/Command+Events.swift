private import AuthEvents
import Configuration
import Foundation
import JSON
private import Link

extension Command {
    static let emit = Command(
        name: "emit",
        usage: """
            PURPOSE [--email ADDRESS] [--phone NUMBER] [--channels sms,email] [--tenant T] [--locale L]
                [--ip IP] [--subject S] [--session S] [--name N] [--link URL] [--ttl 90s]
                [--code CODE --expires-at TIME] [--notice NAME] [--previous-email ADDRESS] [--previous-phone NUMBER]
                | --file EVENTS.ndjson

            PURPOSE is sign_up, confirmation, recovery, mfa, attribute_change, invitation or notice.
            """,
        summary: "submit one event, or many from a file"
    ) { invocation in
        if let path = try invocation.arguments.option("file") {
            try invocation.arguments.finish()
            return try await emit(fileAt: path, invocation)
        }
        guard let purpose = invocation.arguments.word() else {
            throw UsageError("emit needs a purpose such as sign_up")
        }
        let purposes = EventType.allCases.map { String($0.name.dropFirst("auth.".count)) }
        guard purposes.contains(purpose) else {
            throw UsageError("emit takes \(purposes.joined(separator: ", ")); \(purpose) is none of them")
        }
        var data: JSONObject = [:]
        let options = [
            "email", "phone", "tenant", "locale", "ip", "name", "session", "link", "ttl", "code", "expires-at",
            "notice", "previous-email", "previous-phone",
        ]
        for name in options {
            if let value = try invocation.arguments.option(name) {
                data[name.replacing("-", with: "_")] = .string(value)
            }
        }
        guard data["email"] != nil || data["phone"] != nil else {
            throw UsageError("emit needs --email ADDRESS or --phone NUMBER")
        }
        if let list = try invocation.arguments.option("channels") {
            data["channels"] = .array(list.split(separator: ",").map { .string(String($0)) })
        }
        var event: JSONObject = [
            "specversion": "1.0", "id": .string(UUID().uuidString.lowercased()), "source": "/gatepost/cli",
            "type": .string("auth." + purpose), "data": .object(data),
        ]
        if let subject = try invocation.arguments.option("subject") { event["subject"] = .string(subject) }
        try invocation.arguments.finish()
        let answer = try await Client(invocation).call(
            "POST",
            "/v1/events",
            .object(event),
            type: "application/cloudevents+json",
            isJSON: invocation.isJSON
        )
        if invocation.isJSON { Output.print(answer) } else { show(answer) }
    }

    /// One event a line; a refused one is reported and does not stop the others.
    private static func emit(fileAt path: String, _ invocation: Invocation) async throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(1, "\(path) cannot be read; nothing was submitted")
        }
        let client = try Client(invocation)
        var (refused, accepted) = (0, 0)
        let lines = data.split(separator: 0x0a, omittingEmptySubsequences: false)
        var progress = Progress("submitted")
        defer { progress.end() }
        for (index, line) in lines.enumerated() {
            progress.show(index, of: lines.count)
            guard !line.isEmpty else { continue }
            let event: JSONValue
            do {
                event = try JSONValue(parsing: [UInt8](line))
            } catch {
                refused += 1
                CommandLineTool.complain("\(path):\(index + 1): \(error)")
                continue
            }
            let answer: LinkAnswer
            do {
                answer = try await client.answer("POST", "/v1/events", event, type: "application/cloudevents+json")
            } catch let failure as CommandFailure {
                progress.end()
                let refusals = refused == 0 ? "" : " and \(refused) refused"
                throw CommandFailure(
                    failure.exitCode,
                    "\(path):\(index + 1): \(failure.reason) Before it \(accepted) events were accepted\(refusals). The same "
                        + "command again is safe: what was accepted is a duplicate then, and is not sent twice"
                )
            }
            if invocation.isJSON { Output.print(answer.body) } else if answer.isSuccess { show(answer.body) }
            if answer.isSuccess {
                accepted += 1
            } else {
                refused += 1
                CommandLineTool.complain("\(path):\(index + 1): \(answer.complaint)\(Client.facts(of: answer.body))")
            }
        }
        if refused > 0 { throw CommandFailure(1, "\(refused) events were not accepted") }
    }

    private static func show(_ answer: JSONValue) {
        let deliveries = answer["deliveries"]?.array ?? []
        for delivery in deliveries {
            let words = ["id", "channel", "state"].map { Output.text(delivery[$0]) }
            say("delivery \(words.joined(separator: " "))" + (answer["status"] == "duplicate" ? " (duplicate)" : ""))
        }
        var challenges: [String] = []
        for delivery in deliveries {
            if let id = delivery["challenge"]?["id"]?.string, !challenges.contains(id) { challenges.append(id) }
        }
        for refused in answer["refused"]?.array ?? [] {
            let reason = refused["problem"]?["detail"] ?? refused["problem"]
            CommandLineTool.complain("not sent by \(Output.text(refused["channel"])): \(Output.text(reason))")
        }
        for challenge in challenges { say("challenge \(challenge)") }
    }

    static let verify = Command(
        name: "verify",
        usage: "CHALLENGE CODE [--session S]",
        summary: "check a code"
    ) { invocation in
        guard let challenge = invocation.arguments.word(), let code = invocation.arguments.word() else {
            throw UsageError("verify needs a challenge and a code")
        }
        var body: JSONObject = ["code": .string(code)]
        if let session = try invocation.arguments.option("session") { body["session"] = .string(session) }
        try invocation.arguments.finish()
        let answer = try await Client(invocation).call(
            "POST",
            "/v1/challenges/\(Client.escaped(challenge))/verify",
            .object(body),
            isJSON: invocation.isJSON
        )
        if invocation.isJSON { Output.print(answer) } else { say("verified \(Output.text(answer["challenge"]))") }
    }
}
