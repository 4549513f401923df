import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport

// What moves by itself: because time has passed, and because of what stops deliveries and gateways.
extension Model {
    /// Lets all go where it is seen, as far as it may go there by itself.
    mutating func drift(to seen: Sighting) {
        // What ends leaves money for others.
        let dead = Set(order.filter { seen.deliveries[$0]?.state == .dead })
        for id in order.filter(dead.contains) + order.filter({ !dead.contains($0) }) {
            guard let place = seen.place(of: id), deliveries[id] != nil else { continue }
            for _ in 0..<6 where deliveries[id]?.place != place {
                guard step(id, towards: place, seen) else { break }
            }
            followGateway(id, seen)
            let own = deliveries[id]?.place ?? ""
            expect(own == place, "delivery \(number(id)) should be \(own), and is \(place)")
        }
    }

    /// What says in a trace which delivery it is: the newest is 0.
    func number(_ id: DeliveryID) -> String {
        order.firstIndex(of: id).map { "-\(order.count - 1 - $0)" } ?? "\(id)"
    }

    /// One move of a delivery by itself; false where it may not move, or has no reason to.
    private mutating func step(_ id: DeliveryID, towards place: String, _ seen: Sighting) -> Bool {
        guard let delivery = deliveries[id] else { return false }
        switch delivery.state {
        case .leased:
            guard now >= delivery.lease else { return false }
            lose(id, seen)
        case .sending:
            guard now >= delivery.lease else { return false }
            becomeUnknown(id)
        case .unknown: return endUnknown(id, towards: place, seen)
        case .ready:
            if place == "dead(expired)", now >= delivery.sendBefore {
                end(id, .expired)
            } else if place.hasPrefix("parked") || place == "dead(held_too_long)" {
                let isHeldUp = isHeld(delivery) || delivery.route.allSatisfy { isHeld($0) }
                guard
                    let reason = stops(of: delivery).first(where: { place == "parked(\($0.name))" })
                        ?? (now >= delivery.sendBefore && isHeldUp ? .held : nil)
                else { return false }
                change(id) { ($0.state, $0.reason) = (.parked, reason) }
            } else {
                return false
            }
        case .parked: return leaveParking(id, towards: place, seen)
        case .accepted:
            guard delivery.reason == nil, let timer = delivery.timer, now >= timer.lowerBound else { return false }
            change(id) { ($0.reason, $0.timer) = (.noReceipt, nil) }
        case .delivered, .undelivered, .dead: return false
        }
        return true
    }

    private mutating func leaveParking(_ id: DeliveryID, towards place: String, _ seen: Sighting) -> Bool {
        guard let delivery = deliveries[id] else { return false }
        let end: Reason =
            switch delivery.reason {
            case .held: .heldTooLong
            case .overBudget: .overBudget
            default: .expired
            }
        if place == "dead(\(end.name))" {
            guard now >= delivery.sendBefore else { return false }
            self.end(id, end)
            return true
        }
        if delivery.reason == .overBudget {
            guard seen.reservation(of: id) != nil, reserve(id) else { return false }
        }
        change(id) { ($0.state, $0.reason) = (.ready, nil) }
        return true
    }

    /// What is done once an outcome is known to nobody for long enough.
    private mutating func endUnknown(_ id: DeliveryID, towards place: String, _ seen: Sighting) -> Bool {
        guard let delivery = deliveries[id], now >= delivery.lease else { return false }
        let obstacles = obstacles(of: delivery)
        if let reason = obstacles.first(where: { place == "dead(\($0.name))" }) {
            end(id, reason)
            return true
        }
        let isOver = delivery.timer.map { now >= $0.lowerBound } ?? true
        guard isOver || now >= delivery.sendBefore else { return false }
        let isPossible = terms.isSentAgain(delivery) && delivery.counted < terms.attempts && now < delivery.sendBefore
        if place == "dead(gave_up)" {
            expect(!isPossible || !obstacles.isEmpty, "delivery \(number(id)) was given up, and can be sent again")
            end(id, .gaveUp)
            return true
        }
        guard isPossible, obstacles.isEmpty else { return false }
        if delivery.price != nil, seen.reservation(of: id) == nil {
            // There was no room, or it has died since.
            change(id) { ($0.state, $0.reason, $0.timer) = (.parked, .overBudget, nil) }
            return true
        }
        if delivery.price != nil, !reserve(id) { return false }
        let due = now...now
        change(id) { ($0.state, $0.reason, $0.timer, $0.due) = (.ready, nil, nil, due) }
        return true
    }

