import JSON
import SMTPSink

/// What the demonstration walks with, and its steps as an application takes them.
struct Walk {
    typealias Answer = (status: Int, body: JSONValue)

    let installation: Installation
    let url: String
    let token: String
    let mails: SMTPSink
    let texts: SMSSink

    /// How long a message may be on its way.
    static let patience: Duration = .seconds(20)

    func get(_ path: String) async throws -> Answer {
        try await installation.call("GET", url + path, token: token)
    }

    func post(_ path: String, _ body: JSONValue, key: String? = nil) async throws -> Answer {
        try await installation.call("POST", url + path, token: token, body, key: key)
    }

    /// Posts an event of one person.
    func emit(_ type: String, id: String, _ data: JSONObject) async throws -> Answer {
        let event: JSONValue = [
            "specversion": "1.0", "id": .string(id), "source": "/demo", "type": .string(type), "subject": "user-7231",
            "data": .object(data),
        ]
        return try await installation.call(
            "POST",
            url + "/v1/events",
            token: token,
            event,
            type: "application/cloudevents+json"
        )
    }

    func verify(_ challenge: String, _ code: String, key: String? = nil) async throws -> Answer {
        try await post("/v1/challenges/\(challenge)/verify", ["code": .string(code)], key: key)
    }

    /// The newest mail of as many in all, and the code that stands alone on a line of it.
    func mail(_ count: Int) async throws -> (recipients: [String], code: String) {
        let mails = try await mails.mails(count: count, within: Walk.patience)
        guard let mail = mails.last, let code = code(aloneIn: String(decoding: mail.data, as: UTF8.self)) else {
            throw Disappointment("the mail has no code")
        }
        return (mail.recipients, code)
    }

    private func code(aloneIn mail: String) -> String? {
        for line in mail.split(whereSeparator: \.isNewline) {
            let word = line.drop { $0 == " " }
            if word.count == 6, word.allSatisfy({ $0.isASCII && $0.isNumber }) { return String(word) }
        }
        return nil
    }
}

extension JSONValue {
    /// The name at the end of a problem's type.
    var problem: String { self["type"]?.string.flatMap { $0.split(separator: ":").last.map(String.init) } ?? "" }

    /// The challenge of each delivery of an accepted event, by channel.
    var challenges: [String: String] {
        let deliveries = self["deliveries"]?.array ?? []
        return deliveries.reduce(into: [:]) { challenges, delivery in
            if let channel = delivery["channel"]?.string { challenges[channel] = delivery["challenge"]?["id"]?.string }
        }
    }
}
