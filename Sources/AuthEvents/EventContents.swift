private import JSON

/// What of an event is readable under the seal only: who is written to, and in which words.
package struct EventContents: Sendable, Equatable {
    package var subject: String?
    package var email: MailAddress?
    /// In E.164: `+12423571234`.
    package var phone: String?
    package var name: String?
    package var link: String?
    package var templateData: [String: String]

    /// The text that is sealed: the subject, the phone number as it was read, and the whole of `data`, as JSON.
    ///
    /// `phone`: In E.164, `nil` where the event has none.
    package static func text(of event: AuthEvent, phone: String? = nil) -> [UInt8] {
        var object: JSONObject = ["data": .object(event.data)]
        if let subject = event.subject { object["subject"] = .string(subject) }
        if let phone { object["phone"] = .string(phone) }
        return JSONValue.object(object).serialized()
    }

    /// What makes an event another one under the same id: its type, subject and data, whatever the order of members.
    package static func identity(of event: AuthEvent) -> [UInt8] {
        let data = JSONValue.object(event.data).canonical
        let subject = event.subject.map(JSONValue.string) ?? .null
        return JSONValue.array([.string(event.type), subject, data]).serialized()
    }

    /// Reads the text that ``text(of:phone:)`` made.
    ///
    /// The event was checked when it was taken; here only what a message needs is read, whatever the purpose.
    package init(text: [UInt8]) throws {
        let value = try JSONValue(parsing: text)
        guard let data = value["data"]?.object else { throw Unreadable() }
        subject = value["subject"]?.string
        email = try data["email"]?.string.map { try MailAddress($0) }
        phone = value["phone"]?.string
        let reader = MemberReader(data)
        name = try PersonData.name(in: reader)
        link = data["link"]?.string
        templateData = try PersonData.templateData(in: reader)
    }

    private struct Unreadable: Error {}

    /// The address as a gateway takes it, `nil` where there is none.
    package func deliverableAddress(on channel: Channel) -> String? {
        switch channel {
        case .email: email?.deliverable
        case .sms: phone
        }
    }

    /// The compared form of the address on a channel: what codes are derived from.
    package func comparedAddress(on channel: Channel) -> String? {
        switch channel {
        case .email: email?.compared
        case .sms: phone
        }
    }

    /// The address as it may be shown: enough for its owner to recognise it.
    package func maskedAddress(on channel: Channel) -> String {
        let masked =
            switch channel {
            case .email: email?.masked
            case .sms: phone.flatMap(EventContents.masked)
            }
        return masked ?? "***"
    }

    /// `+12***34`: of seven digits and more the first and the last two; of fewer too little would stay hidden.
    private static func masked(_ phone: String) -> String? {
        guard phone.hasPrefix("+"), phone.utf8.count > 7 else { return nil }
        return "\(phone.prefix(3))***\(phone.suffix(2))"
    }
}
