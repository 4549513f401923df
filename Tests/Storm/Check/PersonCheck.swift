import JSON
import Processes

/// Promises 2, 8 and 9: no person and no code is readable at rest, a code works once, and nobody gets more than a limit lets
/// pass.
struct PersonCheck {
    let evidence: Evidence
    let records: Records
    let database: Database

    func run(_ findings: inout Findings) throws {
        try codes(&findings)
        limits(&findings)
    }

    private func codes(_ findings: inout Findings) throws {
        // Of a group any code verifies all.
        var parties: [String: String] = [:]
        for row in try database.rows("SELECT hex(id), hex(party) FROM challenge WHERE party IS NOT NULL") {
            parties["ch_" + row[0].text.lowercased()] = row[1].text
        }
        // Of what a restored database does not know its code is good no more, and a new one may be.
        let known = evidence.verifications.filter { !evidence.isBlind(at: $0.at) }
        let uses = Dictionary(grouping: known) { parties[$0.challenge] ?? $0.challenge }
        for (challenge, verifications) in uses where verifications.count > 1 {
            findings.faults.append("\(challenge) was verified \(verifications.count) times.")
        }
    }

    private func limits(_ findings: inout Findings) {
        var passed: [String: [Journal.Entry]] = [:]
        for entry in evidence.entries.values {
            guard entry.acceptedAt != nil,
                let address = entry.event["data"]?["email"]?.string ?? entry.event["data"]?["phone"]?.string,
                evidence.greedy.contains(address)
            else { continue }
            passed[address, default: []].append(entry)
        }
        for (_, entries) in passed {
            // What had no answer is repeated in calm, which may be minutes after it was accepted.
            let times = entries.flatMap { [$0.postedAt, $0.acceptedAt ?? $0.postedAt] }
            guard let first = times.min(), let last = times.max(),
                evidence.isSteady(at: last, for: last - first + 20_000),
                !times.contains(where: evidence.isBlind)
            else { continue }
            // What surely did not leave gives its place back.
            let left = entries.flatMap(\.deliveries).count { id in
                guard let delivery = records.deliveries[id] else { return true }
                return delivery.state != 9 || delivery.reason == 17
            }
            // Answers take some seconds of it.
            let most = StormSettings.perPerson + Int((last - first + 10_000) / StormSettings.perPersonPause)
            if left > most { findings.faults.append("\(left) messages went to one person, \(most) may.") }
        }
    }

    /// Searches everything that the programs keep for whom they wrote to.
    static func secrecy(in folder: String) async -> [String] {
        var faults: [String] = []
        let words = ["-r", "-l", "-a", "-E", "--exclude=gatepost.toml", Application.pattern, folder]
        guard let search = await Child.start("/usr/bin/env", ["grep"] + words) else { return [] }
        for await file in search.lines { faults.append("A person is readable in \(file).") }
        // Whoever finds nothing ends with 1.
        if await search.exitCode() > 1 { faults.append("The files could not be searched for persons.") }
        return faults
    }
}
