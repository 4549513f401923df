import Challenges
import Clocks
import Deliveries
import JSON
import Store

// Where a delivery came to rest, and what became of its challenge.
extension Story {
    mutating func tellEnd(of chronicle: Chronicle) {
        let report = chronicle.report
        // Of what ended before ends were kept the last thing that is known must do.
        guard !report.state.isHot, let at = chronicle.endedAt ?? latest else { return }
        var facts: JSONObject = ["state": .string(report.state.name)]
        facts["reason"] = report.reason.map { .string($0.name) }
        switch (report.state, report.reason) {
        case (.accepted, .noReceipt):
            tell(.ended, at: at, "No receipt came in time; it stays accepted.", facts)
        case (.dead, let reason?):
            var sentence = Story.words(of: reason, chronicle)
            if reason == .superseded, let later = chronicle.later {
                facts["by"] = .string("\(later.delivery)")
                facts["by_event"] = .string(later.event)
                sentence = "It died: the event \(later.event) asked again, and \(later.delivery) took its place."
            }
            if reason == .answered, let verified = chronicle.verified { facts["by"] = .string("\(verified)") }
            tell(.ended, at: at, sentence, facts)
        default: break
        }
    }

    private static func words(of reason: Reason, _ chronicle: Chronicle) -> String {
        let deadline = chronicle.report.sendBefore
        return switch reason {
        case .refused: "It died: it was refused."
        case .expired: "It died unsent: it was to be sent before \(deadline)."
        case .exhausted: "It died: no attempt is left."
        case .cancelled: "It died: it was cancelled."
        case .superseded: "It died: a later delivery took its place."
        case .answered: "It died: its challenge was verified before."
        case .crashed: "It died: three carriers ended while they held it."
        case .gaveUp: "It was given up: what became of it stayed unknown, and it is not sent twice."
        case .heldTooLong: "It died: it was held until its deadline, \(deadline)."
        case .overBudget: "It died: no budget had room for it before its deadline, \(deadline)."
        case .held, .paused, .gatewayDown, .noReceipt: "It died: \(reason.name)."
        }
    }

    mutating func tellProof(of chronicle: Chronicle) {
        if let challenge = chronicle.challenge {
            let id = challenge.id
            if let at = challenge.verifiedAt {
                tell(.verified, at: at, "The challenge \(id) was verified.", ["challenge": .string("\(id)")])
            } else if let at = challenge.closedAt {
                let other = chronicle.verified.map { "\($0)" }
                tell(
                    .verified,
                    at: at,
                    "Another challenge of its group was verified\(other.map { ", \($0)" } ?? ""): this one closed.",
                    ["challenge": other.map(JSONValue.string) ?? nil]
                )
            }
        }
        guard let made = chronicle.replayed, let replay = made.replay else { return }
        tell(
            .replay,
            at: made.at,
            "The replay \(replay) sent it again, as \(made.delivery).",
            ["replay": .string("\(replay)"), "delivery": .string("\(made.delivery)")],
            in: .aftermath
        )
    }
}
