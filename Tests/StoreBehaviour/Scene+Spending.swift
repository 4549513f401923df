import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

extension Scene {
    private func line(
        _ keys: [String?],
        messages: Int64,
        estimate: Int64,
        price: Int64 = 0,
        difference: Int64 = 0,
        verified: Int64 = 0
    ) -> SpendReport.Line {
        let sums = SpendSums(
            messages: messages,
            segments: messages,
            estimate: estimate * 10_000,
            price: price * 10_000,
            difference: difference * 10_000
        )
        return SpendReport.Line(row: SpendRow(keys: keys, currency: .dollar, sums: sums), verified: verified)
    }

    /// Two days, two tenants, two countries; returns where the second day begins.
    private func spendTwoDays() async throws -> Instant {
        let acme = try #require(TenantName("acme"))
        let first = try await accept(sms("bobby"))
        let begun = try await beginOne(for: .cents(2))
        try await settle(begun, .accepted)
        let foreign = try await accept(
            sms("carol").with { letter in
                letter.tenant = acme
                letter.country = "GB"
            }
        )
        try await settle(beginOne(for: .cents(1)), .accepted, price: .cents(3))
        try await accept(sms("dora"))
        try await settle(beginOne(for: .cents(1)), .refused)
        #expect(try await verify(foreign.challengeID, "1").name == "verified")
        time.pass(.seconds(14 * 3600))
        // What was sent the day before is billed and verified today.
        let today = time.now()
        try await settle(begun, .accepted, price: .cents(1))
        #expect(try await verify(first.challengeID, "1").name == "verified")
        try await accept(sms("emil"))
        try await settle(beginOne(for: .cents(1)), .unknown)
        // A mail that proves a person proves nothing of what was paid.
        let mail = try await accept(Letter(to: "bobby"))
        try await settle(beginOne(at: Scene.mail), .accepted)
        #expect(try await verify(mail.challengeID, "1").name == "verified")
        return today
    }

    func reportsSpend() async throws {
        let today = try await spendTwoDays()
        let always = Instant.distantPast..<Instant.distantFuture
        let periods = [always, .distantPast..<today, today..<(.distantFuture), today..<today]
        let entries = try await entries()
        for period in periods {
            for groups in [Set<SpendGroup>(), [.country], [.tenant, .day], Set(SpendGroup.allCases)] {
                let report = try await store.spend(SpendQuery(period: period, groups: groups))
                let replay = LedgerReplay(entries)
                var fold = SpendFold(period: period, groups: groups) { attempt in
                    replay.accounts[attempt.delivery]?.attempts[attempt.number].flatMap { $0.isHeld ? $0.amount : nil }
                }
                for entry in entries { fold.take(entry) }
                #expect(report.groups == fold.groups)
                #expect(report.lines.map(\.row) == fold.rows)
            }
        }
        let total = try await store.spend(SpendQuery(period: always, groups: []))
        #expect(total.lines == [line([], messages: 3, estimate: 4, price: 4, difference: 1, verified: 2)])
        let before = try await store.spend(SpendQuery(period: .distantPast..<today, groups: [.country, .gateway]))
        #expect(
            before.lines == [
                line(["GB", "sms-main"], messages: 1, estimate: 1, price: 3, difference: 2, verified: 1),
                line(["US", "sms-main"], messages: 1, estimate: 2),
            ]
        )
        let after = try await store.spend(SpendQuery(period: today..<(.distantFuture), groups: [.day]))
        #expect(
            after.lines == [line(["2025-11-22"], messages: 1, estimate: 1, price: 1, difference: -1, verified: 1)]
        )
    }

    func keepsSpendToItsTenant() async throws {
        _ = try await spendTwoDays()
        let acme = try #require(TenantName("acme"))
        let always = Instant.distantPast..<Instant.distantFuture
        let report = try await store.spend(SpendQuery(period: always, tenant: acme, groups: [.tenant]))
        #expect(
            report.lines == [line(["acme"], messages: 1, estimate: 1, price: 3, difference: 2, verified: 1)]
        )
        #expect(try await entries(of: acme).map(\.tenant) == [acme, acme, acme])
        #expect(try await entries(of: TenantName("nobody")).isEmpty)
    }

    func pagesThroughTheLedger() async throws {
        let today = try await spendTwoDays()
        let all = try await entries()
        #expect(all.map(\.sequence) == Array(1...Int64(all.count)))
        var filter = LedgerFilter(limit: 3)
        var pages: [[LedgerEntry]] = []
        repeat {
            pages.append(try await store.ledger(filter))
            filter.after = pages.last?.last.map { ($0.writer, $0.sequence) }
        } while pages.last?.isEmpty == false
        #expect(pages.flatMap(\.self) == all)
        #expect(pages.dropLast(2).allSatisfy { $0.count == 3 })
        #expect(try await store.ledger(LedgerFilter(to: today)) == all.filter { $0.at < today })
        #expect(try await store.ledger(LedgerFilter(from: today)) == all.filter { $0.at >= today })
        let audit = try await store.auditLedger()
        #expect(audit.entries == all.count)
        let last = try #require(all.last)
        #expect(audit.heads == [last.writer: LedgerHead(sequence: last.sequence, hash: last.hash)])
    }

    func showsHowFarBudgetsAreUsed() async throws {
        let acme = try #require(TenantName("acme"))
        let (mine, all) = (Budget.cents(9, "mine", scope: .tenant), Budget.cents(20, "all"))
        try await open([mine, all])
        #expect(
            try await store.budgets(of: nil) == [
                BudgetStanding(budget: mine, key: "", used: .cents(0)),
                BudgetStanding(budget: all, key: "", used: .cents(0)),
            ]
        )
        try await accept(sms("bobby", .cents(2)))
        try await accept(sms("carol", .cents(4)).with { $0.tenant = acme })
        #expect(
            try await store.budgets(of: nil) == [
                BudgetStanding(budget: mine, key: "acme", used: .cents(4)),
                BudgetStanding(budget: mine, key: "default", used: .cents(2)),
                BudgetStanding(budget: all, key: "", used: .cents(6)),
            ]
        )
        #expect(try await store.budgets(of: acme) == [BudgetStanding(budget: mine, key: "acme", used: .cents(4))])
        time.pass(.seconds(86_400))
        #expect(try await store.budgets(of: acme) == [BudgetStanding(budget: mine, key: "acme", used: .cents(0))])
    }
}
