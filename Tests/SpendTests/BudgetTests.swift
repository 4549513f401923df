import Clocks
import Spend
import Testing

@Suite("A budget")
struct BudgetTests {
    private static func instant(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(milliseconds: -1) }

    @Test(
        "counts in hours, days and months of UTC",
        arguments: [
            (Budget.Period.hour, "2026-11-21T10:59:59.999Z", "2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z"),
            (.hour, "2026-11-21T11:00:00Z", "2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z"),
            (.day, "2026-11-21T23:59:59Z", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"),
            (.month, "2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            (.month, "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            (.month, "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
        ]
    )
    func periods(period: Budget.Period, at text: String, start: String, end: String) {
        let bounds = period.bounds(around: Self.instant(text))
        #expect(bounds.start == Self.instant(start))
        #expect(bounds.end == Self.instant(end))
    }

    @Test(
        "counts what its scope tells apart",
        arguments: [
            (Budget.Scope.tenant, "cruddur"), (.country, "BS"), (.purpose, "mfa"), (.all, ""),
        ]
    )
    func keys(scope: Budget.Scope, key: String) throws {
        let subject = Budget.Subject(tenant: "cruddur", country: "BS", purpose: "mfa")
        #expect(try Self.budget("1.00 USD", scope: scope).key(of: subject) == key)
    }

    @Test(
        "adds up to the greatest number and stays there, whatever is taken away: what was above it is not known any more",
        arguments: [
            ([.max, 1], .max), ([.max, .max, -1], .max), ([.max - 1, 2, -.max], .max), ([.max - 1, 1], .max),
            ([.min, -1], .min), ([1, .min, .min], .min), ([.max - 1, -2, 1], .max - 2), ([-1, .max], .max - 1),
        ] as [([Int64], Int64)]
    )
    func adding(changes: [Int64], sum: Int64) throws {
        for part in [\BudgetUse.reserved, \.committed, \.over] {
            var use = BudgetUse()
            for change in changes {
                var right = BudgetUse()
                right[keyPath: part] = change
                use += right
            }
            #expect(use[keyPath: part] == sum)
            #expect(use.total == sum)
        }
    }

    @Test("has no room above what no number can hold")
    func beyondAllMeasure() throws {
        let budget = try Self.budget("999999999999.999999 USD")
        let uses = [
            BudgetUse(reserved: 1, committed: 1, over: .max), BudgetUse(reserved: .max, committed: .max, over: .max),
            BudgetUse(committed: .max, over: 1),
        ]
        for use in uses {
            #expect(use.total == .max)
            #expect(!budget.admits(reserving: 1, over: use))
            #expect(!budget.admits(reserving: .max, over: use))
            #expect(!budget.admits(beginning: 1, reserved: 1, over: use))
            #expect(!budget.admits(beginning: .max, reserved: 1, over: use))
        }
    }

    private static func budget(_ limit: String, scope: Budget.Scope = .all) throws -> Budget {
        Budget(name: "b", scope: scope, period: .day, limit: try #require(Money(limit)))
    }

    @Test(
        "has room for a reservation up to its limit and not a millionth above",
        arguments: [
            (0, 0, 0, 100, true), (0, 0, 0, 101, false), (40, 60, 0, 0, true), (40, 60, 0, 1, false),
            (40, 50, 10, 1, false), (30, 30, 30, 10, true), (200, 0, 0, 0, false),
        ] as [(Int64, Int64, Int64, Int64, Bool)]
    )
    func reserving(reserved: Int64, committed: Int64, over: Int64, amount: Int64, isAdmitted: Bool) throws {
        let use = BudgetUse(reserved: reserved, committed: committed, over: over)
        #expect(try Self.budget("0.0001 USD").admits(reserving: amount, over: use) == isAdmitted)
    }

    @Test(
        "lets an attempt begin that its reservation covers, one that is dearer only where that fits, and after it was lowered only while what is committed fits",
        arguments: [
            // As reserved, with the budget full.
            (60, 40, 0, 20, 20, true),
            // Cheaper than reserved.
            (60, 40, 0, 10, 20, true),
            // Dearer: to the limit and above it.
            (50, 40, 0, 30, 20, true), (50, 40, 0, 31, 20, false),
            // Lowered below what is reserved and committed: as long as the committed part has room.
            (90, 70, 0, 20, 20, true), (90, 81, 0, 20, 20, false), (0, 100, 0, 1, 1, false),
            // A bill above its estimate takes room too.
            (20, 70, 11, 20, 20, false),
        ] as [(Int64, Int64, Int64, Int64, Int64, Bool)]
    )
    func beginning(
        allReserved: Int64,
        committed: Int64,
        over: Int64,
        amount: Int64,
        reserved: Int64,
        isAdmitted: Bool
    ) throws {
        let use = BudgetUse(reserved: allReserved, committed: committed, over: over)
        let budget = try Self.budget("0.0001 USD")
        #expect(budget.admits(beginning: amount, reserved: reserved, over: use) == isAdmitted)
    }
}
