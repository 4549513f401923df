private import JSON

/// What of an event is readable under the seal only: who is written to, and in which words.
package struct EventContents: Sendable, Equatable {
    package var subject: String?
    package var email: MailAddress?
    package var name: String?
    package var link: String?
    package var templateData: [String: String]

    /// The text that is sealed: the subject and the whole of `data`, as JSON.
    package static func text(of event: AuthEvent) -> [UInt8] {
        var object: JSONObject = ["data": .object(event.data)]
        if let subject = event.subject { object["subject"] = .string(subject) }
        return JSONValue.object(object).serialized()
    }

    /// What makes an event another one under the same id: its type, subject and data, whatever the order of members.
    package static func identity(of event: AuthEvent) -> [UInt8] {
        let data = JSONValue.object(event.data).canonical
        let subject = event.subject.map(JSONValue.string) ?? .null
        return JSONValue.array([.string(event.type), subject, data]).serialized()
    }

    /// Reads the text that ``text(of:)`` made.
    package init(text: [UInt8]) throws {
        let value = try JSONValue(parsing: text)
        guard let data = value["data"]?.object else { throw Unreadable() }
        subject = value["subject"]?.string
        email = try data["email"]?.string.map { try MailAddress($0) }
        let person = try PersonData(MemberReader(data), purpose: .signUp)
        name = person.name
        link = data["link"]?.string
        templateData = try person.templateData()
    }

    private struct Unreadable: Error {}

    /// The compared form of the address on a channel: what codes are derived from.
    package func comparedAddress(on channel: Channel) -> String? {
        channel == .email ? email?.compared : nil
    }

    /// The address as it may be shown: enough for its owner to recognise it.
    package func maskedAddress(on channel: Channel) -> String {
        (channel == .email ? email?.masked : nil) ?? "***"
    }
}
