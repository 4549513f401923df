import AuthEvents
import Clocks
import Deliveries
import Limits
import Spend
import Store
import TestSupport
import Testing

/// What deliveries were accepted with, and refused by.
extension Scene {
    func chronicle(_ id: DeliveryID) async throws -> Chronicle {
        try #require(try await store.chronicle(id, of: nil))
    }

    private func decision(_ id: DeliveryID) async throws -> Decision {
        try #require(try await chronicle(id).decision)
    }

    func keepsWhatItWasDecidedWith() async throws {
        try await open([.cents(10), .cents(90, "month", scope: .tenant, period: .month)])
        let few = Slot("few", "5/10m")
        let narrow = Slot("narrow", "1/1h", burst: 7)
        _ = try await accept(sms("bobby", .cents(2)).limited(by: few))
        let letter = sms("carol", .cents(3)).limited(by: few, narrow).with { $0.resendWaits = [.seconds(30)] }
        let first = try await accept(letter)
        time.pass(.milliseconds(45_200))
        let second = try await accept(letter)
        try await lab.reopen()
        let opened = try await decision(first.id)
        #expect((opened.opening, opened.resend) == (.opened, nil))
        let decision = try await decision(second.id)
        #expect(decision.opening == .sameCode)
        let elapsed = Duration.milliseconds(45_200)
        #expect(decision.resend == ResendJudgement(sent: 1, wait: .seconds(30), elapsed: elapsed))
        #expect(decision.limits.map(\.name) == ["few", "narrow"])
        // What came by itself in the meantime is less than one.
        #expect(decision.limits.map(\.left) == [2, 5])
        #expect(decision.limits.map(\.burst) == [5, 7])
        #expect(decision.limits.map(\.rate.text) == ["5/10m", "1/1h"])
        #expect((decision.units, decision.unitPrice, decision.fee) == (160, 30_000, 0))
        // The one before gave its reservation back when it was overtaken.
        let day = BudgetJudgement(
            name: "all",
            scope: .all,
            period: .day,
            limit: .cents(10),
            reserved: 20_000,
            committed: 0,
            amount: .cents(3),
            resetsAt: Budget.Period.day.bounds(around: time.now()).end
        )
        #expect(decision.budgets.first == day)
        #expect(decision.budgets.map(\.name) == ["all", "month"])
        #expect(decision.budgets.map(\.scope) == [.all, .tenant])
        #expect(decision.route == RouteJudgement(rule: nil, gateways: ["sms-main"], gateway: "sms-main"))
        let quote = try #require(try await chronicle(second.id).quote)
        #expect((quote.gateway, quote.estimate) == ("sms-main", try #require(second.estimate)))
    }

    func keepsHowItCameToItsChallenge() async throws {
        let letter = Letter(to: "bobby").with { $0.life = .seconds(1000) }
        var openings: [Decision.Opening?] = []
        var codes: [Int64] = []
        for (pause, reopens) in [(0, false), (100, false), (500, false), (1000, true), (1000, false)] {
            time.pass(.seconds(pause))
            let delivery = try await accept(letter.with { $0.reopens = reopens })
            let chronicle = try await chronicle(delivery.id)
            openings.append(chronicle.decision?.opening)
            codes.append(chronicle.code)
        }
        #expect(openings == [.opened, .sameCode, .newCode, .reopened, .opened])
        #expect(codes == [1, 1, 2, 3, 1])
        let notice = try await accept(Letter(to: "bobby", .notice).with { $0.proves = false })
        #expect(try await decision(notice.id).opening == nil)
        let group = try await acceptParty(party("carol"))
        #expect(try await Set(chronicle(group.sms.id).group) == Set([group.sms, group.mail].compactMap(\.challengeID)))
    }

    func keepsWhichGatewaysWerePassedOver() async throws {
        var settings = lab.settings
        let routes = [
            Route(channel: .sms, countries: ["GB"], gateways: ["sms-main"]),
            Route(channel: .sms, gateways: ["sms-main", "sms-backup"]),
        ]
        settings.routing = RoutingTable(gateways: Scene.twoGateways.gateways, routes: routes)
        try await lab.reopen(with: settings)
        let plain = try await decision(accept(sms("bobby", backup: .cents(2))).id).route
        #expect(plain == RouteJudgement(rule: 2, gateways: Scene.bothSMS, gateway: "sms-main"))
        let unpriced = sms("carol").with { $0.prices = [Letter.Price("sms-backup", .cents(1))] }
        let dear = try await decision(accept(unpriced).id).route
        #expect(dear.gateway == "sms-backup")
        #expect(dear.passed == [RouteJudgement.Passed("sms-main", .noPrice)])
        let hold = try await hold(.gateway, "sms-main")
        let held = try await decision(accept(sms("dora", backup: .cents(2))).id).route
        #expect((held.gateway, held.passed) == ("sms-backup", [RouteJudgement.Passed("sms-main", .held)]))
        #expect(try await store.removeHold(hold.id, of: nil))
        try await takeDown(.email)
        let down = try await decision(accept(Letter(to: "erin")).id).route
        let mail = RouteJudgement(
            rule: nil,
            gateways: Scene.mail,
            gateway: "mail-backup",
            passed: [RouteJudgement.Passed("mail-main", .down)]
        )
        #expect(down == mail)
        time.pass(.seconds(10))
        let trial = try await decision(accept(Letter(to: "fred")).id).route
        #expect(trial == RouteJudgement(rule: nil, gateways: Scene.mail, gateway: "mail-main", isTrial: true))
        try await store.pause(.email)
        #expect(try await decision(accept(Letter(to: "gina")).id).route.parked == .paused)
    }

    func refusesWithNumbers() async throws {
        try await open([.cents(5)])
        let slot = Slot("few", "2/10m")
        let letter = sms("bobby", .cents(2)).limited(by: slot)
        for _ in 1...2 { try await accept(letter.with { $0.legs[0].person = "\(stationery.next())" }) }
        let limited = try await refusal(of: letter).judgement
        let rate = try #require(Rate(text: "2/10m"))
        let limit = LimitJudgement(name: "few", scope: .recipient, rate: rate, burst: 2, left: 0, wait: .seconds(300))
        #expect(limited == .limit(limit))
        let budget = BudgetJudgement(
            name: "all",
            scope: .all,
            period: .day,
            limit: .cents(5),
            reserved: 40_000,
            committed: 0,
            amount: .cents(2),
            resetsAt: Budget.Period.day.bounds(around: time.now()).end
        )
        #expect(try await refusal(of: sms("carol", .cents(2))).judgement == .budget(budget))
        let waiting = Letter(to: "dora").with { $0.resendWaits = [.seconds(30)] }
        try await accept(waiting)
        time.pass(.seconds(10))
        let resend = ResendJudgement(sent: 1, wait: .seconds(30), elapsed: .seconds(10))
        #expect(try await refusal(of: waiting).judgement == .resend(resend))
        try await hold(.country, "GB")
        #expect(try await refusal(of: text(to: "+447700900123", in: "GB")).judgement == .hold(.country))
    }
}
