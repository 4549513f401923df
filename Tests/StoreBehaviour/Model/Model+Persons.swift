import AuthEvents
import Clocks
import Deliveries
import Limits
import Store
import TestSupport

extension Model {
    /// A try with the code of a number; one that was never made is wrong.
    mutating func verify(_ id: ChallengeID, _ code: String, key: String?, _ answer: String) {
        guard var own = challenges[id] else { return expect(answer == "not found", "an unknown one was \(answer)") }
        let person = tries[own.key] ?? ModelBucket()
        let allowed = answers(of: own, code, key: key, person)
        expect(allowed.contains(answer), "the try was answered \(answer), not \(allowed)")
        guard allowed.contains(answer), own.state(at: now) == "open" else { return }
        if answer == "verified" {
            (own.verifiedAt, own.verifiedBy) = (now, (key, code))
            challenges[id] = own
            endAll(of: id, .answered)
        } else if answer.hasSuffix("left") {
            tries[own.key, default: ModelBucket()].take(at: now, Scene.personTries)
            own.triesLeft -= 1
            challenges[id] = own
            if own.triesLeft <= 0 { endAll(of: id, .cancelled) }
        }
    }

    private func answers(of own: ModelChallenge, _ code: String, key: String?, _ person: ModelBucket) -> [String] {
        let left = min(own.triesLeft, person.left(at: now, Scene.personTries))
        switch own.state(at: now) {
        case "verified":
            guard let key, key == own.verifiedBy.key, let at = own.verifiedAt, now < at + idempotencyWindow else {
                return ["used"]
            }
            return [code == own.verifiedBy.code ? "repeated" : "conflict"]
        case "locked": return ["locked"]
        case "expired": return ["expired, \(left) left"]
        default: break
        }
        if left <= 0 { return ["locked for a while"] }
        let charged = min(own.triesLeft, person.left(at: now, Scene.personTries)) - 1
        guard let number = Int(code), (1...own.codes.count).contains(number) else {
            return ["mismatch, \(charged) left"]
        }
        let isAccepted = number > own.codes.count - 2 && now < own.codes[number - 1]
        return [isAccepted ? "verified" : "expired, \(charged) left"]
    }

    /// Nothing more goes out for a challenge that needs no code any more.
    private mutating func endAll(of challenge: ChallengeID, _ reason: Reason) {
        for id in order where deliveries[id]?.challenge == challenge {
            guard let own = deliveries[id], own.isUnsent || reason == .answered && own.state == .unknown else {
                continue
            }
            end(id, reason)
        }
    }

    mutating func cancel(_ id: DeliveryID, _ answer: Bool?) {
        guard let own = deliveries[id] else { return expect(answer == nil, "what is not there was cancelled") }
        expect(
            answer == own.isUnsent,
            "cancelling what is \(own.place) was answered \(answer.map { "\($0)" } ?? "nil")"
        )
        if own.isUnsent { end(id, .cancelled) }
    }

    mutating func suppress(_ person: String, _ id: SuppressionID) {
        suppressions[person] = id
        for delivery in order where deliveries[delivery]?.person == person && deliveries[delivery]?.isUnsent == true {
            end(delivery, .cancelled)
        }
    }

    // MARK: Replays

    /// Why a failed delivery is not sent again: any of these, and others that may be named beside them.
    private func skips(of id: DeliveryID) -> (must: [ReplaySkip], may: [ReplaySkip]) {
        guard let own = deliveries[id] else { return ([.superseded], []) }
        var must: [ReplaySkip] = []
        var may: [ReplaySkip] = []
        let later = order.drop { $0 != id }.dropFirst().compactMap { deliveries[$0] }
        if let challenge = own.challenge.flatMap({ challenges[$0] }) {
            if challenge.verifiedAt != nil { must.append(.verified) }
            if challenge.triesLeft <= 0 { must.append(.limited) }
            if later.contains(where: { $0.challenge == own.challenge }) { must.append(.superseded) }
            if newest({ $0.key == challenge.key && $0.session == challenge.session })?.id != challenge.id {
                may.append(.superseded)
            }
        } else if later.contains(where: { $0.event == own.event }) {
            must.append(.superseded)
        }
        if isSuppressed(own.letter) { must.append(.suppressed) }
        if isHeld(own) { must.append(.held) }
        if own.letter.legs[0].slots.contains(where: { buckets[$0.bucket]?.wait(at: now, $0.rate) ?? 0 > 0 }) {
            must.append(.limited)
        }
        if let price = own.price, !fits(price) { must.append(.overBudget) }
        return (must, may)
    }

    /// Failed deliveries, oldest first.
    var candidates: [DeliveryID] {
        order.filter { [.dead, .undelivered].contains(deliveries[$0]?.state) }.sorted()
    }

    /// What becomes of each, one after the other; `nil` where something was seen that must not be.
    mutating func replay(
        _ items: [ReplayItem],
        _ replay: ReplayID?,
        limit: Int,
        _ made: (DeliveryID) -> DeliveryID?,
        _ seen: Sighting
    ) -> (made: Int, matched: Int, must: [ReplaySkip], isFree: Bool) {
        var (count, matched, skipped, isFree) = (0, 0, [ReplaySkip](), false)
        for item in items where count < limit {
            matched += 1
            let id = item.candidate.delivery
            let (must, may) = skips(of: id)
            guard let fresh = made(id), var leg = item.leg else {
                let why = must.count + may.count == 1 ? must + may : []
                isFree = isFree || why.isEmpty
                skipped += why
                expect(!must.isEmpty || !may.isEmpty, "delivery \(number(id)) was not replayed")
                continue
            }
            expect(must.isEmpty, "delivery \(number(id)) was replayed in spite of \(must)")
            count += 1
            // A look makes nothing: what stands for it has the id that was drawn.
            if replay != nil { leg.delivery = fresh }
            sendAnew(leg, of: id, replay, seen)
        }
        return (count, matched, skipped, isFree)
    }

    private mutating func sendAnew(_ leg: Submission.Leg, of id: DeliveryID, _ replay: ReplayID?, _ seen: Sighting) {
        guard let own = deliveries[id] else { return }
        let letter = own.letter
        guard let challengeID = own.challenge, var challenge = challenges[challengeID] else {
            let until = now + letter.life - letter.minimumLife
            return make(leg, letter, event: own.event, challenge: nil, sendBefore: until, replay: replay, seen)
        }
        challenge.renew(at: now, min(letter.life, challenge.life))
        challenges[challengeID] = challenge
        sends[letter.chain] = ((sends[letter.chain]?.count ?? 0) + 1, now)
        let until = challenge.expiresAt - letter.minimumLife
        make(leg, letter, event: own.event, challenge: challengeID, sendBefore: until, replay: replay, seen)
    }

    // MARK: Restoring

    /// What the copy does not know, and what became of it since: nothing of the life before goes on.
    mutating func beginAnew() {
        (life, fence) = (life + 1, 0)
        forgetHolders()
        for id in order {
            guard let own = deliveries[id] else { continue }
            switch own.state {
            case .ready, .parked, .leased:
                // It may have been sent after the copy was made.
                change(id) { $0.slots = nil }
                end(id, .cancelled)
            case .sending, .unknown:
                becomeUnknown(id)
                end(id, .gaveUp)
            default: break
            }
        }
        for id in challengeOrder {
            guard var challenge = challenges[id], challenge.verifiedAt == nil else { continue }
            challenge.codes = challenge.codes.map { min($0, now) }
            challenges[id] = challenge
        }
    }
}
