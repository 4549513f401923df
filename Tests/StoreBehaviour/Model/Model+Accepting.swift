import AuthEvents
import Clocks
import Deliveries
import Limits
import Spend
import Store
import TestSupport

extension Model {
    static let waits: [Duration] = [.seconds(20), .seconds(60)]

    mutating func accept(_ submission: Submission, _ letter: Letter, _ answer: Acceptance, _ seen: Sighting) {
        let key = letter.tenant.description + " " + submission.name
        if let known = events[key] {
            let isSame = known.content == letter.content
            expect(answer == (isSame ? .duplicate(known.answer) : .conflict), "a known event was answered \(answer)")
            return
        }
        let refusals = refusals(of: letter)
        switch answer {
        case .refused(let refusal, _):
            expect(refusals.contains(refusal.cause), "it was refused \(refusal.cause), not \(refusals)")
        case .accepted(let event):
            expect(refusals.isEmpty, "it was accepted, and should be refused \(refusals)")
            guard let first = event.deliveries.first else { return expect(false, "it was accepted without a delivery") }
            // The store may give it a later id, so that those of one challenge come in their order.
            var leg = submission.legs[0]
            leg.delivery = first.id
            open(leg, letter, event: key, seen)
            expect(event == self.answer(to: leg, first, seen), "it was accepted as \(event)")
            events[key] = ModelEvent(content: letter.content, answer: event)
        default: expect(false, "it was answered \(answer)")
        }
    }

    private func answer(to leg: Submission.Leg, _ first: AcceptedEvent.Delivery, _ seen: Sighting) -> AcceptedEvent? {
        guard let delivery = deliveries[leg.delivery], let state = seen.deliveries[leg.delivery]?.state else {
            return nil
        }
        let challenge = delivery.challenge.flatMap { challenges[$0] }
        return AcceptedEvent(deliveries: [
            AcceptedEvent.Delivery(
                id: delivery.id,
                channel: delivery.channel,
                // What the next event of the same batch overtook is not seen where it stood.
                isParked: state == .dead ? first.isParked : state == .parked,
                challenge: challenge.map {
                    AcceptedEvent.Delivery.Challenge(id: $0.id, expiresAt: $0.expiresAt, digits: delivery.letter.digits)
                },
                estimate: leg.costs.map { costs in
                    Estimate(
                        country: costs.country,
                        segments: Int64(costs.dearest.segments.segments),
                        encoding: costs.dearest.segments.encoding,
                        amount: .cents((delivery.price ?? 0) / 10_000),
                        priceVersion: costs.dearest.price.version
                    )
                }
            )
        ])
    }

    /// Why it is refused: any of these; nothing where it is to be accepted.
    private func refusals(of letter: Letter) -> [LegRefusal.Cause] {
        var causes: [LegRefusal.Cause] = covering(letter).map { hold in
            LegRefusal.Cause.held(reason: hold.reason, until: hold.until, isWhole: hold.scope == .tenant)
        }
        if isSuppressed(letter) { causes.append(.suppressed(reason: "complaint", until: nil)) }
        if !causes.isEmpty { return causes }
        var limits = letter.legs[0].slots.map { slot in
            (slot.limit, buckets[slot.bucket]?.wait(at: now, slot.rate) ?? 0)
        }
        limits.append((LegRefusal.resend, resendWait(of: letter)))
        let longest = limits.reduce(0) { max($0, $1.1) }
        if longest > 0 {
            return limits.filter { $0.1 == longest }.map { .limited($0.0, retryAfter: .milliseconds(longest)) }
        }
        guard letter.legs[0].channel == .sms, let price = letter.prices.map(\.amount.micros).max(), !fits(price) else {
            return []
        }
        return [.overBudget("all", resetsAt: Budget.Period.hour.bounds(around: now).end)]
    }

