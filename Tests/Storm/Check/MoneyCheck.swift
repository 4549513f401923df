import Clocks
import Cryptography
import JSON

/// Promises 6, 7 and 10: every message that was taken is paid for, no budget was ever lifted over its limit, and each entry
/// of the ledger follows from the one before it.
struct MoneyCheck {
    private struct Entry {
        var kind: String
        var delivery: String
        var attempt: Int64?
        var country: String
        var at: Int64
        var amount: Int64
    }

    fileprivate struct Account {
        var hour: Int64 = 0
        var open: Int64 = 0
        var committed: [Int64: Int64] = [:]
    }

    let evidence: Evidence
    let records: Records
    let database: Database

    func run(_ findings: inout Findings) throws {
        let entries = try chain(&findings)
        let accounts = book(entries, &findings)
        for take in evidence.takes where !take.isMail && !evidence.isBlind(at: take.boot) {
            if let attempt = records.attempts[take.key],
                accounts[attempt.delivery]?.committed[attempt.number] ?? 0 > 0
            {
                continue
            }
            findings.unledgered += 1
            findings.faults.append("The gateway took attempt at_\(take.key), and the ledger holds nothing for it.")
        }
        try compare(accounts, &findings)
    }

    /// Reads all entries, each writer's in its order, and checks their numbers and hashes.
    private func chain(_ findings: inout Findings) throws -> [Entry] {
        let names = [
            "writer", "sequence", "at", "kind", "delivery", "attempt", "gateway", "tenant", "purpose", "country",
            "segments", "amount", "currency", "price_version", "previous",
        ]
        let columns = names.map { $0 == "delivery" ? "hex(delivery)" : $0 }.joined(separator: ", ")
        // Each restore begins another writer.
        let earlier = try database.rows("SELECT writer FROM restore ORDER BY id").map { $0[0].text }
        let all = try database.rows("SELECT \(columns), hash FROM ledger ORDER BY writer, sequence")
        let order = Dictionary(
            uniqueKeysWithValues: Set(all.map { $0[0].text }).map { ($0, earlier.firstIndex(of: $0) ?? .max) }
        )
        var (last, sequence) = ("", Int64(0))
        var writer = ""
        for row in all {
            if row[0].text != writer {
                (writer, last, sequence) = (row[0].text, String(repeating: "0", count: 64), 0)
            }
            sequence += 1
            let members = zip(names, row).map { name, cell in (name, MoneyCheck.value(name, cell)) }
            let digest = sha256(JSONValue.object(JSONObject(members.sorted { $0.0 < $1.0 })).serialized())
            let hash = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            if row[1].integer != sequence || row[14].text != last || row[15].text != hash {
                findings.faults.append("Entry \(sequence) of the ledger does not follow from the one before it.")
            }
            last = row[15].text
        }
        return all.enumerated().sorted {
            (order[$0.element[0].text] ?? 0, $0.offset) < (order[$1.element[0].text] ?? 0, $1.offset)
        }.map { _, row in
            Entry(
                kind: row[3].text,
                delivery: row[4].text.lowercased(),
                attempt: row[5].optional,
                country: row[9].text,
                at: row[2].integer,
                amount: row[11].integer
            )
        }
    }

    /// A column as it stands in an exported entry.
    private static func value(_ name: String, _ cell: Database.Cell) -> JSONValue {
        switch (name, cell) {
        case ("at", .number(let time)): .string(Instant(milliseconds: time).shortest)
        case ("delivery", .words(let digits)): .string("dl_" + digits.lowercased())
        case ("amount", .number(let micros)): .string(decimal(micros))
        case (_, .number(let number)): .integer(number)
        case (_, .words(let words)): .string(words)
        case (_, .null): .null
        }
    }

    /// At least two places, and no zeros behind them.
    private static func decimal(_ micros: Int64) -> String {
        var places = String(String(1_000_000 + micros % 1_000_000).dropFirst())
        while places.count > 2, places.hasSuffix("0") { places.removeLast() }
        return "\(micros / 1_000_000).\(places)"
    }

    /// Books everything anew, and looks at the budget after each entry.
    private func book(_ entries: [Entry], _ findings: inout Findings) -> [String: Account] {
        var accounts: [String: Account] = [:]
        var used: [Int64: Int64] = [:]
        for entry in entries {
            var account = accounts[entry.delivery] ?? Account()
            let before = account.sum
            switch (entry.kind, entry.attempt) {
            case ("reserved", nil):
                account.hour = entry.at / 3_600_000
                account.open = entry.amount
            case ("adjusted", nil): account.open = entry.amount
            case ("committed", let attempt?):
                account.open -= entry.amount
                account.committed[attempt, default: 0] += entry.amount
            case ("released", let attempt?):
                account.open += entry.amount
                account.committed[attempt, default: 0] -= entry.amount
            case ("released", nil): account.open -= entry.amount
            case ("priced", _?): break
            default: findings.faults.append("An entry \(entry.kind) says too much or too little of its attempt.")
            }
            if account.open < 0 || account.committed.values.contains(where: { $0 < 0 }) {
                findings.faults.append("The ledger moves more of dl_\(entry.delivery) than there is.")
            }
            accounts[entry.delivery] = account
            guard entry.country == StormSettings.dearCountry else { continue }
            used[account.hour, default: 0] += account.sum - before
            if used[account.hour, default: 0] > StormSettings.dearLimit {
                findings.faults.append(
                    "A budget was at \(used[account.hour] ?? 0) of \(StormSettings.dearLimit) micros."
                )
            }
        }
        return accounts
    }

    /// The sums that budgets are judged by are those of the ledger.
    private func compare(_ accounts: [String: Account], _ findings: inout Findings) throws {
        let sums = try database.rows("SELECT sum(reserved), sum(committed) FROM spend").first ?? [.null, .null]
        let open = accounts.values.reduce(0) { $0 + $1.open }
        let committed = accounts.values.reduce(0) { $0 + $1.sum - $1.open }
        if sums[0].integer != open || sums[1].integer != committed {
            findings.faults.append(
                "Budgets go by \(sums[0].integer) reserved and \(sums[1].integer) committed, the ledger has \(open) and \(committed)."
            )
        }
        for (id, account) in accounts where account.open > 0 && records.deliveries[id]?.state ?? 9 >= 6 {
            findings.faults.append("dl_\(id) has ended, and \(account.open) micros stay reserved.")
        }
    }
}

extension MoneyCheck.Account {
    fileprivate var sum: Int64 { open + committed.values.reduce(0, +) }
}
