import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport

extension Model {
    mutating func settle(_ claim: Claim, _ report: Settlement, _ answer: SettleResult, _ seen: Sighting) {
        let name = "settle \(report.outcome.name) for delivery \(number(claim.delivery))"
        guard claim.life == life, let own = deliveries[claim.delivery] else {
            return expect(answer == .stale, "\(name) was answered \(answer)")
        }
        guard let index = own.attempts.firstIndex(where: { $0.fence == claim.fence }) else {
            return settleUnbegun(claim, report, answer, seen, name)
        }
        let attempt = own.attempts[index]
        if let former = attempt.answers[report.outcome] {
            // Once another word has taken its place, it comes too late.
            let isFree = attempt.outcome != report.outcome && answer == .recorded
            expect(answer == former || isFree, "\(name) was answered \(answer), and \(former) before")
            bill(claim.delivery, index, report.price?.micros)
            return
        }
        let decides = own.fence == claim.fence && [.sending, .unknown].contains(own.state) && !attempt.isDecided
        expect(answer == (decides ? .applied : .recorded), "\(name) was answered \(answer) while \(own.place)")
        change(own.id) { $0.attempts[index].answers[report.outcome] = decides ? .applied : .recorded }
        if decides { decide(own.id, index, report, seen) } else { record(own.id, index, report, seen) }
        bill(own.id, index, report.price?.micros)
    }

    private mutating func settleUnbegun(
        _ claim: Claim,
        _ report: Settlement,
        _ answer: SettleResult,
        _ seen: Sighting,
        _ name: String
    ) {
        guard let own = held(claim), own.state == .leased else {
            // What waits again may well be released: nothing changes.
            let isWaiting = held(claim).map { [.ready, .parked].contains($0.state) } ?? false
            let isFree = report.outcome == .released && isWaiting
            expect(answer == .stale || isFree && answer == .applied, "\(name) was answered \(answer)")
            return
        }
        if now >= own.lease, answer == .stale { return }
        expect(answer == .applied, "\(name) was answered \(answer) while leased")
        if report.outcome == .released {
            let due = due(of: own, report)
            change(own.id) { ($0.state, $0.carrier, $0.due) = (.ready, nil, due) }
        } else {
            // It was sent without a begin: an attempt all the same, at the price that it was accepted with.
            attempt(claim, own.price)
            change(own.id) { delivery in
                delivery.state = .sending
                delivery.attempts[delivery.attempts.count - 1].answers[report.outcome] = .applied
            }
            decide(own.id, own.attempts.count, report, seen)
            bill(own.id, own.attempts.count, report.price?.micros)
        }
    }

    /// The report decides where the delivery goes.
    private mutating func decide(_ id: DeliveryID, _ index: Int, _ report: Settlement, _ seen: Sighting) {
        change(id) { delivery in
            delivery.attempts[index].outcome = report.outcome
            delivery.attempts[index].isDecided = report.outcome != .unknown
            delivery.attempts[index].counts =
                switch report.outcome {
                case .throttled, .released: false
                case .retry: report.code != Outcome.unreachableCode
                default: true
                }
        }
        if let gateway = deliveries[id]?.attempts[index].gateway {
            _ = gateways[gateway]?.observe(report.outcome, code: report.code, at: now)
        }
        switch report.outcome {
        case .accepted: take(id)
        case .refused:
            uncommit(id, index, isNeeded: true)
            end(id, .refused)
        case .unknown: becomeUnknown(id)
        case .retry, .throttled, .released:
            uncommit(id, index, isNeeded: true)
            sendAgain(id, index, report, seen)
        }
    }

    private mutating func sendAgain(_ id: DeliveryID, _ index: Int, _ report: Settlement, _ seen: Sighting) {
        guard let own = deliveries[id] else { return }
        var ends = obstacles(of: own)
        if own.counted >= terms.attempts, own.attempts[index].counts { ends.append(.exhausted) }
        if now >= own.sendBefore { ends.append(.expired) }
        if let end = ends.first(where: { seen.place(of: id) == "dead(\($0.name))" }) { return self.end(id, end) }
        expect(ends.isEmpty, "delivery \(number(id)) should be dead of \(ends.map(\.name))")
        let due = due(of: own, report)
        change(id) { delivery in
            (delivery.state, delivery.timer, delivery.carrier, delivery.due) = (.ready, nil, nil, due)
        }
    }

