import AuthEvents
import Configuration
import Limits
import Testing

@Suite("The limits of the settings")
struct LimitSettingsTests {
    private let file: SettingsFile
    private let acme = TenantName("acme") ?? .default

    init() throws { file = try SettingsFile() }

    private func limits(_ text: String, environment: [String: String] = [:]) throws -> LimitSet {
        try file.settings(text, environment: environment).limits
    }

    @Test("are the standard ones where none are written, and none where the list is empty")
    func standard() throws {
        #expect(try limits("") == LimitSet())
        #expect(try limits("limits = []") == LimitSet([]))
        #expect(try limits("[[tenants]]\nname = \"acme\"\n") == LimitSet())
        #expect(
            try limits("[[tenants]]\nname = \"acme\"\nlimits = []\n").limits(of: acme, at: .accept) == Limit.standard
        )
    }

    @Test("have the meanings that the contract gives them")
    func meanings() throws {
        let text = """
            [[limits]]
            name = "sms-per-recipient"
            scope = "recipient"
            channel = "sms"
            rate = "5/10m"

            [[limits]]
            name = "tries"
            scope = "ip"
            rate = "60/1h"
            burst = 10
            on = "verify"
            shared = true

            [[limits]]
            name = "abroad"
            scope = "prefix"
            rate = "2/s"
            foreign = true
            prefix_digits = 5
            """
        let rate = Rate(count: 5, period: .seconds(600))
        let written = [
            Limit(name: "sms-per-recipient", scope: .recipient, rate: rate, channel: .sms),
            Limit(
                name: "tries",
                scope: .ip,
                rate: Rate(count: 60, period: .seconds(3600)),
                burst: 10,
                moment: .verify,
                isShared: true
            ),
            Limit(
                name: "abroad",
                scope: .prefix,
                rate: Rate(count: 2, period: .seconds(1)),
                isForeign: true,
                prefixDigits: 5
            ),
        ]
        #expect(try limits(text) == LimitSet(written))
    }

    @Test("of every scope and moment can be written", arguments: Limit.Scope.allCases, Limit.Moment.allCases)
    func scopes(scope: Limit.Scope, moment: Limit.Moment) throws {
        let text =
            "[[limits]]\nname = \"a\"\nscope = \"\(scope.rawValue)\"\nrate = \"5/m\"\non = \"\(moment.rawValue)\""
        let limits = try limits(text).limits(of: .default, at: moment)
        #expect(limits.map(\.scope) == [scope])
    }

    @Test("of a tenant take the place of the general ones of their names, beside others")
    func own() throws {
        let text = """
            [[limits]]
            name = "a"
            scope = "ip"
            rate = "5/m"

            [[tenants]]
            name = "acme"

            [[tenants.limits]]
            name = "a"
            scope = "recipient"
            rate = "9/m"

            [[tenants.limits]]
            name = "b"
            scope = "tenant"
            rate = "7/m"

            [[tenants]]
            name = "other"
            """
        let set = try limits(text)
        #expect(set.limits(of: acme, at: .accept).map(\.rate.text) == ["9/1m", "7/1m"])
        #expect(set.limits(of: .default, at: .accept).map(\.rate.text) == ["5/1m"])
        #expect(set.limits(of: TenantName("other") ?? acme, at: .accept).map(\.name) == ["a"])
        // Beside the standard ones too.
        let standard = try limits(
            "[[tenants]]\nname = \"acme\"\nlimits = [{ name = \"b\", scope = \"ip\", rate = \"1/h\" }]"
        )
        #expect(standard.limits(of: acme, at: .accept).count == 5)
    }

    @Test("can be given in the environment by their names")
    func environment() throws {
        let text = """
            [[limits]]
            name = "per-recipient"
            scope = "recipient"
            rate = "5/10m"

            [[tenants]]
            name = "acme"
            limits = [{ name = "mine", scope = "ip", rate = "1/h" }]
            """
        let set = try limits(
            text,
            environment: [
                "GATEPOST_LIMITS_PER_RECIPIENT_RATE": "6/10m", "GATEPOST_TENANTS_ACME_LIMITS_MINE_RATE": "2/h",
            ]
        )
        #expect(set.limits(of: acme, at: .accept).map(\.rate.text) == ["6/10m", "2/1h"])
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        var lines: String
        /// Counted in the file, whose table begins in line 1.
        var line: Int
        var key: String
        var says: String
        var isTenants = false
        var testDescription: String { "\(isTenants ? "tenants' " : "")\(key) \(says)" }
    }

    private static let good = "name = \"a\"\nscope = \"ip\"\nrate = \"5/m\"\n"

    static let bad = [
        Bad(lines: "scope = \"ip\"\nrate = \"5/m\"", line: 1, key: "1.name", says: "is required"),
        Bad(lines: "name = \"\"\nscope = \"ip\"\nrate = \"5/m\"", line: 2, key: ".name", says: "is required"),
        Bad(
            lines: "name = \"resend\"\nscope = \"ip\"\nrate = \"5/m\"",
            line: 2,
            key: "resend.name",
            says: "names the resend wait"
        ),
        Bad(
            lines: "name = \"\(String(repeating: "a", count: 65))\"\nscope = \"ip\"\nrate = \"5/m\"",
            line: 2,
            key: "\(String(repeating: "a", count: 65)).name",
            says: "1 to 64 bytes"
        ),
        Bad(lines: "name = \"a\"\nrate = \"5/m\"", line: 1, key: "a.scope", says: "is required"),
        Bad(
            lines: "name = \"a\"\nscope = \"person\"\nrate = \"5/m\"",
            line: 3,
            key: "a.scope",
            says: "recipient, ip, subject, tenant, country, prefix, all"
        ),
        Bad(lines: "name = \"a\"\nscope = \"ip\"", line: 1, key: "a.rate", says: "is required"),
        Bad(
            lines: "name = \"a\"\nscope = \"ip\"\nrate = \"5/25h\"",
            line: 4,
            key: "a.rate",
            says: "1/24h to 1000000/1s"
        ),
        Bad(
            lines: "name = \"a\"\nscope = \"ip\"\nrate = \"0/1h\"",
            line: 4,
            key: "a.rate",
            says: "1/24h to 1000000/1s"
        ),
        Bad(lines: good + "burst = 0", line: 5, key: "a.burst", says: "1 to 1000000"),
        Bad(lines: good + "burst = 1000001", line: 5, key: "a.burst", says: "1 to 1000000"),
        Bad(
            lines: "name = \"a\"\nscope = \"ip\"\nrate = \"1/24h\"\nburst = 367",
            line: 5,
            key: "a.burst",
            says: "within a year"
        ),
        Bad(lines: good + "on = \"send\"", line: 5, key: "a.on", says: "accept or verify"),
        Bad(lines: good + "channel = \"fax\"", line: 5, key: "a.channel", says: "email or sms"),
        Bad(lines: good + "channel = \"email\"\nforeign = true", line: 5, key: "a.channel", says: "sms or left out"),
        Bad(
            lines: "name = \"a\"\nscope = \"country\"\nrate = \"5/m\"\nchannel = \"email\"",
            line: 5,
            key: "a.channel",
            says: "sms or left out"
        ),
        Bad(
            lines: "name = \"a\"\nscope = \"prefix\"\nrate = \"5/m\"\nchannel = \"email\"",
            line: 5,
            key: "a.channel",
            says: "sms or left out"
        ),
        Bad(lines: good + "foreign = \"yes\"", line: 5, key: "a.foreign", says: "true or false"),
        Bad(lines: good + "shared = 1", line: 5, key: "a.shared", says: "true or false"),
        Bad(
            lines: "name = \"a\"\nscope = \"tenant\"\nrate = \"5/m\"\nshared = true",
            line: 5,
            key: "a.shared",
            says: "scope all"
        ),
        Bad(lines: good + "prefix_digits = 5", line: 5, key: "a.prefix_digits", says: "belongs to the scope prefix"),
        Bad(
            lines: "name = \"a\"\nscope = \"prefix\"\nrate = \"5/m\"\nprefix_digits = 16",
            line: 5,
            key: "a.prefix_digits",
            says: "1 to 15"
        ),
        Bad(lines: good + "rates = \"5/m\"", line: 5, key: "a.rates", says: "not known here"),
        Bad(lines: good + "[[limits]]\n" + good, line: 6, key: "a.name", says: "twice"),
        Bad(lines: good + "shared = true", line: 7, key: "a.shared", says: "that tenant alone", isTenants: true),
        Bad(
            lines: "name = \"a\"\nscope = \"all\"\nrate = \"5/m\"",
            line: 5,
            key: "a.scope",
            says: "use tenant",
            isTenants: true
        ),
        Bad(lines: good + "rates = \"5/m\"", line: 7, key: "a.rates", says: "not known here", isTenants: true),
        Bad(lines: good + "[[tenants.limits]]\n" + good, line: 8, key: "a.name", says: "twice", isTenants: true),
    ]

    @Test("are refused with line, key and what is allowed", arguments: bad)
    func refuses(bad: Bad) throws {
        let head = bad.isTenants ? "[[tenants]]\nname = \"acme\"\n[[tenants.limits]]\n" : "[[limits]]\n"
        let error = try #require(throws: SettingsError.self) { try limits(head + bad.lines + "\n") }
        #expect(error.line == bad.line)
        #expect(error.key == (bad.isTenants ? "tenants.acme.limits." : "limits.") + bad.key)
        #expect(error.reason.contains(bad.says), "\(error)")
    }

    @Test("that are no list of tables are refused", arguments: ["limits = 5", "limits = [5]", "limits = \"none\""])
    func noTables(text: String) throws {
        let error = try #require(throws: SettingsError.self) { try limits(text) }
        #expect((error.line, error.key) == (1, "limits"))
        #expect(error.reason.contains("[[limits]]"))
    }
}
