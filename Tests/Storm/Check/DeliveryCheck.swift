/// Promises 1, 3, 4 and 5: what was accepted is there, nothing is sent late, twice only with an unknown outcome, and by no carrier
/// whose time is over.
struct DeliveryCheck {
    let evidence: Evidence
    let records: Records

    func run(_ findings: inout Findings) {
        accepted(&findings)
        carried(&findings)
        takes(&findings)
        fences(&findings)
    }

    private func accepted(_ findings: inout Findings) {
        for (id, entry) in evidence.entries {
            guard let at = entry.acceptedAt else { continue }
            findings.accepted += 1
            guard !evidence.isBlind(at: at) else { continue }
            for delivery in entry.deliveries where records.deliveries[delivery] == nil {
                findings.lost += 1
                findings.faults.append("Event \(id) was accepted, and dl_\(delivery) is not in the store.")
            }
        }
    }

    /// What the store says was carried was taken by somebody.
    private func carried(_ findings: inout Findings) {
        let taken = Set(evidence.takes.map(\.key))
        for (id, attempt) in records.attempts where attempt.outcome == 1 {
            let isMail = records.deliveries[attempt.delivery]?.isMail ?? false
            guard !taken.contains(isMail ? attempt.delivery : id) else { continue }
            findings.lost += 1
            findings.faults.append(
                "Attempt \(attempt.number) of dl_\(attempt.delivery) is accepted, and nobody took it."
            )
        }
    }

    private func takes(_ findings: inout Findings) {
        findings.unknowns = records.attempts.values.count { $0.wasUnknown }
        if findings.unknowns > evidence.unknownsAtMost {
            findings.faults.append(
                "\(findings.unknowns) outcomes are unknown, at most \(evidence.unknownsAtMost) may be."
            )
        }
        var counts: [String: Int] = [:]
        for take in evidence.takes {
            let isBlind = evidence.isBlind(at: take.boot)
            guard let delivery = records.delivery(of: take), let record = records.deliveries[delivery] else {
                if !isBlind {
                    findings.faults.append("A message was taken at \(take.gateway) that the store does not know.")
                }
                continue
            }
            if !isBlind { counts[delivery, default: 0] += 1 }
            // What was begun before somebody turned the clock may still be handed over.
            guard evidence.isSteady(at: take.boot, for: StormTerms.beginLease + 1000) else { continue }
            // What begins in time is in time.
            let late = take.begun - record.sendBefore
            if late > StormTerms.skew {
                findings.faults.append("dl_\(delivery) was sent \(late) ms after its deadline.")
            }
            if !isBlind, !isWithinLease(take, of: delivery) {
                findings.faults.append(
                    "dl_\(delivery)\(take.isMail ? "" : ", an SMS,") was sent outside the lease of its attempt."
                )
            }
            if let end = evidence.cancelled[delivery], take.boot > end, !isBlind {
                findings.faults.append("dl_\(delivery) was sent after it was cancelled.")
            }
        }
        for (delivery, count) in counts where count > 1 {
            findings.duplicates += count - 1
            if records.deliveries[delivery]?.isMail == false {
                findings.faults.append("dl_\(delivery), an SMS, was taken \(count) times.")
                continue
            }
            let unknowns = records.attempts(of: delivery).count { $0.wasUnknown }
            guard unknowns < count - 1 else { continue }
            findings.faults.append("dl_\(delivery) was taken \(count) times, with \(unknowns) unknown outcomes.")
        }
    }

    /// Of a mail any attempt may be the one that was taken; an SMS says of which it is.
    private func isWithinLease(_ take: GatewayRecord.Take, of delivery: String) -> Bool {
        let attempts =
            take.isMail ? records.attempts(of: delivery) : records.attempts[take.key].map { [$0] } ?? []
        return attempts.contains { $0.at - StormTerms.skew <= take.wall && take.wall <= $0.at + StormTerms.beginLease }
    }

    /// Within a delivery fences only grow.
    private func fences(_ findings: inout Findings) {
        for delivery in records.attemptsOf.keys {
            let fences = records.attempts(of: delivery).map(\.fence)
            for (earlier, later) in zip(fences, fences.dropFirst()) where earlier >= later {
                findings.faults.append("Attempts of dl_\(delivery) have the fences \(earlier) and then \(later).")
            }
        }
    }
}
