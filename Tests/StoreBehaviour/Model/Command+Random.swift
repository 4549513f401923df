import AuthEvents
import Deliveries
import TestSupport

extension Command {
    /// Draws so many: one by one, and now and then some that belong together and lead further than chance does.
    static func sequence(of count: Int, seed: UInt64) -> [Command] {
        var dice = SeededGenerator(seed: seed)
        var commands: [Command] = []
        while commands.count < count {
            switch Int.random(in: 0..<24, using: &dice) {
            case 0..<4: commands += errand(&dice)
            case 4: commands += guesses(&dice)
            case 5 where commands.count % 3 == 0: commands += outage
            case 6: commands += bankruptcy
            case 7: commands += silence(&dice)
            case 8:
                commands += [
                    .backUp, .accept([Draft.draw(&dice)]), .restore, pick([.cancel(0), .verify(0, code: 0)], &dice),
                ]
            case 9: commands += crowd(&dice)
            case 10: commands += pick([greed, lateness, custody, misfortune, mispricing], &dice)
            case 11: commands += plague(&dice)
            case 12: commands += pick([stubbornness, ban(&dice)], &dice)
            default: commands.append(draw(&dice))
            }
        }
        return Array(commands.prefix(count))
    }

    /// A message all the way.
    private static func errand(_ dice: inout SeededGenerator) -> [Command] {
        let carrier = Int.random(in: 0..<carriers.count, using: &dice)
        let end: Command = pick(
            [.receive(0, .undelivered), .receive(0, .delivered), .pass(2000), .pass(60_000)],
            &dice
        )
        let begin = Command.begin(0, cents: pick([0, 1, 1, 1, 1, 1], &dice))
        return [.claim(carrier: carrier, limit: 1), begin, settlement(0, &dice), end]
    }

    /// A carrier that is stopped, or heard of no more.
    private static func silence(_ dice: inout SeededGenerator) -> [Command] {
        let draft = Draft(person: Int.random(in: 0..<2, using: &dice), channel: pick(Channel.allCases, &dice))
        let carrier = draft.channel == .sms ? 1 : 0
        let claim: [Command] = [.accept([draft]), .claim(carrier: carrier, limit: 3)]
        return claim
            + pick(
                [
                    [.pause(draft.channel), .begin(0), .resume(draft.channel)],
                    [.begin(0), .pass(35_000), .sweep, .pass(120_000), .sweep],
                    [.begin(0), .settle(0, .accepted), .pass(3_600_000), .sweep],
                ],
                &dice
            )
    }

    /// Somebody asks again and again.
    private static func crowd(_ dice: inout SeededGenerator) -> [Command] {
        let draft = Draft.draw(&dice)
        return [.accept([draft]), .cancel(0), .accept([draft, draft]), .cancel(0), .accept([draft, draft])]
    }

    /// Somebody has something in hand, and more of the like waits.
    private static var greed: [Command] {
        let drafts = (0..<3).map { Draft(person: $0) }
        return [.accept(drafts), .claim(carrier: 0, limit: 1), .claim(carrier: 0, limit: 3, below: 1)]
    }

    /// A deadline that passes between claim and begin.
    private static var lateness: [Command] {
        let draft = Draft(purpose: .mfa, life: 70)
        return [.accept([draft]), .pass(8000), .claim(carrier: 0, limit: 1), .pass(2000), .begin(0)]
    }

    /// A deadline that passes while all gateways for mail are held.
    private static var custody: [Command] {
        let draft = Draft(purpose: .mfa, life: 70)
        return [.accept([draft]), .hold(3, seconds: 30), .hold(4, seconds: 30), .sweep, .pass(15_000), .sweep]
    }

    /// A message that no attempt brings further.
    private static var misfortune: [Command] {
        let tries: [Command] = [.claim(carrier: 0, limit: 1), .begin(0), .settle(0, .retry), .pass(600_000)]
        return [.accept([Draft(purpose: .mfa)])] + Array([tries, tries, tries].joined())
    }

    /// A text that the carrier prices otherwise than the server did.
    private static var mispricing: [Command] {
        let begin = Command.begin(0, cents: 0)
        return [.accept([Draft(channel: .sms, purpose: .mfa)]), .claim(carrier: 1, limit: 1), begin, begin]
    }

    /// Somebody to whom nothing is written now, and later once.
    private static func ban(_ dice: inout SeededGenerator) -> [Command] {
        let draft = Draft(person: 2, channel: pick(Channel.allCases, &dice))
        let (start, end): (Command, Command) = pick(
            [
                (.hold(0, seconds: 600), .unhold(0)), (.hold(1, seconds: 600), .unhold(0)),
                (.suppress(draft.person, draft.channel), .unsuppress(0)),
            ],
            &dice
        )
        return [start, .accept([draft]), end, .accept([draft]), .again(0, changed: true)]
    }

    /// Who types in wrong codes until the right one of a new challenge does not help either.
    private static var stubbornness: [Command] {
        let challenge = Command.accept([Draft(purpose: .mfa)])
        let guesses = Array(repeating: [challenge] + Array(repeating: .verify(0, code: 9), count: 3), count: 5)
        return guesses.joined() + [challenge, .verify(0, code: 0)]
    }

    /// A message that processes of a carrier die of, while few others die or many do.
    private static func plague(_ dice: inout SeededGenerator) -> [Command] {
        let others = (0..<2).flatMap { person in
            // Two die with it, and the third begins.
            [.accept([Draft(person: person, purpose: .mfa)])] + deaths(3, of: 2) + [.begin(0)]
        }
        let fatal = Command.accept([Draft(person: 2, purpose: .mfa)])
        return pick([[fatal] + deaths(4, of: 0), others + [fatal] + deaths(7, of: 0)], &dice)
    }