    /// Not before the pause that was asked for, nor beyond the deadline.
    private func due(of delivery: ModelDelivery, _ report: Settlement) -> ClosedRange<Instant> {
        let pause = report.retryAfter ?? .zero
        let jitter = report.outcome == .released ? .zero : terms.backoff
        let (first, last) = (now + pause, now + max(pause, jitter))
        // A pause that would outlast the deadline is cut.
        guard last < delivery.sendBefore else { return min(first, now)...max(now, delivery.sendBefore) }
        return first...last
    }

    /// A gateway has it.
    mutating func take(_ id: DeliveryID) {
        let until = now + terms.receiptTimeout
        change(id) { delivery in
            (delivery.state, delivery.reason) = (.accepted, nil)
            delivery.timer = delivery.channel == .sms ? until...until : nil
        }
    }

    /// The report comes too late to decide; what it says of money and slots is kept.
    private mutating func record(_ id: DeliveryID, _ index: Int, _ report: Settlement, _ seen: Sighting) {
        guard let attempt = deliveries[id]?.attempts[index], report.outcome != .unknown else { return }
        // After a receipt a carrier may still say what nobody knew.
        let isNews = attempt.outcome == .unknown && report.outcome == .accepted
        guard !attempt.isDecided || isNews else { return }
        change(id) { delivery in
            delivery.attempts[index].outcome = report.outcome
            delivery.attempts[index].isDecided = true
        }
        if deliveries[id]?.attempts[index].isSurelyUnsent == true {
            uncommit(id, index, isNeeded: false)
            giveSlotsBack(of: id)
        }
    }

    /// What a gateway bills: a carrier's word counts until a receipt says otherwise.
    mutating func bill(_ id: DeliveryID, _ index: Int, _ micros: Int64?, isReceipt: Bool = false) {
        guard let micros, let attempt = deliveries[id]?.attempts[index], attempt.money != nil else { return }
        guard isReceipt || !attempt.isBilledByReceipt else { return }
        change(id) { delivery in
            delivery.attempts[index].money?.bill = micros
            if isReceipt { delivery.attempts[index].isBilledByReceipt = true }
        }
    }
}

// MARK: Receipts

extension Model {
    mutating func receive(_ receipt: Receipt, of claim: Claim, _ answer: ReceiptResult, _ seen: Sighting) {
        let name = "receipt \(receipt.state.name) for delivery \(number(claim.delivery))"
        guard let own = deliveries[claim.delivery],
            let index = own.attempts.firstIndex(where: { $0.id == claim.attempt })
        else { return expect(answer == .noAttempt || answer == .notOurs, "\(name) was answered \(answer)") }
        let next = index == own.attempts.count - 1 ? state(of: own, after: receipt.state) : nil
        let isMore = (seen.deliveries[own.id]?.receipts.count ?? 0) > own.receipts.count
        expect((answer == .applied) == (next != nil), "\(name) was answered \(answer) while \(own.place)")
        let kept = DeliveryReport.Receipt(at: now, state: receipt.state, code: nil)
        if isMore { change(own.id) { $0.receipts.append(kept) } }
        expect(!isMore || answer != .known, "\(name) is known, and was kept")
        change(own.id) { delivery in
            if delivery.attempts[index].outcome == nil {
                (delivery.attempts[index].outcome, delivery.attempts[index].counts) = (.accepted, true)
            }
            // What the gateway says that it has, or bills, it was not surely spared.
            delivery.attempts[index].isDecided =
                delivery.attempts[index].isDecided || receipt.state != .accepted || next != nil || isMore
        }
        followHealth(of: own.attempts[index].gateway, seen)
        switch next {
        case .accepted?: take(own.id)
        case let state?: change(own.id) { ($0.state, $0.reason, $0.timer) = (state, nil, nil) }
        case nil: break
        }
        bill(own.id, index, receipt.price?.micros, isReceipt: true)
    }

    /// A receipt may say that its gateway was reached.
    private mutating func followHealth(of gateway: String, _ seen: Sighting) {
        guard seen.gateways[gateway]?.unreachable == 0 else { return }
        gateways[gateway] = GatewayHealth()
    }

    private func state(of own: ModelDelivery, after receipt: ReceiptState) -> DeliveryState? {
        let state: DeliveryState =
            switch receipt {
            case .accepted: .accepted
            case .delivered: .delivered
            case .undelivered: .undelivered
            }
        switch own.state {
        case .sending, .unknown: return state
        case .accepted: return receipt == .accepted ? nil : state
        case .undelivered: return receipt == .delivered ? state : nil
        case .dead: return own.reason == .gaveUp && receipt != .accepted && !own.isSurelyUnsent ? state : nil
        default: return nil
        }
    }
}
