package import Clocks
package import JSON

extension AuthEvent {
    /// The types that are taken, by the purpose they stand for.
    package static let types: [String: Purpose] = ["auth.sign_up": .signUp, "auth.mfa": .mfa]

    /// The largest sizes of the envelope's attributes, in bytes.
    private static let longest = (id: 256, source: 512, subject: 256)

    /// Checks a CloudEvents 1.0 envelope (structured mode) and its data.
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
        let envelope = MemberReader(JSONObject(object.members.filter { !$0.value.isNull }.map { ($0.name, $0.value) }))
        guard try envelope.required("specversion", bytes: 1...16) == "1.0" else {
            throw envelope.problem("specversion", "specversion must be \"1.0\"")
        }
        id = try envelope.required("id", bytes: 1...AuthEvent.longest.id)
        source = try envelope.required("source", bytes: 1...AuthEvent.longest.source)
        guard !source.unicodeScalars.contains(where: \.properties.isWhitespace) else {
            throw envelope.problem("source", "source must be a URI reference, without blanks")
        }
        let type = try envelope.required("type", bytes: 1...64)
        guard let purpose = AuthEvent.types[type] else {
            throw envelope.problem(
                "type",
                "type must be one of \(AuthEvent.types.keys.sorted().joined(separator: ", "))"
            )
        }
        self.type = type
        self.purpose = purpose
        subject = try envelope.optional("subject", bytes: 1...AuthEvent.longest.subject)
        time = try AuthEvent.time(of: envelope, now: now)
        try AuthEvent.checkOthers(of: envelope)
        guard let data = try envelope.object("data") else {
            throw envelope.problem("data", "data is required: give an object")
        }
        self.data = data.object
        let person = try PersonData(data, purpose: purpose, standard: channels(purpose))
        tenant = person.tenant
        (email, phone) = (person.email, person.phone)
        (self.channels, anyOf) = (person.channels, person.anyOf)
        locale = person.locale
        name = person.name
        session = try data.optional("session", bytes: 1...128)
        link = try data.optional("link", bytes: 1...2048)
        timeToLive = try AuthEvent.timeToLive(of: data)
        templateData = person.templateData
    }

    private static func time(of envelope: MemberReader, now: Instant) throws(EventProblem) -> Instant? {
        guard let text = try envelope.optional("time", bytes: 1...64) else { return nil }
        guard let time = Instant(rfc3339: text) else {
            throw envelope.problem("time", "time must be an RFC 3339 date-time such as 2026-11-21T10:00:00Z")
        }
        guard time <= now + .seconds(300) else {
            throw envelope.problem("time", "time lies more than 5 minutes in the future; set the sender's clock")
        }
        return time
    }

    private static func timeToLive(of data: MemberReader) throws(EventProblem) -> Duration? {
        guard let text = try data.optional("ttl", bytes: 1...16) else { return nil }
        guard let duration = Duration(text: text), duration > .zero else {
            throw data.problem("ttl", "ttl must be a duration such as 90s, 10m or 24h")
        }
        return duration
    }

    /// Extension attributes are allowed and ignored (CloudEvents 1.0, section 3.1: lower-case letters and digits).
    private static func checkOthers(of envelope: MemberReader) throws(EventProblem) {
        if let type = try envelope.optional("datacontenttype", bytes: 1...128) {
            let essence = String(decoding: type.utf8.prefix { $0 != 0x3b }, as: UTF8.self).split(separator: " ")
            guard essence.count == 1, essence[0].lowercased() == "application/json" else {
                throw envelope.problem("datacontenttype", "datacontenttype must be application/json")
            }
        }
        _ = try envelope.optional("dataschema", bytes: 1...512)
        let known = ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data"]
        for member in envelope.object.members where !known.contains(member.name) {
            guard !member.name.isEmpty, member.name.count <= 64, member.name != "data_base64",
                member.name.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) })
            else {
                throw envelope.problem(member.name, "an extension attribute must be named with a-z and 0-9 only")
            }
            switch member.value {
            case .string, .bool, .integer: continue
            default: throw envelope.problem(member.name, "an extension attribute must be a string, Boolean or integer")
            }
        }
    }
}
