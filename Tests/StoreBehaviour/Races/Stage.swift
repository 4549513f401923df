import AuthEvents
import Clocks
import Deliveries
import Limits
import Spend
import Store
import TestSupport
import Testing

/// A store in the middle of a race: what everybody holds, and what has happened.
struct Stage: Sendable {
    private struct Replaying: Sendable {
        var id: ReplayID
        var items: [ReplayItem] = []
    }

    var scene: Scene
    let letter: Letter
    /// In the order in which they were made.
    private(set) var deliveries: [DeliveryID]
    private(set) var hands: [Hand] = []
    private(set) var steps: [Step] = []
    /// What stops deliveries now: the name of a gateway, or nothing where it stops all.
    private(set) var stops: [String: String] = [:]
    private var holds: [String: HoldID] = [:]
    private var replays: [String: Replaying] = [:]

    /// Of the first delivery.
    private let challenge: ChallengeID?

    init(_ scene: Scene, _ letter: Letter, _ accepted: AcceptedEvent) {
        (self.scene, self.letter) = (scene, letter)
        (deliveries, challenge) = (accepted.deliveries.map(\.id), accepted.deliveries.first?.challengeID)
    }

    /// What the actor was handed last.
    func hand(of actor: String) -> Hand? { hands.last { $0.instance == actor } }

    func glance() async throws -> Glance { try await Glance(of: deliveries, in: scene) }

    /// Takes a step, and returns it.
    mutating func take(_ cue: Cue) async throws -> Step {
        var step = Step(cue: cue, answer: .done, hand: hand(of: cue.actor))
        if case .cancel(let isNewest) = cue.move { step.subject = isNewest ? deliveries.last : deliveries.first }
        if case .receive(_, let carrier, _) = cue.move { step.hand = hand(of: carrier) }
        step.subject = step.subject ?? step.hand?.delivery
        step.answer = try await answer(to: cue, step)
        steps.append(step)
        return step
    }

    private mutating func answer(to cue: Cue, _ step: Step) async throws -> Answer {
        switch cue.move {
        case .claim, .begin, .settle, .free: return try await carry(cue, step.hand)
        case .pass(let milliseconds): scene.time.pass(.milliseconds(milliseconds))
        case .setWall(let seconds): scene.time.setWall(by: .seconds(seconds))
        case .sweep: _ = try await scene.store.sweep()
        case .cancel:
            guard let subject = step.subject else { return .nothing }
            return .cancelled(try await scene.store.cancel(subject, of: nil))
        case .verify(let code):
            return .verified(try await scene.verify(challenge, code).name)
        case .receive(let state, _, let bill):
            guard let hand = step.hand else { return .nothing }
            let receipt = Receipt(state: state, price: bill.map { .cents($0) })
            let gateway = hand.claimed.gateway.name
            return .received(try await scene.store.receive(receipt, of: gateway, at: hand.claimed.attempt).rawValue)
        case .resend:
            let again = letter.with { $0.name = "again-\(scene.stationery.next())" }
            let delivery = try await scene.accept(again)
            deliveries.append(delivery.id)
            return .accepted(delivery.id)
        case .beginReplay, .readFailed, .sendReplay: return try await replay(cue)
        case .hold(let scope, let value):
            holds[cue.actor] = try await scene.hold(scope, value).id
            stops[cue.actor] = scope == .gateway ? value : ""
        case .unhold:
            guard let hold = holds[cue.actor] else { return .nothing }
            _ = try await scene.store.removeHold(hold, of: nil)
            stops[cue.actor] = nil
        case .pause(let channel):
            try await scene.store.pause(channel)
            stops[cue.actor] = ""
        case .resume(let channel):
            try await scene.store.resume(channel)
            stops[cue.actor] = nil
        case .suppress: _ = try await scene.suppress(letter.legs[0].person, letter.legs[0].channel)
        case .limit(let cents):
            var settings = scene.lab.settings
            settings.budgets = [.cents(cents)]
            try await scene.lab.reopen(with: settings)
        case .kill: try await scene.lab.kill(reopeningWith: scene.lab.settings)
        }
        return .done
    }
}

