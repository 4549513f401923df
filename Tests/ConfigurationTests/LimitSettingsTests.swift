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

    @Test("are refused with line, key and what is allowed", arguments: BadLimit.all)
    func refuses(bad: BadLimit) throws {
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