    private func resendWait(of letter: Letter) -> Int64 {
        guard letter.proves, !letter.resendWaits.isEmpty, let (count, last) = sends[letter.chain],
            !isChainOver(letter)
        else { return 0 }
        let wait = letter.resendWaits[min(count, letter.resendWaits.count) - 1]
        return max(0, (wait - (now - last)).milliseconds)
    }

    /// Once a person has verified, or the code has expired, the waits begin anew.
    private func isChainOver(_ letter: Letter) -> Bool {
        newest { $0.key == letter.chain }.map { ["verified", "expired"].contains($0.state(at: now)) } ?? true
    }

    func newest(_ isIt: (ModelChallenge) -> Bool) -> ModelChallenge? {
        challengeOrder.reversed().lazy.compactMap { challenges[$0] }.first(where: isIt)
    }

    // MARK: Opening

    private mutating func open(_ leg: Submission.Leg, _ letter: Letter, event: String, _ seen: Sighting) {
        guard let new = leg.proof.challenge else {
            make(leg, letter, event: event, challenge: nil, sendBefore: now + letter.life - letter.minimumLife, seen)
            return
        }
        sends[letter.chain] = ((isChainOver(letter) ? 0 : sends[letter.chain]?.count ?? 0) + 1, now)
        let former = newest { $0.key == letter.chain && $0.session == letter.session }
        let state = former?.state(at: now)
        if var challenge = former, state == "open" || letter.reopens && state == "expired" {
            let left = challenge.expiresAt - now
            if left * 2 < challenge.life || left <= letter.minimumLife { challenge.renew(at: now, letter.life) }
            challenges[challenge.id] = challenge
            for id in order where deliveries[id]?.challenge == challenge.id && deliveries[id]?.isUnsent == true {
                end(id, .superseded)
            }
            let sendBefore = challenge.expiresAt - letter.minimumLife
            make(leg, letter, event: event, challenge: challenge.id, sendBefore: sendBefore, seen)
            return
        }
        challenges[new.id] = ModelChallenge(
            id: new.id,
            key: letter.chain,
            session: letter.session,
            life: letter.life,
            codes: [now + letter.life],
            triesLeft: letter.tries
        )
        challengeOrder.append(new.id)
        let sendBefore = now + letter.life - letter.minimumLife
        make(leg, letter, event: event, challenge: new.id, sendBefore: sendBefore, seen)
    }

    /// Writes a delivery down, with its slots and its money.
    mutating func make(
        _ leg: Submission.Leg,
        _ letter: Letter,
        event: String,
        challenge: ChallengeID?,
        sendBefore: Instant,
        replay: ReplayID? = nil,
        _ seen: Sighting
    ) {
        var delivery = ModelDelivery(
            id: leg.delivery,
            letter: letter,
            event: event,
            challenge: challenge,
            code: challenge.flatMap { challenges[$0].map { Int64($0.codes.count) } },
            replay: replay,
            sendBefore: sendBefore,
            due: now...now
        )
        delivery.slots = now
        delivery.gateway = seen.deliveries[leg.delivery]?.gateway ?? ""
        let first = delivery.route.first { !isHeld($0) && !isDown($0) }
        if seen.deliveries[leg.delivery]?.state == .ready, !delivery.route.contains(where: isDown) {
            expect(first == delivery.gateway, "a new delivery is at \(delivery.gateway), not at \(first ?? "none")")
        }
        for slot in letter.legs[0].slots { buckets[slot.bucket, default: ModelBucket()].take(at: now, slot.rate) }
        deliveries[leg.delivery] = delivery
        order.append(leg.delivery)
        if delivery.price != nil { expect(reserve(leg.delivery), "what was accepted does not fit the budget") }
    }
}

extension ModelChallenge {
    mutating func renew(at now: Instant, _ life: Duration) {
        (self.life, codes) = (life, codes + [now + life])
    }
}

extension Letter {
    /// Whose sends and tries are counted together.
    var chain: String { "\(tenant) \(purpose.name) \(legs[0].person)" }
}
