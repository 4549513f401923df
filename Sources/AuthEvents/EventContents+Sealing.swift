private import Clocks
private import JSON

extension EventContents {
    /// What is sealed apart because it is erased when the deliveries have ended: the application's own code, and a link
    /// that may be a secret of its own, because no code goes into it.
    private static func erasable(of event: AuthEvent) -> JSONObject {
        var object = JSONObject()
        if let code = event.foreignCode { object["code"] = .string(code.text) }
        if let link = event.link, !MessageLink.holdsCode(link) { object["link"] = .string(link) }
        return object
    }

    /// The text that is sealed: the subject, the phone numbers as they were read, and `data` but for what
    /// ``erasableText(of:)`` holds, as JSON.
    ///
    /// `phone`, `previousPhone`: In E.164, `nil` where the event has none.
    package static func text(of event: AuthEvent, phone: String? = nil, previousPhone: String? = nil) -> [UInt8] {
        var data = event.data
        for member in erasable(of: event).members { data[member.name] = nil }
        var object: JSONObject = ["data": .object(data)]
        if let subject = event.subject { object["subject"] = .string(subject) }
        if let phone { object["phone"] = .string(phone) }
        if let previousPhone { object["previous_phone"] = .string(previousPhone) }
        return JSONValue.object(object).serialized()
    }

    /// The second text, sealed apart from ``text(of:phone:previousPhone:)`` and erased before it; `nil` where there is
    /// nothing to erase.
    package static func erasableText(of event: AuthEvent) -> [UInt8]? {
        let object = erasable(of: event)
        return object.members.isEmpty ? nil : JSONValue.object(object).serialized()
    }

    /// What makes an event another one under the same id: its type, subject and data, whatever the order of members.
    package static func identity(of event: AuthEvent) -> [UInt8] {
        let data = JSONValue.object(event.data).canonical
        let subject = event.subject.map(JSONValue.string) ?? .null
        return JSONValue.array([.string(event.type.name), subject, data]).serialized()
    }

    /// Reads what ``text(of:phone:previousPhone:)`` made and, while it was not erased, what ``erasableText(of:)`` made.
    ///
    /// The event was checked when it was taken; here only what a message needs is read, whatever the purpose.
    package init(text: [UInt8], erasable: [UInt8]? = nil) throws {
        let value = try JSONValue(parsing: text)
        guard let data = value["data"]?.object else { throw Unreadable() }
        let apart = try erasable.map { try JSONValue(parsing: $0) }
        subject = value["subject"]?.string
        email = try data["email"]?.string.map { try MailAddress($0) }
        phone = value["phone"]?.string
        previousEmail = try data["previous_email"]?.string.map { try MailAddress($0) }
        previousPhone = value["previous_phone"]?.string
        let reader = MemberReader(data)
        name = try PersonData.name(in: reader)
        templateData = try PersonData.templateData(in: reader)
        link = (apart?["link"] ?? data["link"])?.string
        notice = data["notice"]?.string.flatMap { NoticeName($0) }
        foreignCode = apart?["code"]?.string
        foreignCodeExpiresAt = try reader.instant("expires_at")
    }

    private struct Unreadable: Error {}
}
