import AuthEvents
import Challenges
import Clocks
import Deliveries
import Store
import TestSupport

/// Looks at one step of a race: whether all that moved was moved by whom it may be moved by, and whether the answer fits.
///
/// It knows the table of states of the design and what the protocols of the store promise, and nothing of any engine.
struct Referee {
    let step: Step
    let before: Glance
    let after: Glance
    /// As it is after the step.
    let stage: Stage

    private var now: Instant { stage.scene.time.now() }
    private var boot: BootInstant { stage.scene.time.boot() }

    /// What was against the rules.
    func faults() -> [String] {
        var faults = moves()
        faults += records()
        faults += challenges()
        faults += answers()
        faults += liveness()
        return faults
    }

    private func moves() -> [String] {
        var faults: [String] = []
        for old in before.deliveries {
            guard let new = after[old.id] else {
                faults.append("a delivery is gone")
                continue
            }
            if old.place != new.place, !allows(old, new) { faults.append("\(old.place) became \(new.place)") }
        }
        let made = after.deliveries.dropFirst(before.deliveries.count)
        switch step.answer {
        case .accepted where made.count == 1: break
        case .replayed(let count, _) where made.count == count: break
        default: if !made.isEmpty { faults.append("\(made.count) deliveries came from nowhere") }
        }
        for new in made where ![.ready, .parked].contains(new.state) { faults.append("a new one is \(new.place)") }
        return faults
    }

    /// The table of what each step may move.
    private func allows(_ old: Glance.Delivery, _ new: Glance.Delivery) -> Bool {
        let isSubject = old.id == step.subject
        let isPast = now >= old.sendBefore
        switch (step.cue.move, step.answer) {
        case (.claim(let name), let answer):
            if case .claimed(old.id, _) = answer { return old.state == .ready && new.state == .leased }
            if old.state == .leased { return name != nil && ["ready", "parked", "dead(crashed)"].contains(new.root) }
            return old.state == .ready && (isPast && new.place == "dead(expired)" || new.isStopped)
        case (.begin, .begun(let word)): return isSubject && old.state == .leased && isEnd(of: word, new, isPast)
        case (.settle(let outcome, _), .settled("applied")):
            return isSubject && [.leased, .sending, .unknown].contains(old.state) && isEnd(of: outcome, new)
        case (.free, _): return isSubject && old.state == .leased && [.ready, .parked].contains(new.state)
        case (.cancel, .cancelled(true)): return isSubject && old.isUnsent && new.place == "dead(cancelled)"
        case (.suppress, _): return old.isUnsent && new.place == "dead(cancelled)"
        case (.resend, _): return old.isUnsent && new.place == "dead(superseded)"
        case (.verify, .verified("verified")):
            return (old.isUnsent || old.state == .unknown) && new.place == "dead(answered)"
        case (.verify, .verified("mismatch, 0 left")): return old.isUnsent && new.place == "dead(cancelled)"
        case (.receive(let receipt, _, _), .received("applied")):
            return isSubject && step.hand.map(isNewest) ?? false && place(of: old, after: receipt) == new.place
        case (.sweep, _): return mayBeSwept(old, new, isPast)
        default: return false
        }
    }

    /// Whether a begin that is answered so may leave what was leased there.
    private func isEnd(of word: String, _ new: Glance.Delivery, _ isPast: Bool) -> Bool {
        switch BeginResult(rawValue: word) {
        case .go: new.state == .sending && !isPast
        case .expired: new.place == "dead(expired)" && isPast
        case .overBudget: new.place == "parked(over_budget)"
        case .paused: new.state == .ready || new.isStopped || new.place == "parked(gateway_down)"
        case .mismatch: new.place == "dead(refused)"
        case .stale, .cancelled, nil: false
        }
    }

    private func isEnd(of outcome: Outcome, _ new: Glance.Delivery) -> Bool {
        switch outcome {
        case .accepted: new.place == "accepted"
        case .refused: new.place == "dead(refused)"
        case .unknown: new.place == "unknown"
        case .retry, .throttled, .released:
            [.ready, .parked].contains(new.state)
                || [.exhausted, .expired, .answered, .cancelled, .superseded].contains(new.reason)
        }
    }

    private func mayBeSwept(_ old: Glance.Delivery, _ new: Glance.Delivery, _ isPast: Bool) -> Bool {
        let hand = stage.hands.last { $0.delivery == old.id }
        let isOver = hand.map { boot >= $0.lease } ?? false
        let isDead = isPast && [.expired, .heldTooLong, .overBudget].contains(new.reason) && new.state == .dead
        switch old.state {
        case .ready, .parked: return isDead || [.ready, .parked].contains(new.state)
        case .leased: return isOver && (isDead || ["ready", "parked", "dead(crashed)"].contains(new.root))
        case .sending: return isOver && new.place == "unknown"
        case .unknown:
            let ends: [Reason?] = [.gaveUp, .answered, .cancelled, .superseded]
            return isOver && ([.ready, .parked].contains(new.state) || new.state == .dead && ends.contains(new.reason))
        case .accepted: return new.place == "accepted(no_receipt)"
        case .delivered, .undelivered, .dead: return false
        }
    }

