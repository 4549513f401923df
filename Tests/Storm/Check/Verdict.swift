import JSON

/// What came of a storm.
struct Verdict: Sendable {
    let line: JSONValue
    /// For people: the histogram, how deliveries ended, and the first faults.
    let lines: [String]
    let isGood: Bool

    /// `faults`: What did not hold while it ran.
    ///
    /// `folder`: Everything that the programs keep.
    init(
        _ terms: StormTerms,
        _ tally: Tally,
        _ evidence: Evidence,
        _ journal: Journal,
        faults: [String],
        watch: Watch,
        folder: String
    ) async throws {
        var findings = try evidence.findings()
        findings.faults += faults + journal.faults
        findings.faults += await PersonCheck.secrecy(in: folder)
        // It looks at everything thirty times.
        if terms.isShort, !terms.swallowsSyncs {
            findings.faults += try await SelfCheck(evidence: evidence, folder: folder).faults()
        }
        if watch.idle > 0 {
            findings.faults.append("\(watch.idle) deliveries that were claimed are still out of reach.")
        }
        if watch.mostBegun > StormTerms.connections {
            findings.faults.append(
                "A worker had begun \(watch.mostBegun) messages at a gateway with \(StormTerms.connections) connections."
            )
        }
        // A few seconds on a machine that is busy with other tests say nothing of time.
        if !terms.isShort, watch.longestIdle > StormTerms.idleLimit {
            findings.faults.append(
                "What was claimed was out of reach for \(watch.longestIdle) ms, after \(watch.longestAct)."
            )
        }
        // What is lost or not in the ledger is counted as that.
        let unexplained = findings.faults.count - findings.lost - findings.unledgered
        line = [
            "seed": .integer(Int64(bitPattern: terms.seed)), "kills": .integer(Int64(tally.kills)),
            "phases": .object(
                JSONObject(Tally.Phase.allCases.map { ($0.rawValue, .integer(Int64(tally.killsIn[$0] ?? 0))) })
            ),
            "in_flight_min": .integer(Int64(tally.leastInFlight ?? 0)), "accepted": .integer(Int64(findings.accepted)),
            "lost": .integer(Int64(findings.lost)), "unledgered": .integer(Int64(findings.unledgered)),
            "duplicates": .integer(Int64(findings.duplicates)), "unknowns": .integer(Int64(findings.unknowns)),
            "unexplained": .integer(Int64(unexplained)), "longest_idle_ms": .integer(watch.longestIdle),
        ]
        isGood = findings.faults.isEmpty
        let begun = "begun by a worker at a gateway: \(watch.mostBegun) of \(StormTerms.connections) at the most"
        lines = tally.lines + [begun] + Verdict.lines(findings, evidence, journal)
    }

    private static func lines(_ findings: Findings, _ evidence: Evidence, _ journal: Journal) -> [String] {
        func list(_ counts: [String: Int]) -> String {
            counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        let faults = findings.faults.prefix(500).map { "FAULT: \($0)" }
        let more = findings.faults.count - faults.count
        return [
            "deliveries: \(list(findings.ends))", "taken: \(evidence.takes.count)",
            "refused: \(list(journal.refusals))",
            "verified: \(evidence.verifications.count), cancelled: \(evidence.cancelled.count), "
                + "unknown at most: \(evidence.unknownsAtMost)",
        ] + faults + (more > 0 ? ["and \(more) more faults"] : [])
    }
}