    /// Which gateway it is at: while it waits it may be sent on to another one that is good.
    private mutating func followGateway(_ id: DeliveryID, _ seen: Sighting) {
        guard let delivery = deliveries[id], let gateway = seen.deliveries[id]?.gateway, gateway != delivery.gateway
        else { return }
        // It may have been sent on before it died.
        let late: [Reason?] = [.expired, .heldTooLong, .overBudget]
        let mayMove =
            isOf(delivery, gateway)
            && ([.ready, .parked].contains(delivery.state) || late.contains(delivery.reason))
        expect(mayMove, "delivery \(number(id)) should be at \(delivery.gateway), and is at \(gateway)")
        if delivery.state == .ready {
            expect(!isHeld(gateway), "delivery \(number(id)) was moved to \(gateway), which is held")
        }
        change(id) { $0.gateway = gateway }
    }
}

// MARK: Causes

extension Model {
    func isOf(_ delivery: ModelDelivery, _ gateway: String) -> Bool { delivery.route.contains(gateway) }

    /// Why it may have to wait now.
    func stops(of delivery: ModelDelivery) -> [Reason] {
        var reasons: [Reason] = []
        if isHeld(delivery) || delivery.route.contains(where: { isHeld($0) }) { reasons.append(.held) }
        if pauses.contains(delivery.channel) { reasons.append(.paused) }
        if delivery.route.contains(where: { isDown($0) }) { reasons.append(.gatewayDown) }
        return reasons
    }

    /// Whether it must wait, wherever it goes.
    func isStopped(_ delivery: ModelDelivery) -> Bool {
        isHeld(delivery) || pauses.contains(delivery.channel) || delivery.route.allSatisfy { isHeld($0) }
    }

    func isDown(_ gateway: String) -> Bool { gateways[gateway]?.downSince != nil }

    func isHeld(_ gateway: String) -> Bool {
        activeHolds.contains { $0.scope == .gateway && $0.value == gateway }
    }

    func isHeld(_ delivery: ModelDelivery) -> Bool { !covering(delivery.letter).isEmpty }

    func covering(_ letter: Letter) -> [Hold] {
        activeHolds.filter { hold in
            switch hold.scope {
            case .tenant: hold.value == letter.tenant.description
            case .country: letter.legs[0].channel == .sms && hold.value == letter.country
            case .prefix: letter.legs[0].number?.hasPrefix(hold.value) ?? false
            case .gateway: false
            }
        }
    }

    private var activeHolds: [Hold] { holds.values.filter { now < $0.until } }

    /// Why it may not be sent again.
    func obstacles(of delivery: ModelDelivery) -> [Reason] {
        var reasons: [Reason] = []
        if let challenge = delivery.challenge.flatMap({ challenges[$0] }) {
            if challenge.verifiedAt != nil { reasons.append(.answered) }
            if challenge.triesLeft <= 0 { reasons.append(.cancelled) }
            let newer = order.drop { $0 != delivery.id }.dropFirst()
            if newer.contains(where: { deliveries[$0]?.challenge == challenge.id }) { reasons.append(.superseded) }
        }
        if isSuppressed(delivery.letter) { reasons.append(.cancelled) }
        return reasons
    }

    func isSuppressed(_ letter: Letter) -> Bool { suppressions[letter.legs[0].person] != nil }
}

extension ModelDelivery {
    /// In order of failover.
    var route: [String] { channel == .sms ? ["sms-main", "sms-backup"] : ["mail-main", "mail-backup"] }
}
