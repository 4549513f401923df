import AuthEvents
import Clocks
import Deliveries
import Limits
import Spend
import Store
import TestSupport

// How deliveries end, and what they leave: slots and money.
extension Model {
    mutating func change(_ id: DeliveryID, _ change: (inout ModelDelivery) -> Void) {
        guard var delivery = deliveries[id] else { return }
        change(&delivery)
        deliveries[id] = delivery
    }

    mutating func end(_ id: DeliveryID, _ reason: Reason) {
        change(id) { delivery in
            (delivery.state, delivery.reason, delivery.timer, delivery.reserved) = (.dead, reason, nil, nil)
        }
        giveSlotsBack(of: id)
    }

    /// What surely did not leave gives back what it took of limits, but for what a resend overtook.
    mutating func giveSlotsBack(of id: DeliveryID) {
        guard let delivery = deliveries[id], let taken = delivery.slots, delivery.state == .dead,
            delivery.isSurelyUnsent, delivery.reason != .superseded
        else { return }
        for slot in delivery.letter.legs[0].slots {
            buckets[slot.bucket]?.giveBack(takenAt: taken, slot.rate)
        }
        change(id) { $0.slots = nil }
    }

    mutating func becomeUnknown(_ id: DeliveryID) {
        let (now, terms) = (now, terms)
        change(id) { delivery in
            delivery.state = .unknown
            let wait = terms.receiptWait(of: delivery)
            delivery.timer = (delivery.lease + wait)...(max(delivery.lease, now) + wait)
            guard let last = delivery.attempts.indices.last, delivery.attempts[last].outcome == nil else { return }
            (delivery.attempts[last].outcome, delivery.attempts[last].counts) = (.unknown, true)
        }
    }
}

// MARK: Money

extension Model {
    /// What is used of the budget in the period around an instant, in micros.
    func use(at instant: Instant) -> BudgetUse {
        let (start, end) = Budget.Period.hour.bounds(around: instant)
        var sum = BudgetUse()
        for delivery in deliveries.values {
            if let (amount, since) = delivery.reserved, start <= since, since < end { sum.reserved += amount }
            for case (let amount, let isHeld, let since, let bill)? in delivery.attempts.map(\.money)
            where start <= since && since < end {
                let held = isHeld ? amount : 0
                sum.committed += held
                sum.over += max(0, (bill ?? 0) - held)
            }
        }
        return sum
    }

    func fits(_ amount: Int64) -> Bool { use(at: now).total + amount <= limit }

    /// Reserves what a delivery costs as it was accepted; false where it does not fit.
    ///
    /// Several may have got their money in one look, in any order, so it is the sum that counts.
    mutating func reserve(_ id: DeliveryID) -> Bool {
        guard let price = deliveries[id]?.price, fits(price) else { return false }
        let now = now
        change(id) { $0.reserved = (price, now) }
        return true
    }

    /// What is reserved becomes that of a new attempt, at this amount.
    func committed(_ delivery: ModelDelivery, _ amount: Int64?) -> (Int64, Bool, Instant, Int64?)? {
        delivery.reserved.map { (amount ?? $0.amount, true, $0.since, nil) }
    }

    /// Frees what an attempt surely did not use: it is reserved again, or closed where nothing needs it.
    mutating func uncommit(_ id: DeliveryID, _ index: Int, isNeeded: Bool) {
        change(id) { delivery in
            guard let money = delivery.attempts[index].money, money.isHeld else { return }
            delivery.attempts[index].money?.isHeld = false
            if isNeeded, delivery.reserved == nil { delivery.reserved = (money.amount, money.since) }
        }
    }
}