    /// Whether a claim is the newest of its delivery.
    func isNewest(_ hand: Hand) -> Bool { stage.hands.last { $0.delivery == hand.delivery }?.fence == hand.fence }

    /// Where a receipt for the newest attempt takes a delivery; `nil` where it changes nothing.
    func place(of old: Glance.Delivery, after receipt: ReceiptState) -> String? {
        switch old.place {
        case "sending", "unknown": receipt.name
        case "accepted", "accepted(no_receipt)": receipt == .accepted ? nil : receipt.name
        // What surely was not sent, as its carrier said later, is not revived.
        case "dead(gave_up)": receipt == .accepted || old.isSurelyUnsent ? nil : receipt.name
        case "undelivered": receipt == .delivered ? "delivered" : nil
        default: nil
        }
    }
}

// MARK: What only grows

extension Referee {
    private func records() -> [String] {
        var faults: [String] = []
        for (old, new) in zip(before.deliveries, after.deliveries) {
            if new.attempts.count < old.attempts.count || new.receipts.prefix(old.receipts.count) != old.receipts[...] {
                faults.append("what was recorded is gone")
            }
            let fresh = new.attempts.count - old.attempts.count
            if fresh != (isAttempt(of: old.id) ? 1 : 0) { faults.append("\(fresh) attempts were recorded") }
            if !new.attempts.enumerated().allSatisfy({ $1.number == $0 + 1 }) {
                faults.append("attempts are numbered \(new.attempts.map(\.number))")
            }
        }
        for delivery in after.deliveries {
            let open = delivery.attempts.filter { $0.outcome == nil }
            // Of an attempt under way nothing is known, and of no other.
            let isInHand = delivery.state == .sending
            if open.count != (isInHand ? 1 : 0) || isInHand && delivery.attempts.last?.outcome != nil {
                faults.append("\(open.count) attempts are under way while \(delivery.place)")
            }
        }
        if before.entries != Array(after.entries.prefix(before.entries.count)) { faults.append("the ledger changed") }
        return faults
    }

    /// Whether the step began an attempt of a delivery.
    private func isAttempt(of delivery: DeliveryID) -> Bool {
        guard let hand = step.hand, hand.delivery == delivery, hand.attempt == nil else { return false }
        return switch (step.cue.move, step.answer) {
        case (.begin, .begun("go")): true
        case (.settle(let outcome, _), .settled("applied")): outcome != .released
        default: false
        }
    }

    private func challenges() -> [String] {
        var faults: [String] = []
        for (old, new) in zip(before.challenges, after.challenges) {
            if new.triesLeft > old.triesLeft || new.codes < old.codes { faults.append("tries or codes came back") }
            let isVerifying = step.answer == .verified("verified")
            let wasOpen = old.verifiedAt == nil && old.closedAt == nil
            let isOpen = new.verifiedAt == nil && new.closedAt == nil
            if isVerifying != (wasOpen && !isOpen) { faults.append("a challenge was not verified by who was told so") }
            if !wasOpen && (old.verifiedAt, old.closedAt) != (new.verifiedAt, new.closedAt) {
                faults.append("a challenge was verified twice")
            }
            if isVerifying && old.triesLeft <= 0 { faults.append("a challenge without tries was verified") }
        }
        let verified = after.challenges.filter { $0.verifiedAt != nil }
        if verified.count > 1 { faults.append("\(verified.count) of a group are verified") }
        for delivery in after.deliveries {
            guard let challenge = after.challenges.first(where: { $0.id == delivery.challenge }) else { continue }
            let isAnswered = challenge.verifiedAt != nil || challenge.closedAt != nil
            // What was under way when it was verified may still end as unknown, and is then not sent again.
            let mustEnd = delivery.isUnsent || step.answer == .verified("verified") && delivery.state == .unknown
            if isAnswered && mustEnd { faults.append("\(delivery.place) although its challenge is verified") }
            if challenge.triesLeft <= 0, delivery.isUnsent { faults.append("\(delivery.place) although it is locked") }
        }
        return faults
    }
}

extension Glance.Delivery {
    /// The state, with its reason where it is dead.
    fileprivate var root: String { state == .dead ? place : state.name }

    fileprivate var isStopped: Bool { ["parked(held)", "parked(paused)"].contains(place) }
}
