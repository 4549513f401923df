import JSON
import Spend

/// What comes of the ledger when it is read by somebody who has only the ledger and the gateway's own record.
///
/// Whether each entry follows from those before it is asked of the chain and the double entry; what of each attempt is
/// held, and what all of it comes to, is counted here anew.
struct LedgerCheck {
    /// Sentences; there should be none.
    private(set) var faults: [String] = []
    /// What happened to each delivery's money, in order: `reserved`, `committed 1`, `released 1`, `released`.
    private(set) var stories: [String: [String]] = [:]
    /// The attempts of each delivery whose commitment is not released.
    private(set) var held: [String: Set<Int64>] = [:]
    /// In micros, of all: what is reserved and not begun, begun, and billed.
    private(set) var reserved: Int64 = 0
    private(set) var committed: Int64 = 0
    private(set) var billed: Int64 = 0

    private var open: [String: Int64] = [:]
    private var bills: [String: Int64] = [:]

    /// `text`: NDJSON, as the server exports it.
    init(ledger text: String) {
        var audit = LedgerAudit()
        var books = LedgerBooks()
        for (index, line) in text.split(separator: "\n").enumerated() {
            audit.take([UInt8](line.utf8), line: index + 1)
            guard let json = try? JSONValue(parsing: [UInt8](line.utf8)), let entry = try? LedgerEntry(json) else {
                faults.append("Line \(index + 1) is no entry.")
                continue
            }
            do throws(BookingFault) {
                try books.post(entry)
            } catch {
                faults.append("Line \(index + 1): \(error)")
            }
            take(json)
        }
        audit.finish()
        faults += audit.faults.map(\.description)
        (reserved, billed) = (open.values.reduce(0, +), bills.values.reduce(0, +))
    }

    private mutating func take(_ entry: JSONValue) {
        let delivery = entry["delivery"]?.string ?? ""
        let attempt = entry["attempt"]?.int
        let kind = entry["kind"]?.string ?? ""
        let amount = entry["amount"]?.string.flatMap { Money.micros($0) } ?? 0
        stories[delivery, default: []].append(kind + (attempt.map { " \($0)" } ?? ""))
        switch (kind, attempt) {
        case ("reserved", nil), ("adjusted", nil): open[delivery] = amount
        case ("committed", let attempt?):
            open[delivery, default: 0] -= amount
            committed += amount
            held[delivery, default: []].insert(attempt)
        case ("released", let attempt?):
            open[delivery, default: 0] += amount
            committed -= amount
            held[delivery]?.remove(attempt)
        case ("released", nil): open[delivery, default: 0] -= amount
        case ("priced", let attempt?): bills["\(delivery) \(attempt)"] = amount
        default: faults.append("\(kind) of \(delivery) says too little or too much of its attempt.")
        }
    }

    /// Holds it against what the gateway took: each message has a commitment of its own that is not released.
    ///
    /// `deliveries`: By the number that each was written to; one of each number.
    mutating func compare(with taken: [SMSGatewayPeer.Request], deliveries: [String: String]) {
        for (number, messages) in Dictionary(grouping: taken, by: \.to) {
            let count = deliveries[number].flatMap { held[$0]?.count } ?? 0
            guard count < messages.count else { continue }
            faults.append(
                "The gateway took \(messages.count) messages of \(deliveries[number] ?? "no delivery"), "
                    + "\(count) are committed: \(deliveries[number].flatMap { stories[$0] } ?? [])."
            )
        }
        let references = taken.map(\.reference).filter { !$0.isEmpty }
        if Set(references).count < references.count { faults.append("Two messages bear the name of one attempt.") }
    }
}

extension Installation {
    /// Reads the ledger, and checks it against the gateway, the spend report, the budgets and its own verification.
    func checkedLedger(
        _ peer: SMSGatewayPeer,
        deliveries: [String: String] = [:]
    ) async throws -> LedgerCheck {
        // What is taken later may not be in the ledger that was read before.
        let taken = peer.taken
        let body = try await call("GET", "/v1/ledger").body
        // A ledger of one line is JSON itself.
        var check = LedgerCheck(ledger: body.string ?? String(decoding: body.serialized(), as: UTF8.self))
        check.compare(with: taken, deliveries: deliveries)
        let own = try await call("POST", "/v1/ledger/verify").body
        if own["verified"] != true { check.fault("The server does not verify its ledger: \(own)") }
        return check
    }

    /// The same where nothing moves any more, so that reports can be held against it.
    func settledLedger(_ peer: SMSGatewayPeer, deliveries: [String: String] = [:]) async throws -> LedgerCheck {
        var check = try await checkedLedger(peer, deliveries: deliveries)
        let total = try await call("GET", "/v1/spend").body["totals"]?.array?.first
        let spent = (total?["estimate"]?.string, total?["price"]?.string)
        let counted = (Money.text(micros: check.committed), Money.text(micros: check.billed))
        if check.committed > 0, spent.0 != counted.0 || spent.1 != counted.1 {
            check.fault("The spend report says \(spent), the ledger \(counted).")
        }
        for budget in try await call("GET", "/v1/status").body["budgets"]?.array ?? [] {
            // A bill above its estimate counts too, and only such a one.
            let used = Money.text(micros: check.reserved + max(check.committed, check.billed))
            if budget["used"]?.string != used { check.fault("The budget says \(budget), the ledger \(used).") }
        }
        return check
    }
}

extension LedgerCheck {
    fileprivate mutating func fault(_ text: String) { faults.append(text) }
}
