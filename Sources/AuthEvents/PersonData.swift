private import JSON

/// The part of an event's `data` that says who is written to, how, and in which words.
struct PersonData {
    let tenant: TenantName?
    let email: MailAddress?
    let phone: String?
    let channels: [Channel]
    let anyOf: Bool
    let locale: String?
    let name: String?
    /// What `ip` is counted by; the address itself is not kept.
    let network: String?
    let templateData: [String: String]

    /// `standard`: The purpose's channels, for data that names none.
    init(_ data: MemberReader, purpose: Purpose, standard: [Channel]) throws(EventProblem) {
        if let name = try data.optional("tenant", bytes: 1...64) {
            guard let tenant = TenantName(name) else {
                throw data.problem("tenant", "tenant must have a-z, 0-9, - and _ only")
            }
            self.tenant = tenant
        } else {
            tenant = nil
        }
        email = try data.optionalMailAddress("email")
        phone = try data.optional("phone", bytes: 1...32)
        channels = try PersonData.channels(in: data, standard: standard)
        locale = try PersonData.locale(in: data)
        name = try PersonData.name(in: data)
        anyOf = try PersonData.anyOf(in: data, purpose: purpose)
        network = try data.internetAddress("ip").flatMap(internetNetwork)
        templateData = try PersonData.templateData(in: data)
    }

    /// At most 20 strings of 256 bytes, filtered as the name is: one that holds a link is dropped.
    static func templateData(in data: MemberReader) throws(EventProblem) -> [String: String] {
        guard let reader = try data.object("template_data") else { return [:] }
        guard reader.object.members.count <= 20 else {
            throw data.problem("template_data", "template_data must have at most 20 members")
        }
        var strings: [String: String] = [:]
        for member in reader.object.members {
            guard (1...64).contains(member.name.utf8.count), let text = try reader.optional(member.name, bytes: 0...256)
            else { throw reader.problem(member.name, "a name must have 1 to 64 bytes") }
            guard !member.name.unicodeScalars.contains(where: \.isControl) else {
                throw reader.problem(member.name, "a name must have no control characters")
            }
            guard !text.unicodeScalars.contains(where: \.isBidirectionalControl) else {
                throw reader.problem(member.name, "the text must have no bidirectional control characters")
            }
            if !looksLikeLink(text) { strings[member.name] = text }
        }
        return strings
    }

    private static func anyOf(in data: MemberReader, purpose: Purpose) throws(EventProblem) -> Bool {
        guard let anyOf = try data.boolean("any_of") else { return purpose.grouping == .unlessDeclined }
        guard !anyOf || purpose.grouping != .never else {
            throw data.problem(
                "any_of",
                "any_of must be false or left out: \(purpose.name) proves each address by itself"
            )
        }
        return anyOf
    }

    /// The given ones; else the first of the standard ones whose address is there.
    private static func channels(
        in data: MemberReader,
        standard: [Channel]
    ) throws(EventProblem) -> [Channel] {
        guard let value = data.object["channels"] else {
            if let first = standard.first(where: { data.object[$0.addressName] != nil }) { return [first] }
            let names = standard.map(\.addressName)
            throw data.problem(
                names.first ?? "email",
                "an address is required: give \(names.joined(separator: " or "))"
            )
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
        for channel in Channel.allCases where channels.contains(channel) && data.object[channel.addressName] == nil {
            throw data.problem(
                channel.addressName,
                "\(channel.addressName) is required where channels name \(channel.name)"
            )
        }
        return channels
    }

    /// RFC 5646: a language of 2 to 8 letters, then subtags of 1 to 8 letters and digits.
    private static func locale(in data: MemberReader) throws(EventProblem) -> String? {
        guard let text = try data.optional("locale", bytes: 2...35) else { return nil }
        let subtags = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let isTag =
            (2...8).contains(subtags[0].count) && subtags[0].allSatisfy(isLetter)
            && subtags.dropFirst().allSatisfy { subtag in
                (1...8).contains(subtag.count) && subtag.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
            }
        guard isTag else { throw data.problem("locale", "locale must be a BCP 47 tag such as en-GB") }
        return text
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }

    /// A name that holds a link is dropped, so that nobody can have us mail his advertisement to others.
    static func name(in data: MemberReader) throws(EventProblem) -> String? {
        guard let text = try data.optional("name", bytes: 1...256) else { return nil }
        guard text.unicodeScalars.count <= 64 else {
            throw data.problem("name", "name must have at most 64 characters")
        }
        guard !text.unicodeScalars.contains(where: \.isBidirectionalControl) else {
            throw data.problem("name", "name must have no bidirectional control characters")
        }
        return looksLikeLink(text) ? nil : text
    }
}
