import AuthEvents
import Clocks
import Spend
import TestSupport

/// The spend report as the contract words it, computed for each row anew from all entries.
struct NaiveReport {
    /// Those of the period.
    let entries: [LedgerEntry]
    let all: [LedgerEntry]
    let groups: Set<SpendGroup>

    /// Keys and currency of all rows.
    var names: Set<[String?]> {
        let counted = entries.filter { entry in
            switch entry.kind {
            case .committed: true
            case .released: entry.attempt != nil
            case .priced: isLast(entry)
            case .reserved, .adjusted: false
            }
        }
        return Set(counted.map { keys(of: $0) + [$0.amount.currency.description] })
    }

    func sums(of keys: [String?], _ currency: Currency) -> SpendSums {
        let row = entries.filter { self.keys(of: $0) == keys && $0.amount.currency == currency }
        let sent = row.filter { $0.kind == .committed }
        let taken = row.filter { $0.kind == .released && $0.attempt != nil }
        let bills = row.filter { $0.kind == .priced && isLast($0) }
        let compared = bills.filter { estimate(of: $0)?.currency == currency }
        return SpendSums(
            messages: Int64(sent.count - taken.count),
            segments: sum(sent.map(\.segments)) - sum(taken.map(\.segments)),
            estimate: sum(sent.map(\.amount.micros)) - sum(taken.map(\.amount.micros)),
            price: sum(bills.map(\.amount.micros)),
            difference: sum(compared.map { $0.amount.micros - (estimate(of: $0)?.micros ?? 0) })
        )
    }

    private func keys(of entry: LedgerEntry) -> [String?] {
        var keys: [String?] = []
        if groups.contains(.country) { keys.append(entry.country) }
        if groups.contains(.tenant) { keys.append(entry.tenant.description) }
        if groups.contains(.purpose) { keys.append(entry.purpose.name) }
        if groups.contains(.gateway) { keys.append(entry.gateway) }
        if groups.contains(.day) { keys.append(PriceDay(entry.at).description) }
        return keys
    }

    private func isLast(_ bill: LedgerEntry) -> Bool {
        bill == entries.last { $0.kind == .priced && $0.delivery == bill.delivery && $0.attempt == bill.attempt }
    }

    /// What was committed to the attempt of a bill, ever; nothing where the period took it back.
    private func estimate(of bill: LedgerEntry) -> Money? {
        func isOfAttempt(_ entry: LedgerEntry) -> Bool {
            entry.delivery == bill.delivery && entry.attempt == bill.attempt
        }
        guard var estimate = all.first(where: { $0.kind == .committed && isOfAttempt($0) })?.amount else { return nil }
        let isInside = entries.contains { $0.kind == .committed && isOfAttempt($0) }
        if isInside, entries.contains(where: { $0.kind == .released && isOfAttempt($0) }) { estimate.micros = 0 }
        return estimate
    }

    private func sum(_ numbers: [Int64]) -> Int64 { numbers.reduce(0, +) }
}

extension LedgerSamples {
    /// The entries of so many deliveries over three days: attempts, some taken back, some billed once, twice or in euros.
    static func trade(of count: Int, using generator: inout SeededGenerator) -> [LedgerEntry] {
        var entries: [LedgerEntry] = []
        for _ in 0..<count {
            let at = start + .seconds(Int64.random(in: 0..<3 * 86_400, using: &generator))
            let delivery = DeliveryID(at: at, using: &generator)
            let gateway = Bool.random(using: &generator) ? "sms-main" : "sms-backup"
            let country = ["US", "BS", nil].randomElement(using: &generator) ?? nil
            let purpose = Purpose.allCases.randomElement(using: &generator) ?? .mfa
            let tenant = Bool.random(using: &generator) ? "default" : "cruddur"
            let segments = Int64.random(in: 1...3, using: &generator)
            func add(_ kind: LedgerKind, _ attempt: Int64?, _ amount: String, _ hours: Int64) {
                let entry = entry(
                    kind,
                    amount,
                    delivery: delivery,
                    attempt: attempt,
                    sequence: Int64(entries.count + 1),
                    at: at + .seconds(hours * 3600),
                    gateway: attempt == nil ? nil : gateway,
                    tenant: tenant,
                    purpose: purpose,
                    country: country,
                    segments: segments
                )
                entries.append(entry)
            }
            let currency = Bool.random(using: &generator) ? "USD" : "EUR"
            let amount = "0.0\(Int.random(in: 1...9, using: &generator)) \(currency)"
            add(.reserved, nil, amount, 0)
            add(.committed, 1, amount, 0)
            if Int.random(in: 0..<4, using: &generator) == 0 {
                add(.released, 1, amount, 1)
                add(.committed, 2, amount, 2)
                add(.priced, 2, "0.05 USD", 5)
            }
            for hours in [1, 30] where Bool.random(using: &generator) {
                add(.priced, 1, "0.0\(Int.random(in: 1...9, using: &generator)) USD", Int64(hours))
            }
        }
        return entries
    }
}
