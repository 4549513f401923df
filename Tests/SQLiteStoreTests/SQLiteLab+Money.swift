import AuthEvents
import Clocks
import SQLite
import Spend
import StoreBehaviour
import Testing

@testable import SQLiteStore

extension SQLiteLab {
    /// What the tables say of money must be what the ledger says.
    func auditMoney(against replay: LedgerReplay, in connection: inout Connection) throws {
        var told: Set<String> = []
        let kept = try deliveries(in: &connection)
        // The ledger is kept when the rest has gone; what is reserved is never without its delivery.
        for (delivery, account) in replay.accounts where account.reservation != nil || kept.contains(delivery) {
            if let money = account.reservation { told.insert("\(delivery) reserved \(money) \(account.since)") }
            for (number, attempt) in account.attempts {
                let bill = attempt.bill.map { "\($0)" } ?? "none"
                told.insert("\(delivery) \(number) \(attempt.amount) \(attempt.held) \(attempt.since) \(bill)")
            }
        }
        let rows = try reservations(in: &connection).union(commitments(in: &connection))
        #expect(rows == told, "\(rows.symmetricDifference(told).sorted())")
        #expect(try sums(in: &connection) == replay.totals(by: .hour))
    }

    private func deliveries(in connection: inout Connection) throws -> Set<DeliveryID> {
        Set(try connection.all("SELECT id FROM delivery", read: { DeliveryID(bytes: $0.blob(0)) }).compactMap(\.self))
    }

    private func reservations(in connection: inout Connection) throws -> Set<String> {
        let rows = try connection.all(
            "SELECT delivery, reserved, reserved_currency, period FROM outlay WHERE reserved IS NOT NULL",
            read: { row in
                let delivery = DeliveryID(bytes: row.blob(0)).map { "\($0)" } ?? "?"
                let money = Money(row, from: 1).map { "\($0)" } ?? "?"
                return "\(delivery) reserved \(money) \(Instant(milliseconds: row.integer(3)))"
            }
        )
        return Set(rows)
    }

    private func commitments(in connection: inout Connection) throws -> Set<String> {
        let rows = try connection.all(
            """
            SELECT delivery, number, amount, currency, coalesce(committed, 0), period, price, price_currency
            FROM attempt WHERE amount IS NOT NULL
            """,
            read: { row in
                let delivery = DeliveryID(bytes: row.blob(0)).map { "\($0)" } ?? "?"
                let amount = Money(row, from: 2).map { "\($0)" } ?? "?"
                let since = Instant(milliseconds: row.integer(5))
                let bill = Money(row, from: 6).map { "\($0)" } ?? "none"
                return "\(delivery) \(row.integer(1)) \(amount) \(row.integer(4)) \(since) \(bill)"
            }
        )
        return Set(rows)
    }

    private func sums(in connection: inout Connection) throws -> [LedgerBooks.Account: BudgetUse] {
        let rows = try connection.all(
            "SELECT hour, currency, tenant, country, purpose, reserved, committed, over FROM spend",
            read: { row -> (LedgerBooks.Account, BudgetUse)? in
                guard let tenant = TenantName(row.text(2)), let purpose = Purpose(name: row.text(4)),
                    let currency = Currency(row.text(1))
                else { return nil }
                let account = LedgerBooks.Account(
                    tenant: tenant,
                    country: row.text(3),
                    purpose: purpose,
                    currency: currency,
                    period: Instant(milliseconds: row.integer(0))
                )
                let use = BudgetUse(reserved: row.integer(5), committed: row.integer(6), over: row.integer(7))
                return (account, use)
            }
        )
        #expect(rows.allSatisfy { $0 != nil })
        return Dictionary(uniqueKeysWithValues: rows.compactMap(\.self)).filter { $0.value != BudgetUse() }
    }
}
