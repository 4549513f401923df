package import Clocks
package import JSON

extension AuthEvent {
    /// The largest sizes of the envelope's attributes, in bytes.
    private static let longest = (id: 256, source: 512, subject: 256)

    private static let attributes = [
        "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data",
    ]

    /// The `id` of an event that may be wrong elsewhere, for the answer that refuses it.
    package static func id(of value: JSONValue) -> String? {
        guard let object = value.object else { return nil }
        return (try? MemberReader(object).optional("id", bytes: 1...longest.id)) ?? nil
    }

    /// Checks a CloudEvents 1.0 envelope, as ``EventMode/envelopes(headers:body:)`` gives it, and its data.
    ///
    /// `now`: A `time` more than five minutes after it is refused; any other decides nothing.
    ///
    /// `channels`: Of an event that names none, the first of its purpose's whose address is given is taken.
    package init(
        _ value: JSONValue,
        now: Instant,
        channels: (Purpose) -> [Channel] = \.standardChannels
    ) throws(EventProblem) {
        guard case .object(let object) = value else {
            throw EventProblem(at: JSONPointer(), "the body must be one CloudEvents object")
        }
        // An attribute that is null counts as left out (CloudEvents 1.0 JSON format, section 2.2).
        let hasNulls = object.members.contains(where: \.value.isNull)
        let others =
            hasNulls ? JSONObject(object.members.filter { !$0.value.isNull }.map { ($0.name, $0.value) }) : object
        let envelope = MemberReader(others)
        guard try envelope.required("specversion", bytes: 1...16) == "1.0" else {
            throw envelope.problem("specversion", "specversion must be \"1.0\"")
        }
        id = try envelope.required("id", bytes: 1...AuthEvent.longest.id)
        source = try envelope.required("source", bytes: 1...AuthEvent.longest.source)
        // Of ASCII's blanks all but one are control characters, which no string here has.
        guard !source.unicodeScalars.contains(where: { $0 == " " || !$0.isASCII && $0.properties.isWhitespace }) else {
            throw envelope.problem("source", "source must be a URI reference, without blanks")
        }
        guard let type = EventType(rawValue: try envelope.required("type", bytes: 1...64)) else {
            let names = EventType.allCases.map(\.name).joined(separator: ", ")
            throw envelope.problem("type", "type must be one of \(names)")
        }
        self.type = type
        subject = try envelope.optional("subject", bytes: 1...AuthEvent.longest.subject)
        time = try AuthEvent.time(of: envelope, now: now)
        try AuthEvent.checkOthers(of: envelope)
        guard let data = try envelope.object("data") else {
            throw envelope.problem("data", "data is required: give an object")
        }
        try data.refuseOthers(than: type.members)
        self.data = data.object
        let person = try PersonData(data, purpose: type.purpose, standard: channels(type.purpose))
        tenant = person.tenant
        (email, phone) = (person.email, person.phone)
        (self.channels, anyOf) = (person.channels, person.anyOf)
        locale = person.locale
        name = person.name
        network = person.network
        templateData = person.templateData
        session = try data.optional("session", bytes: 1...128)
        link = try AuthEvent.link(of: data, carriesCode: type.purpose.carriesCode)
        timeToLive = try AuthEvent.timeToLive(of: data)
        foreignCode = try ForeignCode(data, now: now)
        notice = type == .notice ? try AuthEvent.notice(of: data) : nil
        previousEmail = try data.optionalMailAddress("previous_email")
        previousPhone = try data.optional("previous_phone", bytes: 1...32)
    }

    private static func time(of envelope: MemberReader, now: Instant) throws(EventProblem) -> Instant? {
        guard let time = try envelope.instant("time") else { return nil }
        guard time <= now + .seconds(300) else {
            throw envelope.problem("time", "time lies more than 5 minutes in the future; set the sender's clock")
        }
        return time
    }

    private static func link(of data: MemberReader, carriesCode: Bool) throws(EventProblem) -> String? {
        guard let link = try data.optional("link", bytes: 1...2048) else { return nil }
        if let complaint = MessageLink.complaint(about: link, carriesCode: carriesCode) {
            throw data.problem("link", "link must \(complaint)")
        }
        return link
    }

    private static func timeToLive(of data: MemberReader) throws(EventProblem) -> Duration? {
        guard let text = try data.optional("ttl", bytes: 1...16) else { return nil }
        guard let duration = Duration(text: text), duration > .zero else {
            throw data.problem("ttl", "ttl must be a duration such as 90s, 10m or 24h")
        }
        return duration
    }

    private static func notice(of data: MemberReader) throws(EventProblem) -> NoticeName {
        guard let notice = NoticeName(try data.required("notice", bytes: 1...64)) else {
            throw data.problem("notice", "notice must have a-z, 0-9 and _ only, such as password_changed")
        }
        return notice
    }

    /// Extension attributes are allowed and ignored (CloudEvents 1.0, section 3.1: lower-case letters and digits).
    private static func checkOthers(of envelope: MemberReader) throws(EventProblem) {
        if let type = try envelope.optional("datacontenttype", bytes: 1...128), type != "application/json" {
            let essence = String(decoding: type.utf8.prefix { $0 != 0x3b }, as: UTF8.self).split(separator: " ")
            guard essence.count == 1, essence[0].lowercased() == "application/json" else {
                throw envelope.problem("datacontenttype", "datacontenttype must be application/json")
            }
        }
        _ = try envelope.optional("dataschema", bytes: 1...512)
        guard envelope.object["data_base64"] == nil else {
            throw envelope.problem("data_base64", "data_base64 is not taken; give the object as data")
        }
        for member in envelope.object.members where !attributes.contains(member.name) {
            guard !member.name.isEmpty, member.name.count <= 64,
                member.name.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) })
            else {
                throw envelope.problem(member.name, "an extension attribute must be named with a-z and 0-9 only")
            }
            switch member.value {
            case .string: _ = try envelope.optional(member.name, bytes: 0...Int.max)
            case .bool, .integer: continue
            default: throw envelope.problem(member.name, "an extension attribute must be a string, Boolean or integer")
            }
        }
    }
}
