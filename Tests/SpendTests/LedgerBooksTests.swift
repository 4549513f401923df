import AuthEvents
import Clocks
import Spend
import TestSupport
import Testing

@Suite("The books of the ledger")
struct LedgerBooksTests {
    /// What the table writes: kind, attempt, amount.
    typealias Step = (kind: LedgerKind, attempt: Int64?, amount: String)

    struct Walk: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [Step]
        /// Reserved, committed and over, in hundredths of a dollar; after the steps that were possible.
        let use: [Int64]
        /// What the last step is refused for.
        var fault: BookingFault.Step?

        init(_ name: String, _ steps: [Step], _ use: [Int64], _ fault: BookingFault.Step? = nil) {
            (testDescription, self.steps, self.use, self.fault) = (name, steps, use, fault)
        }
    }

    static let walks = [
        Walk("a reservation waits", [(.reserved, nil, "0.20")], [20, 0, 0]),
        Walk("an adjustment states the new size", [(.reserved, nil, "0.20"), (.adjusted, 1, "0.05")], [5, 0, 0]),
        Walk("a commitment leaves the reservation", [(.reserved, nil, "0.20"), (.committed, 1, "0.20")], [0, 20, 0]),
        Walk("what is not committed stays reserved", [(.reserved, nil, "0.20"), (.committed, 1, "0.05")], [15, 5, 0]),
        Walk(
            "an attempt that was not sent gives back",
            [(.reserved, nil, "0.20"), (.committed, 1, "0.20"), (.released, 1, "0.20")],
            [20, 0, 0]
        ),
        Walk(
            "a further attempt after one not sent, and the end",
            [
                (.reserved, nil, "0.20"), (.adjusted, 1, "0.10"), (.committed, 1, "0.10"), (.released, 1, "0.10"),
                (.adjusted, 2, "0.15"), (.committed, 2, "0.15"), (.released, nil, "0.00"),
            ],
            [0, 15, 0]
        ),
        Walk("a closed reservation is nothing", [(.reserved, nil, "0.20"), (.released, nil, "0.20")], [0, 0, 0]),
        Walk(
            "a closed reservation may be opened anew",
            [(.reserved, nil, "0.20"), (.released, nil, "0.20"), (.reserved, nil, "0.30")],
            [30, 0, 0]
        ),
        Walk(
            "an attempt beside an unknown one has a reservation of its own",
            [(.reserved, nil, "0.20"), (.committed, 1, "0.20"), (.reserved, nil, "0.20"), (.committed, 2, "0.20")],
            [0, 40, 0]
        ),
        Walk(
            "an unknown attempt found unsent late is given back and closed",
            [
                (.reserved, nil, "0.20"), (.committed, 1, "0.20"), (.released, nil, "0.00"), (.released, 1, "0.20"),
                (.released, nil, "0.20"),
            ],
            [0, 0, 0]
        ),
        Walk(
            "a bill above its estimate is over, a later one replaces it",
            [(.reserved, nil, "0.20"), (.committed, 1, "0.20"), (.priced, 1, "0.90"), (.priced, 1, "0.25")],
            [0, 20, 5]
        ),
        Walk(
            "a bill below its estimate is not over",
            [(.reserved, nil, "0.20"), (.committed, 1, "0.20"), (.priced, 1, "0.10")],
            [0, 20, 0]
        ),
        Walk("nothing is committed without a reservation", [(.committed, 1, "0.20")], [0, 0, 0], .notReserved),
        Walk("nothing is adjusted without a reservation", [(.adjusted, nil, "0.20")], [0, 0, 0], .notReserved),
        Walk("nothing is closed without a reservation", [(.released, nil, "0.20")], [0, 0, 0], .notReserved),
        Walk(
            "no more is committed than is reserved",
            [(.reserved, nil, "0.20"), (.committed, 1, "0.21")],
            [20, 0, 0],
            .beyondReservation
        ),
        Walk(
            "no second time",
            [(.reserved, nil, "0.20"), (.committed, 1, "0.10"), (.committed, 1, "0.10")],
            [10, 10, 0],
            .committedTwice
        ),
        Walk("to no attempt", [(.reserved, nil, "0.20"), (.committed, nil, "0.20")], [20, 0, 0], .noAttempt),
        Walk(
            "no second reservation beside the first",
            [(.reserved, nil, "0.20"), (.reserved, nil, "0.20")],
            [20, 0, 0],
            .reservedTwice
        ),
        Walk(
            "nothing is given back that was not committed",
            [(.reserved, nil, "0.20"), (.released, 1, "0.20")],
            [20, 0, 0],
            .notCommitted
        ),
        Walk(
            "nothing is given back twice",
            [(.reserved, nil, "0.20"), (.committed, 1, "0.20"), (.released, 1, "0.20"), (.released, 1, "0.20")],
            [20, 0, 0],
            .notCommitted
        ),
        Walk(
            "a reservation is closed with what is left of it",
            [(.reserved, nil, "0.20"), (.committed, 1, "0.05"), (.released, nil, "0.20")],
            [15, 5, 0],
            .otherAmount
        ),
        Walk(
            "after the close nothing is committed",
            [(.reserved, nil, "0.20"), (.released, nil, "0.20"), (.committed, 1, "0.00")],
            [0, 0, 0],
            .notReserved
        ),
        Walk(
            "nothing is billed that was not tried",
            [(.reserved, nil, "0.20"), (.priced, 1, "0.20")],
            [20, 0, 0],
            .notCommitted
        ),
    ]

    private func delivery(_ seed: UInt64 = 1) -> DeliveryID {
        var generator = SeededGenerator(seed: seed)
        return DeliveryID(at: LedgerSamples.start, using: &generator)
    }

    @Test("know where the money stands after each walk", arguments: walks)
    func walk(walk: Walk) throws {
        var books = LedgerBooks()
        let entries = walk.steps.enumerated().map { index, step in
            let amount = step.amount + " USD"
            let sequence = Int64(index + 1)
            return LedgerSamples.entry(
                step.kind,
                amount,
                delivery: delivery(),
                attempt: step.attempt,
                sequence: sequence
            )
        }
        for entry in entries.dropLast() { try books.post(entry) }
        let last = try #require(entries.last)
        if let expected = walk.fault {
            let fault = #expect(throws: BookingFault.self) { try books.post(last) }
            #expect(fault?.step == expected)
            #expect(fault?.sequence == last.sequence)
            #expect(fault?.description.contains("was not booked") == true)
        } else {
            try books.post(last)
        }
        let use = books.totals(by: .month).values.reduce(into: BudgetUse()) { $0 += $1 }
        #expect([use.reserved, use.committed, use.over] == walk.use.map { $0 * 10_000 })
    }

    @Test("count an amount in the period in which it was reserved, whenever it moves")
    func periods() throws {
        var books = LedgerBooks()
        let later = LedgerSamples.start + .seconds(40 * 86_400)
        try books.post(LedgerSamples.entry(.reserved, "0.20 USD", delivery: delivery()))
        try books.post(LedgerSamples.entry(.adjusted, "0.10 USD", delivery: delivery(), attempt: 1, at: later))
        try books.post(LedgerSamples.entry(.committed, "0.10 USD", delivery: delivery(), attempt: 1, at: later))
        try books.post(LedgerSamples.entry(.reserved, "0.30 USD", delivery: delivery(), at: later))
        try books.post(LedgerSamples.entry(.priced, "0.15 USD", delivery: delivery(), attempt: 1, at: later))
        func account(_ instant: String) throws -> LedgerBooks.Account {
            LedgerBooks.Account(
                tenant: .default,
                country: "US",
                purpose: .mfa,
                currency: LedgerSamples.usd,
                period: try #require(Instant(rfc3339: instant))
            )
        }
        #expect(
            books.totals(by: .month) == [
                try account("2026-11-01T00:00:00Z"): BudgetUse(committed: 100_000, over: 50_000),
                try account("2026-12-01T00:00:00Z"): BudgetUse(reserved: 300_000),
            ]
        )
        #expect(books.totals(by: .hour)[try account("2026-11-21T10:00:00Z")]?.committed == 100_000)
    }

    @Test("keep tenants, countries, purposes and currencies apart")
    func accounts() throws {
        var books = LedgerBooks()
        try books.post(LedgerSamples.entry(.reserved, "0.20 USD", delivery: delivery(1)))
        try books.post(LedgerSamples.entry(.reserved, "0.20 EUR", delivery: delivery(2)))
        try books.post(LedgerSamples.entry(.reserved, "0.20 USD", delivery: delivery(3), tenant: "cruddur"))
        try books.post(LedgerSamples.entry(.reserved, "0.20 USD", delivery: delivery(4), country: nil))
        try books.post(LedgerSamples.entry(.reserved, "0.20 USD", delivery: delivery(5), purpose: .signUp))
        try books.post(LedgerSamples.entry(.reserved, "0.20 USD", delivery: delivery(6)))
        let totals = books.totals(by: .month)
        #expect(totals.count == 5)
        #expect(totals.values.map(\.reserved).sorted() == [200_000, 200_000, 200_000, 200_000, 400_000])
    }

    @Test("let a delivery change its currency, not its tenant, and commit in the currency that is reserved")
    func currencies() throws {
        var books = LedgerBooks()
        try books.post(LedgerSamples.entry(.reserved, "0.20 USD", delivery: delivery()))
        let foreign = LedgerSamples.entry(.committed, "0.10 EUR", delivery: delivery(), attempt: 1)
        #expect(throws: BookingFault.self) { try books.post(foreign) }
        try books.post(LedgerSamples.entry(.adjusted, "0.10 EUR", delivery: delivery(), attempt: 1))
        try books.post(foreign)
        let stolen = LedgerSamples.entry(.released, "0.10 EUR", delivery: delivery(), attempt: 1, tenant: "cruddur")
        let fault = #expect(throws: BookingFault.self) { try books.post(stolen) }
        #expect(fault?.step == .otherSubject)
    }
}
