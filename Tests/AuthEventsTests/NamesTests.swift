import AuthEvents
import Testing

@Suite("Names of the contract")
struct NamesTests {
    @Test("are those of purposes")
    func purposes() {
        let names = ["sign_up", "recovery", "mfa", "attribute_change", "invitation", "notice"]
        #expect(Purpose.allCases.map(\.name) == names)
        #expect(names.compactMap { Purpose(name: $0) } == Purpose.allCases)
        #expect(Purpose(name: "signUp") == nil && Purpose(name: "") == nil)
        #expect(Purpose.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6])
    }

    @Test("are those of channels")
    func channels() {
        #expect(Channel.allCases.map(\.name) == ["email", "sms"])
        #expect(Channel(name: "email") == .email && Channel(name: "sms") == .sms && Channel(name: "Email") == nil)
        #expect(Channel.allCases.map(\.rawValue) == [1, 2])
    }

    @Test("put who waits before a screen in front")
    func priorities() {
        let order = Purpose.allCases.sorted { $0.priority < $1.priority }
        #expect(order.first == .mfa && order.last == .notice)
        #expect(Purpose.allCases.allSatisfy { Purpose.priorities.contains($0.priority) })
    }

    @Test("put the phone first for a second factor, else the mail")
    func standardChannels() {
        for purpose in Purpose.allCases {
            #expect(purpose.standardChannels == (purpose == .mfa ? [.sms, .email] : [.email, .sms]))
        }
    }

    @Test("group a second factor unless it declines, and never what proves each address")
    func grouping() {
        let groupings: [Purpose.Grouping] = [.never, .whereAsked, .unlessDeclined, .never, .whereAsked, .whereAsked]
        #expect(Purpose.allCases.map(\.grouping) == groupings)
    }

    @Test("of channels say which member holds the address")
    func addressNames() {
        #expect(Channel.allCases.map(\.addressName) == ["email", "phone"])
    }

    @Test("of notices have small letters, digits and _", arguments: ["password_changed", "a", "0_", "our_own"])
    func notice(name: String) {
        #expect(NoticeName(name)?.description == name)
    }

    @Test("of notices have nothing else", arguments: ["", "A", "a-b", "a b", "a.b", "é", "a\n"])
    func noNotice(name: String) {
        #expect(NoticeName(name) == nil)
    }

    @Test("of the notices that have words of their own are those of the contract, and the one to a previous address")
    func wellKnownNotices() {
        let names = ["password_changed", "new_sign_in", "mfa_changed", "account_locked", "attribute_change"]
        #expect(NoticeName.wellKnown.map(\.description) == names)
        #expect(NoticeName.wellKnown.compactMap { NoticeName($0.description) } == NoticeName.wellKnown)
    }

    @Test("of tenants have small letters, digits, - and _", arguments: ["default", "a", "cruddur-2_x", "0"])
    func tenant(name: String) {
        #expect(TenantName(name)?.description == name)
    }

    @Test(
        "of tenants have nothing else",
        arguments: ["", "A", "a b", "a.b", "a/b", "ä", "a\n", String(repeating: "a", count: 65)]
    )
    func noTenant(name: String) {
        #expect(TenantName(name) == nil)
    }
}
