import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport

extension Model {
    /// A process of a carrier takes the place of the one before.
    mutating func replace(carrier: Int, by process: Int, _ seen: Sighting) {
        for id in order where deliveries[id]?.state == .leased {
            guard let holder = deliveries[id]?.carrier, holder.number == carrier, holder.process < process else {
                continue
            }
            lose(id, seen)
        }
    }

    mutating func claim(
        _ claimed: [ClaimedDelivery],
        by carrier: (number: Int, process: Int),
        at gateways: [String],
        limit: Int,
        below: Int? = nil,
        _ seen: Sighting
    ) {
        expect(claimed.count <= limit, "\(claimed.count) were claimed")
        for claim in claimed {
            guard let below, let own = deliveries[claim.token.delivery] else { break }
            // Housekeeping may not have noticed yet that a lease is over.
            let count = inHand(like: own, at: claim.gateway.name).count { now < $0.lease }
            expect(count < below, "delivery \(number(own.id)) was claimed while \(count) of the like were in hand")
        }
        var isAlone = false
        for claim in claimed {
            let id = claim.token.delivery
            guard let own = deliveries[id] else { return expect(false, "something unknown was claimed") }
            let name = "delivery \(number(id))"
            if own.state == .leased, now >= own.lease { lose(id, seen) }
            let isReady = deliveries[id]?.state == .ready || own.state == .parked && own.reason != .overBudget
            expect(isReady, "\(name) was claimed while \(own.place)")
            expect(!isHeld(own) && !pauses.contains(own.channel), "\(name) was claimed, and is stopped")
            expect(!isHeld(claim.gateway.name), "\(name) was claimed at a gateway that is held")
            expect(gateways.contains(claim.gateway.name) && isOf(own, claim.gateway.name), "\(name) is not for it")
            expect(now < own.sendBefore, "\(name) was claimed past its deadline")
            expect(now >= own.due.lowerBound, "\(name) was claimed \(own.due.lowerBound - now) early")
            expect(claim.token.fence > fence, "the fence fell from \(fence) to \(claim.token.fence)")
            expect(claim.code?.number == own.code && claim.code?.challenge == own.challenge, "\(name) has another code")
            expect(claim.sendBefore == own.sendBefore, "\(name) has another deadline")
            fence = max(fence, claim.token.fence)
            isAlone = isAlone || own.crashes >= 2
            let lease = now + .seconds(5)
            change(id) { delivery in
                (delivery.state, delivery.reason, delivery.gateway) = (.leased, nil, claim.gateway.name)
                (delivery.fence, delivery.lease) = (claim.token.fence, lease)
                delivery.carrier = carrier
            }
        }
        expect(!isAlone || claimed.count == 1, "what two carriers died with came with others")
        let holdsSuspect = deliveries.values.contains { held in
            held.state == .leased && held.crashes >= 2 && held.carrier.map { $0 == carrier } == true
        }
        // Until it has begun what two have died with, it gets nothing else, nor while its hands become empty for it.
        let awaitsSuspect = deliveries.values.contains { $0.state == .ready && $0.crashes >= 2 }
        if claimed.isEmpty, holdsSuspect || awaitsSuspect { return }
        expectNoneLeft(claimed.map(\.token.delivery), gateways, isFull: isAlone || claimed.count == limit, below, seen)
    }

    /// What carriers have of the same tenant and priority.
    private func inHand(like own: ModelDelivery, at gateway: String) -> [ModelDelivery] {
        deliveries.values.filter { other in
            [.leased, .sending].contains(other.state) && other.gateway == gateway
                && other.letter.tenant == own.letter.tenant
                && other.letter.purpose.priority == own.letter.purpose.priority
        }
    }

    /// What was left behind must not have been before what was taken, or there must have been no room.
    private mutating func expectNoneLeft(
        _ taken: [DeliveryID],
        _ gateways: [String],
        isFull: Bool,
        _ below: Int?,
        _ seen: Sighting
    ) {
        let left = order.compactMap { deliveries[$0] }.filter { delivery in
            delivery.state == .ready && seen.deliveries[delivery.id]?.state == .ready
                && gateways.contains(delivery.gateway) && !isDown(delivery.gateway) && !isHeld(delivery.gateway)
                && now >= delivery.due.upperBound && now < delivery.sendBefore && !isStopped(delivery)
                && (below.map { inHand(like: delivery, at: delivery.gateway).count < $0 } ?? true)
        }
        guard !left.contains(where: { $0.crashes >= 2 }) else { return }
        expect(isFull || left.isEmpty, "delivery \(left.first.map { number($0.id) } ?? "") was left")
        let last = taken.compactMap { deliveries[$0]?.letter.purpose.priority }.max() ?? 0
        guard !taken.contains(where: { deliveries[$0]?.crashes ?? 0 >= 2 }) else { return }
        for delivery in left where delivery.letter.purpose.priority < last {
            expect(false, "delivery \(number(delivery.id)) goes before what was claimed")
        }
    }

