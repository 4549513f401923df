import AuthEvents
import Limits
import Testing

@Suite("A limit")
struct LimitTests {
    /// A message, what a scope counts it by for one tenant, and for all.
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var facts: LimitFacts
        var values: [Limit.Scope: String]
    }

    private static let tenant = TenantName.default

    static let mail = LimitFacts(
        tenant: tenant,
        home: "US",
        channel: .email,
        recipient: "bobby@example.com",
        network: "203.0.113.7",
        subject: "user-7"
    )
    static let home = LimitFacts(
        tenant: tenant,
        home: "US",
        channel: .sms,
        recipient: "+12025550123",
        country: "US",
        network: "2001:db8:0:1:0:0:0:0/64"
    )
    static let abroad = LimitFacts(tenant: tenant, home: "US", channel: .sms, recipient: "+447700900123", country: "GB")
    static let nowhere = LimitFacts(tenant: tenant, home: "US", channel: .sms, recipient: "+88210123", country: nil)
    static let unknown = LimitFacts(tenant: tenant, home: "US")

    static let examples = [
        Example(
            testDescription: "a mail",
            facts: mail,
            values: [.recipient: "bobby@example.com", .ip: "203.0.113.7", .subject: "user-7", .tenant: "", .all: ""]
        ),
        Example(
            testDescription: "an SMS at home",
            facts: home,
            values: [
                .recipient: "+12025550123", .ip: "2001:db8:0:1:0:0:0:0/64", .tenant: "", .country: "US",
                .prefix: "1202555", .all: "",
            ]
        ),
        Example(
            testDescription: "an SMS abroad",
            facts: abroad,
            values: [.recipient: "+447700900123", .tenant: "", .country: "GB", .prefix: "4477009", .all: ""]
        ),
        Example(
            testDescription: "an SMS to a number of no country",
            facts: nowhere,
            values: [.recipient: "+88210123", .tenant: "", .country: "", .prefix: "8821012", .all: ""]
        ),
        Example(
            testDescription: "a try of which nothing is known",
            facts: unknown,
            values: [.tenant: "", .all: ""]
        ),
    ]

    private func limit(_ scope: Limit.Scope, _ change: (inout Limit) -> Void = { _ in }) -> Limit {
        var limit = Limit(name: "limit", scope: scope, rate: Rate(count: 5, period: .seconds(600)))
        change(&limit)
        return limit
    }

    @Test("counts what its scope says, each tenant apart; all is one count", arguments: examples, Limit.Scope.allCases)
    func scopes(example: Example, scope: Limit.Scope) {
        let place = example.values[scope].map { [scope == .all ? "" : "default", scope.rawValue, $0] }
        #expect(limit(scope).place(of: example.facts) == place)
    }

    @Test("that is shared counts all tenants together", arguments: examples, Limit.Scope.allCases)
    func shared(example: Example, scope: Limit.Scope) {
        let place = example.values[scope].map { ["", scope.rawValue, $0] }
        #expect(limit(scope) { $0.isShared = true }.place(of: example.facts) == place)
    }

    @Test("of a channel counts that one", arguments: examples, Limit.Scope.allCases)
    func channels(example: Example, scope: Limit.Scope) {
        let all = limit(scope).place(of: example.facts)
        for channel in [Channel.email, .sms] {
            let counted = limit(scope) { $0.channel = channel }.place(of: example.facts)
            #expect(counted == (example.facts.channel == channel ? all : nil))
        }
    }

    @Test("of what is foreign counts SMS that leave the tenant's country", arguments: examples, Limit.Scope.allCases)
    func foreign(example: Example, scope: Limit.Scope) {
        let all = limit(scope).place(of: example.facts)
        let isForeign = [LimitTests.abroad, LimitTests.nowhere].contains(example.facts)
        #expect(limit(scope) { $0.isForeign = true }.place(of: example.facts) == (isForeign ? all : nil))
    }

    @Test(
        "of prefixes counts as many digits as it says, of a short number all",
        arguments: [(1, "4"), (15, "447700900123")]
    )
    func prefixes(digits: Int, value: String) {
        let place = limit(.prefix) { $0.prefixDigits = digits }.place(of: LimitTests.abroad)
        #expect(place == ["default", "prefix", value])
    }

    @Test("lets as many pass at once as its count, unless told otherwise")
    func burst() {
        let rate = Rate(count: 5, period: .seconds(600))
        #expect(Limit(name: "a", scope: .ip, rate: rate).burst == 5)
        #expect(Limit(name: "a", scope: .ip, rate: rate, burst: 20).burst == 20)
    }
}

@Suite("A set of limits")
struct LimitSetTests {
    private let acme = TenantName("acme") ?? .default
    private let rate = Rate(count: 5, period: .seconds(600))

    private func limit(_ name: String, _ moment: Limit.Moment = .accept, burst: Int64 = 5) -> Limit {
        Limit(name: name, scope: .recipient, rate: rate, burst: burst, moment: moment)
    }

    @Test("that nobody wrote has the four of the contract")
    func standard() {
        let limits = LimitSet().limits(of: .default, at: .accept)
        #expect(limits.map(\.name) == ["recipient-10m", "recipient-day", "ip-hour", "foreign-sms-day"])
        #expect(limits.map(\.scope) == [.recipient, .recipient, .ip, .tenant])
        #expect(limits.map(\.rate.text) == ["5/10m", "10/24h", "100/1h", "100/24h"])
        #expect(limits.map(\.isForeign) == [false, false, false, true])
        #expect(limits.map(\.channel) == [nil, nil, nil, .sms])
        #expect(LimitSet().limits(of: .default, at: .verify).isEmpty)
    }

    @Test("gives each moment its own")
    func moments() {
        let set = LimitSet([limit("a"), limit("b", .verify)])
        #expect(set.limits(of: .default, at: .accept).map(\.name) == ["a"])
        #expect(set.limits(of: .default, at: .verify).map(\.name) == ["b"])
        #expect(LimitSet([]).limits(of: .default, at: .accept).isEmpty)
    }

    @Test("puts a tenant's own in the place of the general one of its name, and others beside them")
    func own() {
        let set = LimitSet([limit("a"), limit("b"), limit("c")], own: [acme: [limit("b", burst: 9), limit("d")]])
        #expect(set.limits(of: acme, at: .accept) == [limit("a"), limit("c"), limit("b", burst: 9), limit("d")])
        #expect(set.limits(of: .default, at: .accept) == [limit("a"), limit("b"), limit("c")])
        // Its name counts, whatever the moment.
        let moved = LimitSet([limit("a")], own: [acme: [limit("a", .verify)]])
        #expect(moved.limits(of: acme, at: .accept).isEmpty)
        #expect(set.names == ["a", "b", "c", "d"])
    }
}
