import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

extension Scene {
    func reservesTheDearest() async throws {
        try await open([.cents(100)]) { $0.routing = Scene.twoGateways }
        let letter = sms("bobby", .cents(1), backup: .cents(3)).with { letter in
            letter.segments = 2
            letter.country = "GB"
        }
        let delivery = try await accept(letter)
        let estimate = Estimate(
            country: "GB",
            segments: 2,
            encoding: .gsm7,
            amount: .cents(6),
            priceVersion: "prices-1"
        )
        #expect(delivery.estimate == estimate)
        let report = try await report(delivery.id)
        #expect(report.estimate == estimate)
        #expect(report.gateway == "sms-main")
        let entry = try #require(try await entries().first)
        #expect((entry.sequence, entry.kind, entry.at) == (1, .reserved, time.now()))
        #expect((entry.delivery, entry.attempt, entry.gateway) == (delivery.id, nil, "sms-backup"))
        #expect((entry.tenant, entry.purpose, entry.country) == (.default, .recovery, "GB"))
        #expect((entry.segments, entry.amount, entry.priceVersion) == (2, .cents(6), "prices-1"))
        #expect(try await used() == 6)
        let claimed = try await claimOne(at: Scene.sms)
        #expect(claimed.country == "GB")
    }

    func estimatesDuplicatesAsThen() async throws {
        try await open([.cents(4)])
        let letter = sms("bobby", .cents(2)).with { $0.name = "one" }
        let first = try await accept(letter)
        try await settle(beginOne(for: .cents(1)), .accepted, price: .cents(4))
        let dearer = letter.with { $0.prices = [Letter.Price("sms-main", .cents(100))] }
        let answer = try await store.accept(stationery.submission(dearer, at: time.now()))
        #expect(answer == .duplicate(AcceptedEvent(deliveries: [first])))
        #expect(try await entries().count == 4)
        #expect(try await report(first.id).estimate?.amount == .cents(1))
    }

    func accountsForNoMail() async throws {
        try await open([.cents(0)])
        let delivery = try await accept(Letter(to: "bobby"))
        #expect(delivery.estimate == nil)
        try await settle(beginOne(at: Scene.mail), .accepted, price: .cents(7))
        #expect(try await report(delivery.id).price == nil)
        #expect(try await entries().isEmpty)
    }

    func refusesOverBudget() async throws {
        try await open([
            .cents(2, "day"), .cents(2, "month", period: .month), .cents(2, "hour", period: .hour), .cents(3, "wide"),
        ])
        try await accept((1...2).map { sms("person-\($0)") })
        let end = try #require(Instant(rfc3339: "2025-12-01T00:00:00Z"))
        let letter = sms("bobby").with { $0.name = "one" }
        #expect(try await refusal(of: letter) == LegRefusal(channel: .sms, cause: .overBudget("month", resetsAt: end)))
        #expect(try await store.deliveries(DeliveryFilter()).items.count == 2)
        #expect(try await entries().count == 2)
        // A mail costs nothing, and a refused event may come again.
        try await accept(Letter(to: "carol"))
        time.setWall(by: end - time.now())
        try await accept(letter)
    }

    func judgesAllLegsTogether() async throws {
        let both = Letter(to: "old", .attributeChange, by: .sms).with { letter in
            letter.legs.append(Letter.Leg(person: "new", channel: .sms))
        }
        try await open([.cents(1)])
        let end = Budget.Period.day.bounds(around: time.now()).end
        #expect(try await refusal(of: both).cause == .overBudget("all", resetsAt: end))
        #expect(try await entries().isEmpty)
        try await open([.cents(2)])
        try await accept(both)
        #expect(try await used() == 2)
    }

    func countsByScope() async throws {
        let (acme, other) = (try #require(TenantName("acme")), try #require(TenantName("other")))
        try await open([
            .cents(2, "tenant", scope: .tenant), .cents(3, "country", scope: .country),
            .cents(4, "purpose", scope: .purpose), .cents(5),
        ])
        func letter(_ tenant: TenantName, _ country: String, _ purpose: Purpose = .recovery) -> Letter {
            Letter(to: "bobby", purpose, by: .sms).with { letter in
                (letter.tenant, letter.country) = (tenant, country)
                letter.session = "\(stationery.next())"
            }
        }
        func closed(_ letter: Letter) async throws -> String {
            guard case .overBudget(let name, _) = try await refusal(of: letter).cause else { return "open" }
            return name
        }
        for _ in 1...2 { try await accept(letter(.default, "US")) }
        #expect(try await closed(letter(.default, "US")) == "tenant")
        try await accept(letter(acme, "US"))
        #expect(try await closed(letter(acme, "US")) == "country")
        try await accept(letter(acme, "GB"))
        #expect(try await closed(letter(other, "GB")) == "purpose")
        try await accept(letter(other, "GB", .mfa))
        #expect(try await closed(letter(other, "FR", .mfa)) == "all")
    }

    func keepsCurrenciesApart() async throws {
        let euros = Budget(name: "euros", scope: .all, period: .day, limit: .cents(1, "EUR"))
        try await open([.cents(1), euros]) { $0.routing = Scene.twoGateways }
        // What is reserved is in the currency of the first gateway, whatever the next would ask.
        let delivery = try await accept(sms("bobby", .cents(1), backup: .cents(100, "EUR")))
        #expect(delivery.estimate?.amount == .cents(1))
        #expect(try await used("euros") == 0)
        try await accept(sms("carol", .cents(1, "EUR")))
        #expect(try await used("euros") == 1)
        let end = Budget.Period.day.bounds(around: time.now()).end
        #expect(try await refusal(of: sms("dora", .cents(1, "EUR"))).cause == .overBudget("euros", resetsAt: end))
        #expect(try await refusal(of: sms("dora")).cause == .overBudget("all", resetsAt: end))
        try await accept(sms("dora", .cents(1000, "GBP")))
    }

    func accountsForWhatIsFree() async throws {
        try await open([.cents(0)])
        let delivery = try await accept(sms("bobby", .cents(0)))
        try await settle(beginOne(for: .cents(0)), .retry)
        time.pass(.seconds(60))
        try await settle(beginOne(for: .cents(0)), .accepted, price: .cents(0))
        #expect(
            try await story(delivery.id) == [
                "reserved 0.00", "committed 1 0.00", "released 1 0.00", "committed 2 0.00", "priced 2 0.00",
            ]
        )
        #expect(try await report(delivery.id).price == .cents(0))
        #expect(try await used() == 0)
    }

    func acceptsWhatFitsOfManyAtOnce() async throws {
        try await open([.cents(5)])
        let letters = (1...16).map { sms("person-\($0)") }
        let answers = try await withThrowingTaskGroup { group in
            for letter in letters {
                group.addTask { try await store.accept(stationery.submission(letter, at: time.now())) }
            }
            return try await group.reduce(into: [Acceptance]()) { $0.append($1) }
        }
        #expect(answers.count { if case .accepted = $0 { true } else { false } } == 5)
        #expect(answers.count { if case .refused = $0 { true } else { false } } == 11)
        #expect(try await used() == 5)
    }
}
