/// Promises 1, 3, 4 and 5: what was accepted is there and comes to its end, nothing is sent late, twice only with an unknown
/// outcome, and by no carrier whose time is over.
struct DeliveryCheck {
    let evidence: Evidence
    let records: Records

    func run(_ findings: inout Findings) {
        accepted(&findings)
        ends(&findings)
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
    private func ends(_ findings: inout Findings) {
        let taken = Set(evidence.takes.map(\.key))
        for (id, attempt) in records.attempts where attempt.outcome == 1 {
            let isMail = records.deliveries[attempt.delivery]?.isMail ?? false
            guard !taken.contains(isMail ? attempt.delivery : id) else { continue }
            findings.lost += 1
            findings.faults.append(
                "Attempt \(attempt.number) of dl_\(attempt.delivery) is accepted, and nobody took it."
            )
        }
        for (id, delivery) in records.deliveries {
            findings.ends[delivery.name, default: 0] += 1
            // Of what expired it must be true.
            if delivery.state == 9, delivery.reason == 11, delivery.ended < delivery.sendBefore {
                findings.faults.append("dl_\(id) expired before its deadline.")
            }
            // Workers are killed here, and die of no message.
            if delivery.state == 9, delivery.reason == 16 {
                findings.faults.append("dl_\(id) is taken for what workers die of.")
            }
            if delivery.state == 6, !records.attempts(of: id).contains(where: { $0.outcome == 1 }) {
                findings.faults.append("dl_\(id) is accepted without an attempt that is.")
            }
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
            guard evidence.isSteady(at: take.boot, for: 20_000) else { continue }
            if take.wall > record.sendBefore {
                findings.faults.append(
                    "dl_\(delivery) was sent \(take.wall - record.sendBefore) ms after its deadline."
                )
            }
            if let attempt = records.attempts[take.key], take.wall > attempt.at + StormTerms.beginLease {
                findings.faults.append("dl_\(delivery) was sent when the lease of its attempt was over.")
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

extension Records.Delivery {
    /// Its state, and of one that is dead the reason.
    var name: String {
        let reasons: [Int64: String] = [
            10: "refused", 11: "expired", 12: "exhausted", 13: "cancelled", 14: "superseded", 15: "answered",
            16: "crashed", 17: "gave_up", 18: "held_too_long", 4: "over_budget",
        ]
        switch state {
        case 6: return "accepted"
        case 9: return "dead " + (reasons[reason] ?? "\(reason)")
        default: return "state \(state)"
        }
    }
}
