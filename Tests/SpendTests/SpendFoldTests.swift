import AuthEvents
import Clocks
import Spend
import TestSupport
import Testing

@Suite("A spend report")
struct SpendFoldTests {
    private let start = LedgerSamples.start
    private var all: Range<Instant> { start - .seconds(86_400 * 400)..<start + .seconds(86_400 * 400) }

    private func delivery(_ seed: UInt64 = 1) -> DeliveryID {
        var generator = SeededGenerator(seed: seed)
        return DeliveryID(at: start, using: &generator)
    }

    private func rows(
        _ entries: [LedgerEntry],
        by groups: Set<SpendGroup> = [],
        in period: Range<Instant>? = nil,
        estimate: @escaping (SpendFold.Attempt) -> Money? = { _ in nil }
    ) -> [SpendRow] {
        var fold = SpendFold(period: period ?? all, groups: groups, estimate: estimate)
        for entry in entries { fold.take(entry) }
        return fold.rows
    }

    private func row(_ keys: [String?], _ currency: Currency, _ sums: SpendSums) -> SpendRow {
        SpendRow(keys: keys, currency: currency, sums: sums)
    }

    @Test("counts what was committed less what was taken back, and nothing of reservations")
    func estimates() {
        let found = rows([
            LedgerSamples.entry(.reserved, "0.20 USD", delivery: delivery()),
            LedgerSamples.entry(.adjusted, "0.10 USD", delivery: delivery(), attempt: 1),
            LedgerSamples.entry(.committed, "0.10 USD", delivery: delivery(), attempt: 1, segments: 2),
            LedgerSamples.entry(.released, "0.10 USD", delivery: delivery(), attempt: 1, segments: 2),
            LedgerSamples.entry(.committed, "0.15 USD", delivery: delivery(), attempt: 2, segments: 3),
            LedgerSamples.entry(.released, "0.05 USD", delivery: delivery()),
        ])
        #expect(found == [row([], LedgerSamples.usd, SpendSums(messages: 1, segments: 3, estimate: 150_000))])
    }

    @Test("takes the last price of an attempt, and its difference from the estimate")
    func prices() {
        let found = rows([
            LedgerSamples.entry(.committed, "0.10 USD", delivery: delivery(1), attempt: 1),
            LedgerSamples.entry(.committed, "0.10 USD", delivery: delivery(2), attempt: 1),
            LedgerSamples.entry(.priced, "0.50 USD", delivery: delivery(1), attempt: 1),
            LedgerSamples.entry(.priced, "0.08 USD", delivery: delivery(1), attempt: 1),
        ])
        let sums = SpendSums(messages: 2, segments: 2, estimate: 200_000, price: 80_000, difference: -20_000)
        #expect(found == [row([], LedgerSamples.usd, sums)])
    }

    @Test("asks for the estimate of an attempt that was committed before the period, and does without")
    func lookUp() {
        let bill = LedgerSamples.entry(.priced, "0.08 USD", delivery: delivery(), attempt: 3)
        let known = rows([bill]) { attempt in
            #expect(attempt == SpendFold.Attempt(delivery: delivery(), number: 3))
            return LedgerSamples.money("0.05 USD")
        }
        #expect(known == [row([], LedgerSamples.usd, SpendSums(price: 80_000, difference: 30_000))])
        #expect(rows([bill]) == [row([], LedgerSamples.usd, SpendSums(price: 80_000))])
    }