    /// So many processes of a carrier come, each in the place of the one before.
    private static func deaths(_ count: Int, of carrier: Int) -> [Command] {
        Array(repeating: .claim(carrier: carrier, limit: 1, isNew: true), count: count)
    }

    private static func guesses(_ dice: inout SeededGenerator) -> [Command] {
        let challenge = Int.random(in: 0..<3, using: &dice)
        return pick(
            [
                Array(repeating: .verify(challenge, code: 9), count: 4),
                Array(repeating: .verify(challenge, code: 0), count: 2),
                [
                    .verify(challenge, code: 0, key: 1), .verify(challenge, code: 0, key: 1),
                    .verify(challenge, code: 9, key: 1),
                ],
            ],
            &dice
        )
    }

    /// All gateways for mail are down or held.
    private static var outage: [Command] {
        let failure = Command.settle(0, .retry, isUnreachable: true)
        return [.hold(4, seconds: 600)]
            + [Purpose.signUp, .mfa].flatMap { purpose in
                let drafts = (0..<3).map { Draft(person: $0, purpose: purpose) }
                let failures = (0..<3).flatMap { _ in [Command.claim(carrier: 0, limit: 1), failure] }
                return [.accept(drafts)] + failures
            } + [.sweep]
    }

    /// What is begun costs more than there is, until it is too late.
    private static var bankruptcy: [Command] {
        let draft = Draft(channel: .sms, purpose: .mfa, life: 70)
        return [.budget(3), .accept([draft]), .claim(carrier: 1, limit: 1), .begin(0, cents: 4), .pass(15_000), .sweep]
    }

    private static func draw(_ dice: inout SeededGenerator) -> Command {
        // The newest are asked for most.
        let index = min(Int.random(in: 0..<6, using: &dice), Int.random(in: 0..<6, using: &dice))
        switch Int.random(in: 0..<100, using: &dice) {
        case 0..<18: return .accept((0..<pick([1, 1, 1, 2, 3], &dice)).map { _ in Draft.draw(&dice) })
        case 18..<20: return .again(index, changed: Int.random(in: 0..<4, using: &dice) == 0)
        case 20..<33:
            return .claim(
                carrier: Int.random(in: 0..<carriers.count, using: &dice),
                limit: Int.random(in: 1...3, using: &dice),
                isNew: Int.random(in: 0..<6, using: &dice) == 0,
                below: pick([nil, nil, nil, nil, 1, 2], &dice)
            )
        case 33..<45:
            return .begin(
                index,
                cents: pick([0, 1, 1, 1, 2, 3], &dice),
                behind: index.isMultiple(of: 3) ? index + 1 : nil
            )
        case 45..<57: return settlement(index, &dice)
        case 57..<58: return pick([.free(index), .refuse(index)], &dice)
        case 58..<62: return .receive(index, pick(ReceiptState.allCases, &dice), bill: pick([nil, nil, 1, 4], &dice))
        case 62..<70:
            return .pass(pick([1, 999, 2000, 5000, 10_000, 15_000, 35_000, 120_000, 600_000, 3_600_000], &dice))
        case 70..<77: return .sweep
        case 77..<79: return .cancel(index)
        case 79..<84:
            return .verify(index, code: pick([0, 0, 1, 2, 9, 9], &dice), key: pick([nil, nil, 1, 2], &dice))
        case 84..<86: return pick([.pause(.email), .pause(.sms), .resume(.email), .resume(.sms)], &dice)
        case 86..<88: return .hold(Int.random(in: 0..<holds.count, using: &dice), seconds: pick([30, 600], &dice))
        case 88..<89: return .unhold(index)
        case 89..<90: return .suppress(Int.random(in: 0..<3, using: &dice), pick(Channel.allCases, &dice))
        case 90..<91: return .unsuppress(index)
        case 91..<94: return .replay(limit: pick([1, 2, 100], &dice), isDry: Int.random(in: 0..<3, using: &dice) == 0)
        case 94..<95: return .budget(pick([1, 3, 6, 12], &dice))
        case 95..<96: return .reopen
        case 96..<97: return .kill
        case 97..<98: return .backUp
        default: return .restore
        }
    }

    private static func settlement(_ index: Int, _ dice: inout SeededGenerator) -> Command {
        let outcome: Outcome = pick(
            [.accepted, .accepted, .refused, .retry, .retry, .throttled, .unknown, .released],
            &dice
        )
        return .settle(
            index,
            outcome,
            isUnreachable: outcome == .retry && Bool.random(using: &dice),
            pause: [.retry, .throttled, .released].contains(outcome) ? pick([nil, nil, 3, 40], &dice) : nil,
            bill: outcome == .accepted ? pick([nil, nil, 1, 4], &dice) : nil
        )
    }

    /// What the carriers carry for.
    static let carriers = [["mail-main", "mail-backup"], ["sms-main", "sms-backup"], ["mail-main", "sms-main"]]
}

extension Command.Draft {
    fileprivate static func draw(_ dice: inout SeededGenerator) -> Command.Draft {
        var draft = Command.Draft()
        draft.person = Int.random(in: 0..<3, using: &dice)
        draft.channel = pick([.email, .sms, .sms], &dice)
        draft.purpose = pick([.signUp, .signUp, .recovery, .mfa, .notice], &dice)
        draft.life = pick([70, 400, 7200], &dice)
        draft.hasSession = draft.purpose == .mfa && Bool.random(using: &dice)
        draft.reopens = draft.purpose == .signUp && Int.random(in: 0..<3, using: &dice) == 0
        return draft
    }
}

private func pick<Choice>(_ choices: [Choice], _ dice: inout SeededGenerator) -> Choice {
    choices[Int.random(in: 0..<choices.count, using: &dice)]
}
