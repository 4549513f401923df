import AuthEvents
import Challenges
import Clocks
import Deliveries
import Spend
import Store

// What is seen, held against what must be.
extension Model {
    mutating func compare(with seen: Sighting) {
        expect(seen.list == order.sorted(by: >), "the list has \(seen.list.count) deliveries, not \(order.count)")
        for id in order { compare(id, with: seen) }
        for id in challengeOrder { compare(id, with: seen) }
        expect(Set(seen.challenges.keys) == Set(challenges.keys), "other challenges are shown")
        expect(seen.used == use(at: now).total, "\(use(at: now).total) of the budget are used, and \(seen.used) shown")
        for (name, health) in seen.gateways where gateways[name] != nil {
            expect(gateways[name]?.downSince == health.downSince, "\(name) is \(health.state.rawValue)")
            expect(
                gateways[name]?.unreachable == health.unreachable,
                "\(name) was unreachable \(health.unreachable) times"
            )
        }
        let active = holds.values.filter { now < $0.until }
        expect(Set(active.map(\.id)) == Set(seen.holds.keys), "other holds are shown")
    }

    private mutating func compare(_ id: DeliveryID, with seen: Sighting) {
        guard let own = deliveries[id], let report = seen.deliveries[id] else {
            return expect(false, "delivery \(number(id)) is gone")
        }
        let name = "delivery \(number(id))"
        expect(report.challenge == own.challenge, "\(name) has another challenge")
        expect(
            report.sendBefore == own.sendBefore,
            "\(name) is to be sent before \(report.sendBefore - own.sendBefore)"
        )
        expect(report.replay == own.replay, "\(name) is of another replay")
        let attempts = report.attempts.map { "\($0.number) \($0.gateway) \($0.outcome?.name ?? "-")" }
        let ours = own.attempts.enumerated().map { "\($0 + 1) \($1.gateway) \($1.outcome?.name ?? "-")" }
        expect(attempts == ours, "\(name) should have the attempts \(ours), and has \(attempts)")
        let receipts = report.receipts.map(\.state.name)
        let ownReceipts = own.receipts.map(\.state.name)
        expect(receipts == ownReceipts, "\(name) should have the receipts \(ownReceipts), and has \(receipts)")
        expect((report.unknown != nil) == (own.state == .unknown), "\(name) has a course while \(own.place)")
        compareMoney(of: own, name, with: seen.accounts[id])
    }

    private mutating func compareMoney(of own: ModelDelivery, _ name: String, with account: LedgerReplay.Account?) {
        let reserved = account?.reservation.map { "\($0.micros) since \(account?.since.milliseconds ?? 0)" }
        let ours = own.reserved.map { "\($0.amount) since \($0.since.milliseconds)" }
        expect(reserved == ours, "\(name) should have \(ours ?? "nothing") reserved, and has \(reserved ?? "nothing")")
        for (index, attempt) in own.attempts.enumerated() {
            let ours = attempt.money.map { "\($0.amount) \($0.isHeld) \($0.since.milliseconds) \($0.bill ?? 0)" }
            let booked = account?.attempts[Int64(index + 1)].map {
                "\($0.amount.micros) \($0.isHeld) \($0.since.milliseconds) \($0.bill?.micros ?? 0)"
            }
            expect(
                ours == booked,
                "\(name) should have \(ours ?? "-") for attempt \(index + 1), and has \(booked ?? "-")"
            )
        }
    }

    private mutating func compare(_ id: ChallengeID, with seen: Sighting) {
        guard let own = challenges[id], let report = seen.challenges[id] else { return }
        let challenge = report.challenge
        let name = "challenge -\(challengeOrder.count - 1 - (challengeOrder.firstIndex(of: id) ?? 0))"
        let state = challenge.state(at: now).rawValue
        expect(state == own.state(at: now), "\(name) should be \(own.state(at: now)), and is \(state)")
        expect(challenge.codes == Int64(own.codes.count), "\(name) should have \(own.codes.count) codes")
        expect(
            challenge.expiresAt == own.expiresAt,
            "\(name) should live \(own.expiresAt - now), and lives \(challenge.expiresAt - now)"
        )
        expect(
            challenge.triesLeft == own.triesLeft,
            "\(name) has \(challenge.triesLeft) tries left, not \(own.triesLeft)"
        )
        expect(challenge.verifiedAt == own.verifiedAt, "\(name) was verified at another time")
        let made = order.filter { deliveries[$0]?.challenge == id }
        expect(Set(report.deliveries) == Set(made), "\(name) has other deliveries")
    }

    /// What housekeeping must have done by now.
    mutating func expectNothingIsDue() {
        for id in order {
            guard let own = deliveries[id] else { continue }
            var reason: String?
            switch own.state {
            case .ready:
                if now >= own.sendBefore { reason = "is past its deadline" }
                if isStopped(own) || isHeld(own.gateway) { reason = "is stopped" }
            case .parked:
                if now >= own.sendBefore { reason = "is past its deadline" }
                if own.reason == .overBudget {
                    if !isStopped(own), own.price.map(fits) ?? true { reason = "has room in the budget" }
                } else if stops(of: own).isEmpty {
                    reason = "is stopped by nothing"
                }
            case .leased, .sending: if now >= own.lease { reason = "is past its lease" }
            case .unknown, .accepted:
                if own.reason == nil, let timer = own.timer, now >= timer.upperBound {
                    reason = "has waited long enough"
                }
            default: break
            }
            expect(reason == nil, "delivery \(number(id)) is \(own.place) after the sweep, and \(reason ?? "")")
        }
    }
}
