/// Promises 1 and 3: what was accepted ends, and dies of nothing that did not happen.
struct EndCheck {
    let evidence: Evidence
    let records: Records

    func run(_ findings: inout Findings) {
        var members: [String: Int] = [:]
        for delivery in records.deliveries.values { members[delivery.kin, default: 0] += 1 }
        let typed = parties(of: evidence.typed)
        let guessed = parties(of: evidence.guessed)
        for (id, delivery) in records.deliveries {
            findings.ends[delivery.name, default: 0] += 1
            let attempts = records.attempts(of: id)
            let fault: String?
            switch (delivery.state, End(rawValue: delivery.reason)) {
            case (Records.Delivery.accepted, _):
                fault = attempts.contains { $0.outcome == 1 } ? nil : "is accepted without an attempt that is"
            // Nobody raises the budget.
            case (Records.Delivery.parked, .overBudget), (Records.Delivery.dead, .overBudget):
                fault = delivery.isMail ? "has no budget, being a mail" : nil
            case (Records.Delivery.dead, let end?):
                switch end {
                case .refused:
                    fault = attempts.contains { $0.outcome == 2 } ? nil : "is refused, and no gateway did that"
                case .expired: fault = delivery.ended >= delivery.sendBefore ? nil : "expired before its deadline"
                case .exhausted:
                    let most = StormTerms.attempts(ofMail: delivery.isMail)
                    fault = attempts.count >= most ? nil : "is exhausted after \(attempts.count) attempts of \(most)"
                case .cancelled:
                    let isMeant =
                        evidence.asked.contains(id) || guessed.contains(delivery.party)
                        || evidence.blind.contains { $0.wall.contains(delivery.ended) }
                    fault = isMeant ? nil : "is cancelled, and nobody asked for it"
                case .superseded: fault = members[delivery.kin, default: 0] > 1 ? nil : "is superseded by nothing"
                case .answered:
                    fault = typed.contains(delivery.party) ? nil : "is answered, and nobody typed its code in"
                case .gaveUp:
                    // What a worker said when it was given up already is in the store, too.
                    let isMeant = attempts.contains { $0.wasUnknown || !$0.isApplied }
                    fault = isMeant ? nil : "is given up, and all is known of it"
                // Workers are killed here, and die of no message.
                case .crashed: fault = "is taken for what workers die of"
                case .overBudget: fault = nil
                }
            default: fault = "has come to rest in state \(delivery.name)"
            }
            if let fault { findings.faults.append("dl_\(id) \(fault).") }
        }
    }

    /// Of challenges as they are written to applications.
    private func parties(of challenges: Set<String>) -> Set<String> {
        let digits = Set(challenges.map { String($0.suffix(32)) })
        return Set(records.deliveries.values.filter { digits.contains($0.challenge) }.map(\.party))
    }
}

/// Why a delivery ended, as the store keeps it.
private enum End: Int64 {
    case overBudget = 4
    case refused = 10
    case expired, exhausted, cancelled, superseded, answered, crashed, gaveUp
}

extension Records.Delivery {
    fileprivate static let parked: Int64 = 2
    fileprivate static let accepted: Int64 = 6
    fileprivate static let dead: Int64 = 9

    /// Those that may take each other's place.
    fileprivate var kin: String { challenge + (isMail ? "m" : "s") }

    /// Its state, and of one that is dead the reason.
    fileprivate var name: String {
        switch state {
        case Records.Delivery.accepted: "accepted"
        case Records.Delivery.dead: "dead " + (End(rawValue: reason).map { "\($0)" } ?? "\(reason)")
        default: "\(state)"
        }
    }
}