    @Test("counts a bill of another currency in that currency, without a difference")
    func currencies() {
        let found = rows([
            LedgerSamples.entry(.committed, "0.10 USD", delivery: delivery(), attempt: 1),
            LedgerSamples.entry(.priced, "0.08 EUR", delivery: delivery(), attempt: 1),
        ])
        #expect(
            found == [
                row([], LedgerSamples.eur, SpendSums(price: 80_000)),
                row([], LedgerSamples.usd, SpendSums(messages: 1, segments: 1, estimate: 100_000)),
            ]
        )
    }

    @Test("holds the entries from the beginning of the period to before its end, by their own time")
    func period() {
        let end = start + .seconds(60)
        let entries = [start - .milliseconds(1), start, end - .milliseconds(1), end].enumerated().map {
            index,
            instant in
            LedgerSamples.entry(.committed, "0.10 USD", delivery: delivery(UInt64(index)), attempt: 1, at: instant)
        }
        #expect(rows(entries, in: start..<end).map(\.sums.messages) == [2])
    }

    @Test("takes back on the day on which it was taken back")
    func days() {
        let midnight = Instant(milliseconds: 1_795_305_600_000)
        let found = rows(
            [
                LedgerSamples.entry(
                    .committed,
                    "0.10 USD",
                    delivery: delivery(),
                    attempt: 1,
                    at: midnight - .seconds(1)
                ),
                LedgerSamples.entry(.released, "0.10 USD", delivery: delivery(), attempt: 1, at: midnight),
            ],
            by: [.day]
        )
        #expect(
            found == [
                row(["2026-11-21"], LedgerSamples.usd, SpendSums(messages: 1, segments: 1, estimate: 100_000)),
                row(["2026-11-22"], LedgerSamples.usd, SpendSums(messages: -1, segments: -1, estimate: -100_000)),
            ]
        )
    }

    @Test("has its groups in one order, its rows sorted by them, without a value last")
    func order() {
        let facts: [(String?, String, String)] = [
            (nil, "b", "0.10 USD"), ("US", "b", "0.10 USD"), ("US", "a", "0.10 USD"), ("BS", "b", "0.10 USD"),
            ("US", "a", "0.10 EUR"),
        ]
        let entries = facts.enumerated().map { index, fact in
            LedgerSamples.entry(
                .committed,
                fact.2,
                delivery: delivery(UInt64(index)),
                attempt: 1,
                gateway: fact.1,
                country: fact.0
            )
        }
        let expected: [[String?]] = [
            ["BS", "default", "b", "USD"], ["US", "default", "a", "EUR"], ["US", "default", "a", "USD"],
            ["US", "default", "b", "USD"], [nil, "default", "b", "USD"],
        ]
        for entries in [entries, entries.reversed()] {
            let found = rows(entries, by: [.gateway, .tenant, .country])
            #expect(found.map { $0.keys + [$0.currency.description] } == expected)
        }
        #expect(SpendFold(period: all, groups: [.day, .country]).groups == [.country, .day])
    }

    @Test("stops at the greatest number where bills are beyond all measure")
    func measure() {
        let bills = (0..<20).map { seed in
            LedgerSamples.entry(.priced, "999999999999.00 USD", delivery: delivery(UInt64(seed)), attempt: 1)
        }
        #expect(rows(bills).map(\.sums.price) == [.max])
    }

    @Test("equals what is counted row by row over the whole ledger", arguments: [1, 2, 3, 4] as [UInt64])
    func naive(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let entries = LedgerSamples.trade(of: 60, using: &generator)
        let period = start + .seconds(3600)..<start + .seconds(3600 * 60)
        let committed = Dictionary(
            entries.filter { $0.kind == .committed }.map {
                (SpendFold.Attempt(delivery: $0.delivery, number: $0.attempt ?? 0), $0.amount)
            }
        ) { $1 }
        for groups: Set<SpendGroup> in [
            [], [.country], [.day, .gateway], [.tenant, .purpose], Set(SpendGroup.allCases),
        ] {
            let found = rows(entries, by: groups, in: period) { committed[$0] }
            let expected = NaiveReport(entries: entries.filter { period.contains($0.at) }, all: entries, groups: groups)
            #expect(found.count == expected.names.count)
            for row in found { #expect(row.sums == expected.sums(of: row.keys, row.currency)) }
            let totals = SpendFold.totals(of: found)
            #expect(totals == SpendFold.totals(of: rows(entries, in: period) { committed[$0] }))
        }
    }
}
