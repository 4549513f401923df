import AuthEvents
import Challenges
import Clocks
import Deliveries
import Store
import TestSupport

/// Whether an answer says what is the case.
extension Referee {
    func answers() -> [String] {
        switch (step.cue.move, step.answer) {
        case (.claim, .claimed(let id, let fence)): claimed(id, fence)
        case (.begin, .begun(let word)): begun(word)
        case (.settle(let outcome, _), .settled(let word)): settled(outcome, word)
        case (.cancel, .cancelled(let isDone)):
            faults(isDone == old?.isUnsent, "it was \(old?.place ?? "nowhere")")
        case (.receive(let receipt, _, _), .received(let word)): received(receipt, word)
        case (.verify("wrong"), .verified("verified")): ["a wrong code verified"]
        case (.resend, .accepted(let id)):
            faults(!after.deliveries.contains { $0.id != id && $0.isUnsent }, "an older one is not superseded")
        case (.suppress, _): faults(!after.deliveries.contains(where: \.isUnsent), "something is left to be sent")
        case (.sendReplay, .replayed(let made, _)): replayed(made)
        case (.pass, _), (.setWall, _), (.beginReplay, _), (.readFailed, _), (.hold, _), (.unhold, _), (.pause, _),
            (.resume, _), (.kill, _), (.limit, _):
            faults(before == after, "something changed")
        default: []
        }
    }

    private var old: Glance.Delivery? { before[step.subject] }
    private var new: Glance.Delivery? { after[step.subject] }

    private func faults(_ isTrue: Bool?, _ words: String) -> [String] {
        isTrue ?? false ? [] : ["\(step), but \(words)"]
    }

    private func claimed(_ id: DeliveryID, _ fence: Int64) -> [String] {
        let others = stage.hands.filter { $0.fence != fence }
        return faults(others.allSatisfy { $0.fence < fence }, "a fence was greater")
            + faults(
                !others.contains { $0.delivery == id && $0.isLive(at: stage.scene.time.boot()) },
                "another carrier has it under a live lease"
            )
            + faults(before[id].map { stage.scene.time.now() < $0.sendBefore }, "it is past its deadline")
            + faults(stage.stops.isEmpty || !isStopped(at: after[id]?.gateway), "it is held")
    }

    private func isStopped(at gateway: String?) -> Bool {
        stage.stops.values.contains { $0.isEmpty || $0 == gateway }
    }

    private func begun(_ word: String) -> [String] {
        guard let hand = step.hand, let old, let new else { return ["it was never claimed"] }
        let isMine = isNewest(hand)
        let isLive = stage.scene.time.boot() < hand.lease
        switch BeginResult(rawValue: word) {
        case .go:
            let isFirst = old.state == .leased
            let isInTime = !isFirst || stage.scene.time.now() < old.sendBefore
            return faults(isMine && isLive && isInTime, "the lease or the deadline is over, or another has it")
                + faults(isFirst || old.state == .sending, "it was \(old.place)")
                + faults(!isFirst || !isStopped(at: hand.claimed.gateway.name), "it is held")
        case .cancelled:
            return faults(old.state == .dead && isMine, "it was \(old.place)")
                + faults([.cancelled, .superseded, .answered].contains(old.reason), "it was \(old.place)")
        case .expired: return faults(new.place == "dead(expired)", "it is \(new.place)")
        case .overBudget: return faults(new.place == "parked(over_budget)", "it is \(new.place)")
        case .paused: return faults([.ready, .parked].contains(new.state), "it is \(new.place)")
        case .mismatch: return faults(new.place == "dead(refused)", "it is \(new.place)")
        case .stale:
            return faults(!(isMine && isLive && [.leased, .sending].contains(old.state)), "it was \(old.place)")
        case nil: return ["\(word) is no answer"]
        }
    }

    private func settled(_ outcome: Outcome, _ word: String) -> [String] {
        guard let hand = step.hand, let old, let new else { return ["it was never claimed"] }
        let number = stage.hands.first { $0.fence == hand.fence }?.attempt
        let attempt = new.attempts.first { $0.number == number }
        // Nobody knows better: neither another attempt nor a receipt has come.
        let decides = isNewest(hand) && [.sending, .unknown].contains(old.state)
        switch SettleResult(rawValue: word) {
        case .applied:
            return faults(isNewest(hand) || old == new, "another attempt decides")
                + faults(attempt?.outcome == outcome || number == nil && outcome == .released, "it does not show")
        case .recorded:
            return faults(!decides, "it was \(old.place)") + faults(hand.attempt != nil, "it was never begun")
        case .stale: return faults(hand.attempt == nil && before == after, "it was begun, or something changed")
        case nil: return ["\(word) is no answer"]
        }
    }

    private func received(_ receipt: ReceiptState, _ word: String) -> [String] {
        guard let hand = step.hand, let old, let new else { return ["it was never claimed"] }
        let isMoved = old.place != new.place
        let mayMove = isNewest(hand) && hand.attempt != nil && place(of: old, after: receipt) != nil
        switch ReceiptResult(rawValue: word) {
        case .applied: return faults(isMoved, "it is \(new.place) as before")
        case .recorded, .known: return faults(!isMoved && !mayMove, "it was \(old.place)")
        case .noAttempt, .notOurs: return faults(hand.attempt == nil && before == after, "it was begun")
        case nil: return ["\(word) is no answer"]
        }
    }

    private func replayed(_ made: Int64) -> [String] {
        let isAnswered = before.challenges.contains { $0.verifiedAt != nil || $0.closedAt != nil || $0.triesLeft <= 0 }
        let isAlive = before.deliveries.contains { ![.dead, .undelivered].contains($0.state) }
        return faults(made <= 1, "there was one to replay") + faults(made == 0 || !isAnswered, "no code is needed")
            + faults(made == 0 || !isAlive, "another is on its way, or has arrived")
    }

    /// What time has come for is done with the next look.
    func liveness() -> [String] {
        guard case .sweep = step.cue.move else { return [] }
        let (now, boot) = (stage.scene.time.now(), stage.scene.time.boot())
        var found: [String] = []
        for delivery in after.deliveries {
            let lease = stage.hands.last { $0.delivery == delivery.id }?.lease ?? boot
            switch delivery.state {
            case .ready, .parked: found += faults(now < delivery.sendBefore, "it is past its deadline")
            case .leased, .sending: found += faults(boot < lease, "its lease is over")
            default: break
            }
        }
        return found
    }
}
