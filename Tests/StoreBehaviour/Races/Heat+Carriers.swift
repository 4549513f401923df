import Deliveries
import TestSupport

// Carriers against who cancels, against time, and against each other.
extension Heat {
    private static func carrier(_ outcome: Outcome) -> Actor {
        Actor("carrier", .claim(), .begin(), .settle(outcome))
    }

    static var cancelAgainstSettle: [Heat] {
        let contenders = [
            // What was cancelled has surely reached nobody.
            Contender("the operator") { end in
                end.wasCancelled() && end.first == "dead(cancelled)"
                    && end.outcomes.allSatisfy { $0?.isSurelyUnsent ?? false }
            },
            Contender("the carrier") { !$0.wasCancelled() && $0.first != "dead(cancelled)" },
        ]
        let plain = Outcome.allCases.map { outcome in
            var carrier = carrier(outcome)
            carrier.moves.append(.settle(outcome))
            let actors = [carrier, Actor("operator", .cancel(), .cancel())]
            return Heat("cancel, \(outcome.name)", sms, actors, contenders)
        }
        let swept = Outcome.allCases.map { outcome in
            let sweeper = Actor("sweeper", .pass(lease), .sweep)
            let actors = [carrier(outcome), Actor("operator", .cancel()), sweeper]
            let isLong = outcome.isRare
            return Heat("cancel, sweep, \(outcome.name)", sms, actors, contenders, isLong: isLong)
        }
        let long = Outcome.allCases.map { outcome in
            let sweeper = Actor("sweeper", .pass(lease), .sweep, .pass(wait), .sweep)
            let actors = [carrier(outcome), Actor("operator", .cancel(), .cancel()), sweeper]
            return Heat("cancel, sweep, give up, \(outcome.name)", sms, actors, contenders, isLong: true)
        }
        return plain + swept + long
    }

    static var sweepAgainstSettle: [Heat] {
        let ends: [Outcome: [String]] = [
            .accepted: ["accepted"], .refused: ["dead(refused)"], .unknown: ["unknown", "dead(gave_up)", "ready"],
        ]
        // What says that nothing was sent is taken as such from whoever had claimed it.
        let theLease = Contender("the lease") { $0.was("carrier", .settled("stale")) && $0.first == "ready" }
        func contenders(_ outcome: Outcome) -> [Contender] {
            [
                Contender("the report") { end in
                    end.was("carrier", .settled("applied")) && ends[outcome, default: ["ready"]].contains(end.first)
                },
                Contender("the sweep") { end in
                    end.was("carrier", .settled("recorded")) && ["dead(gave_up)", "ready"].contains(end.first)
                },
            ] + (outcome == .released ? [] : [theLease])
        }
        let sweeper = Actor("sweeper", .sweep, .sweep)
        func claimed(_ outcome: Outcome) -> Actor { Actor("carrier", .begin(), .settle(outcome)) }
        let claim = [Cue("carrier", .claim())]
        let givingUp = Outcome.allCases.map { outcome in
            let actors = [claimed(outcome), Actor("time", .pass(lease), .pass(wait)), sweeper]
            let name = "give up, \(outcome.name)"
            return Heat(name, sms, before: claim, actors, contenders(outcome), isLong: outcome.isRare)
        }
        let sendingAgain = Outcome.allCases.map { outcome in
            let actors = [claimed(outcome), Actor("time", .pass(mailLease)), sweeper]
            let name = "send again, \(outcome.name)"
            return Heat(name, mail, before: claim, actors, contenders(outcome), isLong: outcome.isRare)
        }
        let long = [(mail, mailLease), (sms, lease)].map { letter, lease in
            let actors = [carrier(.retry), Actor("time", .pass(lease), .pass(wait)), sweeper]
            return Heat("from the claim, \(lease) ms", letter, actors, contenders(.retry), isLong: true)
        }
        let edge = Heat(
            "the last millisecond of a lease",
            sms,
            before: [Cue("carrier", .claim()), Cue("carrier", .begin())],
            [
                Actor("carrier", .settle(.accepted)), Actor("time", .pass(lease - 1), .pass(1)),
                Actor("sweeper", .sweep),
            ],
            [Contender("the report") { $0.first == "accepted" && $0.outcomes == [.accepted] }]
        )
        return givingUp + sendingAgain + long + [edge]
    }

    static var zombieAgainstSuccessor: [Heat] {
        let second = Actor("second", .claim(), .begin(), .settle(.accepted))
        let begun = Outcome.allCases.map { outcome in
            Heat(
                "begun, \(outcome.name)",
                mail,
                before: [Cue("first", .claim()), Cue("first", .begin()), Cue("time", .pass(mailLease))],
                [Actor("first", .settle(outcome)), second, Actor("sweeper", .sweep, .sweep)],
                [
                    Contender("the first") { end in
                        let isFinal = [.accepted, .refused].contains(outcome)
                        return end.was("first", .settled("applied")) && !(isFinal && end.wentOut("second"))
                    },
                    Contender("the second") { end in
                        end.was("first", .settled("recorded")) && end.outcomes.first == outcome
                            && ["ready", "leased", "sending", "accepted"].contains(end.first)
                    },
                ],
                isLong: outcome.isRare
            )
        }
        let contenders = [
            Contender("the first") { $0.was("first", .settled("applied")) && !$0.wentOut("second") },
            Contender("the second") { $0.was("first", .settled("stale")) && !$0.wentOut("first") },
        ]
        let claimed = Heat(
            "claimed",
            sms,
            before: [Cue("first", .claim())],
            [Actor("first", .begin(), .settle(.accepted)), second, Actor("sweeper", .pass(claimLease), .sweep)],
            contenders
        )
        let heir = Heat(
            "a new process of the same name",
            sms,
            before: [Cue("first", .claim())],
            [
                Actor("first", .begin(), .settle(.accepted), .settle(.accepted)),
                Actor("second", .claim(as: "first"), .begin(), .settle(.accepted)),
            ],
            contenders
        )
        return begun + [claimed, heir]
    }
}

extension Outcome {
    /// Whether it says nothing that another does not say too, where there is little time.
    fileprivate var isRare: Bool { [.refused, .throttled, .released].contains(self) }
}
