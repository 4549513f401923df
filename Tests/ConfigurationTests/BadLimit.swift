import Testing

/// Lines of a limit that are wrong, and what the refusal of them must say.
struct BadLimit: Sendable, CustomTestStringConvertible {
    var lines: String
    /// Counted in the file, whose table begins in line 1.
    var line: Int
    var key: String
    var says: String
    var isTenants = false
    var testDescription: String { "\(isTenants ? "tenants' " : "")\(key) \(says)" }

    private static let good = "name = \"a\"\nscope = \"ip\"\nrate = \"5/m\"\n"

    static let all = [
        BadLimit(lines: "scope = \"ip\"\nrate = \"5/m\"", line: 1, key: "1.name", says: "is required"),
        BadLimit(lines: "name = \"\"\nscope = \"ip\"\nrate = \"5/m\"", line: 2, key: ".name", says: "is required"),
        BadLimit(
            lines: "name = \"resend\"\nscope = \"ip\"\nrate = \"5/m\"",
            line: 2,
            key: "resend.name",
            says: "names the resend wait"
        ),
        BadLimit(
            lines: "name = \"\(String(repeating: "a", count: 65))\"\nscope = \"ip\"\nrate = \"5/m\"",
            line: 2,
            key: "\(String(repeating: "a", count: 65)).name",
            says: "1 to 64 bytes"
        ),
        BadLimit(lines: "name = \"a\"\nrate = \"5/m\"", line: 1, key: "a.scope", says: "is required"),
        BadLimit(
            lines: "name = \"a\"\nscope = \"person\"\nrate = \"5/m\"",
            line: 3,
            key: "a.scope",
            says: "recipient, ip, subject, tenant, country, prefix, all"
        ),
        BadLimit(lines: "name = \"a\"\nscope = \"ip\"", line: 1, key: "a.rate", says: "is required"),
        BadLimit(
            lines: "name = \"a\"\nscope = \"ip\"\nrate = \"5/25h\"",
            line: 4,
            key: "a.rate",
            says: "1/24h to 1000000/1s"
        ),
        BadLimit(
            lines: "name = \"a\"\nscope = \"ip\"\nrate = \"0/1h\"",
            line: 4,
            key: "a.rate",
            says: "1/24h to 1000000/1s"
        ),
        BadLimit(lines: good + "burst = 0", line: 5, key: "a.burst", says: "1 to 1000000"),
        BadLimit(lines: good + "burst = 1000001", line: 5, key: "a.burst", says: "1 to 1000000"),
        BadLimit(
            lines: "name = \"a\"\nscope = \"ip\"\nrate = \"1/24h\"\nburst = 367",
            line: 5,
            key: "a.burst",
            says: "within a year"
        ),
        BadLimit(lines: good + "on = \"send\"", line: 5, key: "a.on", says: "accept or verify"),
        BadLimit(lines: good + "channel = \"fax\"", line: 5, key: "a.channel", says: "email or sms"),
        BadLimit(
            lines: good + "channel = \"email\"\nforeign = true",
            line: 5,
            key: "a.channel",
            says: "sms or left out"
        ),
        BadLimit(
            lines: "name = \"a\"\nscope = \"country\"\nrate = \"5/m\"\nchannel = \"email\"",
            line: 5,
            key: "a.channel",
            says: "sms or left out"
        ),
        BadLimit(
            lines: "name = \"a\"\nscope = \"prefix\"\nrate = \"5/m\"\nchannel = \"email\"",
            line: 5,
            key: "a.channel",
            says: "sms or left out"
        ),
        BadLimit(lines: good + "foreign = \"yes\"", line: 5, key: "a.foreign", says: "true or false"),
        BadLimit(lines: good + "shared = 1", line: 5, key: "a.shared", says: "true or false"),
        BadLimit(
            lines: "name = \"a\"\nscope = \"tenant\"\nrate = \"5/m\"\nshared = true",
            line: 5,
            key: "a.shared",
            says: "scope all"
        ),
        BadLimit(
            lines: good + "prefix_digits = 5",
            line: 5,
            key: "a.prefix_digits",
            says: "belongs to the scope prefix"
        ),
        BadLimit(
            lines: "name = \"a\"\nscope = \"prefix\"\nrate = \"5/m\"\nprefix_digits = 16",
            line: 5,
            key: "a.prefix_digits",
            says: "1 to 15"
        ),
        BadLimit(lines: good + "rates = \"5/m\"", line: 5, key: "a.rates", says: "not known here"),
        BadLimit(lines: good + "[[limits]]\n" + good, line: 6, key: "a.name", says: "twice"),
        BadLimit(lines: good + "shared = true", line: 7, key: "a.shared", says: "that tenant alone", isTenants: true),
        BadLimit(
            lines: "name = \"a\"\nscope = \"all\"\nrate = \"5/m\"",
            line: 5,
            key: "a.scope",
            says: "use tenant",
            isTenants: true
        ),
        BadLimit(lines: good + "rates = \"5/m\"", line: 7, key: "a.rates", says: "not known here", isTenants: true),
        BadLimit(lines: good + "[[tenants.limits]]\n" + good, line: 8, key: "a.name", says: "twice", isTenants: true),
    ]
}