    mutating func free(_ claim: Claim) {
        guard let own = held(claim), own.state == .leased else { return }
        let due = own.due.lowerBound...max(now, own.due.lowerBound)
        change(own.id) { ($0.state, $0.carrier, $0.due) = (.ready, nil, due) }
    }

    mutating func refuse(_ claim: Claim, _ seen: Sighting) {
        guard let own = held(claim), own.state == .leased else { return }
        if now < own.lease || seen.place(of: own.id) == "dead(refused)" { end(own.id, .refused) }
    }

    /// What a claim is of, where it is the newest of this life.
    func held(_ claim: Claim) -> ModelDelivery? {
        guard claim.life == life, let own = deliveries[claim.delivery], own.fence == claim.fence else { return nil }
        return own
    }
}

// MARK: Begin

extension Model {
    mutating func begin(_ claim: Claim, _ spend: BeginItem.Spend, _ answer: BeginResult, _ seen: Sighting) {
        let name = "begin for delivery \(number(claim.delivery))"
        guard let own = held(claim) else { return expect(answer == .stale, "\(name) was answered \(answer)") }
        let isLive = now < own.lease
        switch own.state {
        case .leased where isLive:
            let obstacles = obstacles(toBeginning: own, spend)
            let allowed = obstacles.isEmpty ? [.go] : obstacles
            expect(allowed.contains(answer), "\(name) was answered \(answer), not \(allowed)")
            if allowed.contains(answer) { apply(answer, to: own, claim, spend) }
        case .sending where isLive: expect(answer == .go, "\(name) was answered \(answer), not go again")
        case .leased, .sending: expect(answer == .stale, "\(name) was answered \(answer), past its lease")
        default:
            // What became of it meanwhile is told, or that the claim is an old one.
            let told: BeginResult? =
                switch own.reason {
                case .cancelled, .superseded, .answered: .cancelled
                case .expired: .expired
                case .refused: .mismatch
                case .held, .paused: .paused
                case .overBudget: .overBudget
                default: nil
                }
            let isEnded = isLive && told == .cancelled && own.attempts.last?.fence != own.fence
            let isRepeated = isLive && answer == claim.said && answer != .go
            expect(
                answer == told || answer == .stale && !isEnded || isRepeated,
                "\(name) was answered \(answer) while \(own.place)"
            )
        }
    }

    private func obstacles(toBeginning own: ModelDelivery, _ spend: BeginItem.Spend) -> [BeginResult] {
        var obstacles: [BeginResult] = []
        if now >= own.sendBefore { obstacles.append(.expired) }
        if isHeld(own) || isHeld(own.gateway) || pauses.contains(own.channel) { obstacles.append(.paused) }
        guard own.channel == .sms else { return obstacles }
        guard case .quote(let quote) = spend, let (reserved, since) = own.reserved else {
            return obstacles + [.mismatch]
        }
        let (amount, use) = (quote.amount.micros, use(at: since))
        let change = amount - reserved
        let isOver = change > 0 ? use.total + change > limit : use.committed + use.over + amount > limit
        return obstacles + (isOver ? [.overBudget] : [])
    }

    private mutating func apply(_ answer: BeginResult, to own: ModelDelivery, _ claim: Claim, _ spend: BeginItem.Spend)
    {
        switch answer {
        case .go:
            var amount: Int64?
            if case .quote(let quote) = spend { amount = quote.amount.micros }
            attempt(claim, amount)
            let lease = now + terms.lease(of: own.channel)
            change(own.id) { ($0.state, $0.crashes, $0.lease) = (.sending, 0, lease) }
        case .expired: end(own.id, .expired)
        case .mismatch: end(own.id, .refused)
        case .paused: change(own.id) { $0.state = .ready }
        case .overBudget: change(own.id) { ($0.state, $0.reason, $0.reserved) = (.parked, .overBudget, nil) }
        case .stale, .cancelled: break
        }
    }

    mutating func attempt(_ claim: Claim, _ amount: Int64?) {
        let money = deliveries[claim.delivery].flatMap { committed($0, amount) }
        change(claim.delivery) { delivery in
            var attempt = ModelAttempt(id: claim.attempt, fence: claim.fence, gateway: delivery.gateway)
            attempt.money = money
            delivery.reserved = nil
            delivery.attempts.append(attempt)
        }
    }
}