// MARK: Carriers

extension Stage {
    private mutating func carry(_ cue: Cue, _ hand: Hand?) async throws -> Answer {
        if case .claim(let name) = cue.move { return try await claim(cue.actor, as: name) }
        guard let hand, let index = hands.lastIndex(where: { $0.instance == cue.actor }) else { return .nothing }
        switch cue.move {
        case .begin(let cents):
            let answer = try await scene.begin(hand.claimed, for: .cents(cents))
            if answer == .go, hand.attempt == nil {
                hands[index].lease = scene.time.boot() + hand.claimed.gateway.sendingLease
                hands[index].attempt = nextAttempt(of: hand.delivery)
            }
            hands[index].isHeld = answer == .go && hand.isHeld
            return .begun(answer.rawValue)
        case .settle(let outcome, let bill):
            let settlement = Settlement(token: hand.claimed.token, outcome: outcome, price: bill.map { .cents($0) })
            let answer = try #require(try await scene.store.settle([settlement]).first)
            // What was never begun and was an attempt all the same.
            if answer == .applied, outcome != .released, hand.attempt == nil {
                hands[index].attempt = nextAttempt(of: hand.delivery)
            }
            hands[index].isHeld = false
            return .settled(answer.rawValue)
        default:
            try await scene.store.free([hand.claimed.token])
            hands[index].isHeld = false
            return .done
        }
    }

    private func nextAttempt(of delivery: DeliveryID) -> Int64 {
        Int64(hands.count { $0.delivery == delivery && $0.attempt != nil }) + 1
    }

    private mutating func claim(_ actor: String, as name: String?) async throws -> Answer {
        let carrier = name ?? actor
        // The first claim of a new process ends what the one before held and had not begun.
        for index in hands.indices
        where hands[index].carrier == carrier && hands[index].instance != actor && hands[index].attempt == nil {
            hands[index].isHeld = false
        }
        let everything = Scene.everything + ["sms-backup"]
        guard let claimed = try await scene.claim(1, at: everything, by: carrier, actor).first else { return .nothing }
        hands.append(
            Hand(
                claimed: claimed,
                carrier: carrier,
                instance: actor,
                lease: scene.time.boot() + GatewayTerms.claimLease
            )
        )
        return .claimed(claimed.token.delivery, fence: claimed.token.fence)
    }
}

// MARK: Replays

extension Stage {
    private mutating func replay(_ cue: Cue) async throws -> Answer {
        switch cue.move {
        case .beginReplay:
            var dice = SeededGenerator(seed: UInt64(scene.stationery.next()))
            let new = NewReplay(
                id: ReplayID(at: scene.time.now(), using: &dice),
                tenant: nil,
                filter: DeliveryFilter(),
                rate: Rate(count: 10, period: .seconds(1)),
                limit: 10,
                key: nil,
                content: Digest(of: "content", cue.actor)
            )
            guard case .begun(let replay) = try await scene.store.begin(new) else { return .nothing }
            replays[cue.actor] = Replaying(id: replay.id)
            return .done
        case .readFailed:
            let candidates = try await scene.store.candidates(DeliveryFilter(), after: nil, limit: 10)
            let items = candidates.map { candidate in
                let fresh = scene.stationery.submission(letter, at: scene.time.now())
                return ReplayItem(candidate: candidate, leg: fresh.legs[0])
            }
            replays[cue.actor]?.items = items
            return .done
        default:
            guard let replaying = replays[cue.actor] else { return .nothing }
            let replay = try await scene.store.send(replaying.items, of: replaying.id, isLast: true)
            let made = try await scene.store.deliveries(DeliveryFilter()).items.map(\.id)
            deliveries += made.filter { !deliveries.contains($0) }.reversed()
            let skipped = replay.skipped.map { ($0.key.rawValue, $0.value) }
            return .replayed(made: replay.made, skipped: Dictionary(uniqueKeysWithValues: skipped))
        }
    }
}
