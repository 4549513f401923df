/// All that is known of a storm from outside: what the application was answered, what the gateways took, and the
/// database.
struct Evidence: Sendable {
    var database: String
    var takes: [GatewayRecord.Take]
    /// What was posted, by its id.
    var entries: [String: Journal.Entry]
    var verifications: [Journal.Verification]
    /// When each delivery's end was confirmed to whom had asked for it.
    var cancelled: [String: Int64]
    /// Deliveries whose end was asked for; challenges of which all codes were guessed, or for which one was typed that may have been
    /// another's; and those for which a right code was typed in: whatever came of it.
    var asked: Set<String>
    var guessed: Set<String>
    var typed: Set<String>
    /// Addresses that were sent far more than one person gets.
    var greedy: Set<String>
    /// Times that a restored database knows nothing of.
    var blind: [Watch.Blindness]
    var turns: [Weather.Turn]
    /// How many outcomes may be unknown: one for each connection of a dead carrier, and those of the gateways' own doing.
    var unknownsAtMost: Int

    /// Looks at everything.
    func findings() throws -> Findings {
        var findings = Findings()
        let database = try Database(database)
        let records = try Records(database)
        for row in try database.rows("PRAGMA integrity_check") where row[0].text != "ok" {
            findings.faults.append("The database is damaged: \(row[0].text).")
        }
        DeliveryCheck(evidence: self, records: records).run(&findings)
        EndCheck(evidence: self, records: records).run(&findings)
        try MoneyCheck(evidence: self, records: records, database: database).run(&findings)
        try PersonCheck(evidence: self, records: records, database: database).run(&findings)
        return findings
    }

    func isBlind(at boot: Int64) -> Bool { blind.contains { $0.from <= boot && boot <= $0.to } }

    /// Whether the clock was left alone for a while before a moment.
    func isSteady(at boot: Int64, for milliseconds: Int64) -> Bool { turns.isSteady(at: boot, for: milliseconds) }
}

/// What the checks count and what they find.
struct Findings: Sendable {
    /// Events that were answered as accepted.
    var accepted = 0
    /// Of them, those that the store does not have, or has as carried where no gateway took anything.
    var lost = 0
    /// Messages that a gateway took and the ledger does not have.
    var unledgered = 0
    /// Messages that a gateway took beyond the first of a delivery.
    var duplicates = 0
    /// Attempts of which nobody knew what became of them.
    var unknowns = 0
    /// How many deliveries ended how.
    var ends: [String: Int] = [:]
    /// Sentences; there should be none.
    var faults: [String] = []
}
