import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

extension Scene {
    func filtersDeliveries() async throws {
        let acme = try #require(TenantName("acme"))
        let mail = try await accept(Letter(to: "bobby").with { $0.name = "one" })
        time.pass(.seconds(10))
        let sms = try await accept(Letter(to: "carol", .mfa, by: .sms).with { $0.subject = "user-7" })
        time.pass(.seconds(10))
        let foreign = try await accept(Letter(to: "dora").with { $0.tenant = acme })
        try await settle(beginOne(at: Scene.sms), .refused)
        let start = time.now() - .seconds(20)
        let cases: [(String, [DeliveryID], (inout DeliveryFilter) -> Void)] = [
            ("all", [foreign.id, sms.id, mail.id], { _ in }),
            ("tenant", [foreign.id], { $0.tenant = acme }),
            ("state", [sms.id], { $0.state = .dead }),
            ("hot state", [foreign.id, mail.id], { $0.state = .ready }),
            ("reason", [sms.id], { $0.reason = .refused }),
            ("purpose", [foreign.id, mail.id], { $0.purpose = .signUp }),
            ("channel", [sms.id], { $0.channel = .sms }),
            ("gateway", [foreign.id, mail.id], { $0.gateway = "mail-main" }),
            ("event", [mail.id], { $0.event = "one" }),
            ("challenge", [sms.id], { $0.challenge = sms.challengeID }),
            ("subject", [sms.id], { $0.subject = Digest(of: "subject", "user-7") }),
            ("since", [foreign.id, sms.id], { $0.since = start + .seconds(10) }),
            ("until", [mail.id], { $0.until = start + .seconds(10) }),
            (
                "both", [sms.id],
                {
                    $0.since = start + .seconds(10)
                    $0.until = start + .seconds(20)
                }
            ),
            ("nothing", [], { $0.gateway = "nowhere" }),
        ]
        for (name, expected, change) in cases {
            var filter = DeliveryFilter()
            change(&filter)
            #expect(try await store.deliveries(filter).items.map(\.id) == expected, "by \(name)")
        }
    }

    func pagesThroughDeliveries() async throws {
        var accepted: [DeliveryID] = []
        for index in 1...7 {
            accepted.append(try await accept(Letter(to: "person-\(index)", index % 3 == 0 ? .notice : .signUp)).id)
            time.pass(.milliseconds(1))
        }
        var filter = DeliveryFilter(limit: 3)
        var pages: [[DeliveryID]] = []
        repeat {
            let page = try await store.deliveries(filter)
            pages.append(page.items.map(\.id))
            filter.after = page.next
        } while filter.after != nil
        #expect(pages.map(\.count) == [3, 3, 1])
        #expect(pages.flatMap(\.self) == accepted.reversed())
        filter = DeliveryFilter(limit: 5)
        filter.purpose = .signUp
        let exact = try await store.deliveries(filter)
        #expect(exact.items.count == 5)
        #expect(exact.next == nil)
    }

    func keepsDeliveriesToTheirTenant() async throws {
        let acme = try #require(TenantName("acme"))
        let delivery = try await accept(Letter(to: "bobby"))
        try await accept(Letter(to: "carol").with { $0.tenant = acme })
        #expect(try await store.delivery(delivery.id, of: acme) == nil)
        #expect(try await store.delivery(delivery.id, of: .default)?.tenant == .default)
        let mine = try await store.standing(of: acme).channels.first { $0.channel == .email }
        #expect(mine?.counts[.ready] == 1)
        let nobodys = try await store.standing(of: TenantName("never-seen")).channels.first { $0.channel == .email }
        #expect(nobodys?.counts[.ready] == 0)
        let everybodys = try await store.standing(of: nil).channels.first { $0.channel == .email }
        #expect(everybodys?.counts[.ready] == 2)
    }
}
