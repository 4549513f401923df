private import JSON

/// The part of an event's `data` that says who is written to, how, and in which words.
struct PersonData {
    let tenant: TenantName?
    let email: MailAddress?
    let channels: [Channel]
    let locale: String?
    let name: String?
    private let data: MemberReader

    private static let known = [
        "email", "phone", "channels", "any_of", "locale", "name", "ip", "tenant", "session", "link", "ttl",
        "template_data",
    ]

    init(_ data: MemberReader, purpose: Purpose) throws(EventProblem) {
        try data.refuseOthers(than: PersonData.known)
        self.data = data
        if let name = try data.optional("tenant", bytes: 1...64) {
            guard let tenant = TenantName(name) else {
                throw data.problem("tenant", "tenant must have a-z, 0-9, - and _ only")
            }
            self.tenant = tenant
        } else {
            tenant = nil
        }
        email = try PersonData.email(in: data)
        let phone = try data.optional("phone", bytes: 1...32)
        channels = try PersonData.channels(in: data, hasEmail: email != nil, hasPhone: phone != nil)
        locale = try PersonData.locale(in: data)
        name = try PersonData.name(in: data)
        if let group = data.object["any_of"] {
            guard group == .bool(false) else {
                throw data.problem(
                    "any_of",
                    "any_of must be false or left out: \(purpose.name) proves each address by itself"
                )
            }
        }
        _ = try data.internetAddress("ip")
    }

    /// At most 20 strings of 256 bytes, filtered as the name is: one that holds a link is dropped.
    func templateData() throws(EventProblem) -> [String: String] {
        guard let reader = try data.object("template_data") else { return [:] }
        guard reader.object.members.count <= 20 else {
            throw data.problem("template_data", "template_data must have at most 20 members")
        }
        var strings: [String: String] = [:]
        for member in reader.object.members {
            guard (1...64).contains(member.name.utf8.count), let text = try reader.optional(member.name, bytes: 0...256)
            else { throw reader.problem(member.name, "a name must have 1 to 64 bytes") }
            guard !text.unicodeScalars.contains(where: \.isBidirectionalControl) else {
                throw reader.problem(member.name, "the text must have no bidirectional control characters")
            }
            if !PersonData.looksLikeLink(text) { strings[member.name] = text }
        }
        return strings
    }

    private static func email(in data: MemberReader) throws(EventProblem) -> MailAddress? {
        data.object["email"] == nil ? nil : try data.mailAddress("email")
    }

    /// The given ones; else the first channel whose address is there.
    private static func channels(
        in data: MemberReader,
        hasEmail: Bool,
        hasPhone: Bool
    ) throws(EventProblem) -> [Channel] {
        guard let value = data.object["channels"] else {
            if hasEmail { return [.email] }
            if hasPhone { return [.sms] }
            throw data.problem("email", "an address is required: give email")
        }
        guard case .array(let items) = value, (1...2).contains(items.count) else {
            throw data.problem("channels", "channels must be an array of one or two of \"email\", \"sms\"")
        }
        let pointer = data.pointer.appending("channels")
        var channels: [Channel] = []
        for (index, item) in items.enumerated() {
            guard case .string(let name) = item, let channel = Channel(name: name) else {
                throw EventProblem(at: pointer.appending(index), "a channel must be \"email\" or \"sms\"")
            }
            guard !channels.contains(channel) else {
                throw EventProblem(at: pointer.appending(index), "a channel must not be named twice")
            }
            channels.append(channel)
        }
        if channels.contains(.email), !hasEmail {
            throw data.problem("email", "email is required where channels name it")
        }
        if channels.contains(.sms), !hasPhone {
            throw data.problem("phone", "phone is required where channels name sms")
        }
        return channels
    }

    /// RFC 5646: a language of 2 to 8 letters, then subtags of 1 to 8 letters and digits.
    private static func locale(in data: MemberReader) throws(EventProblem) -> String? {
        guard let text = try data.optional("locale", bytes: 2...35) else { return nil }
        let subtags = text.split(separator: "-", omittingEmptySubsequences: false)
        let isTag =
            (2...8).contains(subtags[0].count) && subtags[0].allSatisfy { $0.isASCII && $0.isLetter }
            && subtags.dropFirst().allSatisfy { subtag in
                (1...8).contains(subtag.count) && subtag.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            }
        guard isTag else { throw data.problem("locale", "locale must be a BCP 47 tag such as en-GB") }
        return text
    }

    /// A name that holds a link is dropped, so that nobody can have us mail his advertisement to others.
    private static func name(in data: MemberReader) throws(EventProblem) -> String? {
        guard let text = try data.optional("name", bytes: 1...256) else { return nil }
        guard text.unicodeScalars.count <= 64 else {
            throw data.problem("name", "name must have at most 64 characters")
        }
        guard !text.unicodeScalars.contains(where: \.isBidirectionalControl) else {
            throw data.problem("name", "name must have no bidirectional control characters")
        }
        return looksLikeLink(text) ? nil : text
    }

    /// `//`, `www.`, or a dot between a letter or digit and a top-level domain's two letters.
    private static func looksLikeLink(_ text: String) -> Bool {
        // Neither invisible characters nor the other full stops of UTS 46, section 2.3, hide a link.
        var plain = ""
        for scalar in text.lowercased().unicodeScalars where scalar.properties.generalCategory != .format {
            let isFullStop = "\u{3002}\u{ff0e}\u{ff61}".unicodeScalars.contains(scalar)
            plain.unicodeScalars.append(isFullStop ? "." : scalar)
        }
        if plain.contains("www.") || plain.contains("//") { return true }
        let pieces = plain.split(separator: ".", omittingEmptySubsequences: false)
        return zip(pieces, pieces.dropFirst()).contains { before, after in
            guard let last = before.last, last.isLetter || last.isNumber else { return false }
            return after.prefix { $0.isLetter }.count >= 2
        }
    }
}
