import AuthEvents
import Deliveries
import TestSupport

// Operators, budgets, deadlines and the death of the server.
extension Heat {
    /// After a while what waits is claimed and begun.
    private static let goesOn = [
        Cue("time", .pass(60_000)), Cue("sweeper", .sweep), Cue("last", .claim()), Cue("last", .begin()),
    ]

    static var stopAgainstBegin: [Heat] {
        let letter = sms.with { $0.legs[0].number = "+12025550123" }
        let stops: [(Move, Move)] = [
            (.hold(.country, "US"), .unhold), (.hold(.tenant, "default"), .unhold), (.hold(.prefix, "+1202"), .unhold),
            (.hold(.gateway, "sms-main"), .unhold), (.pause(.sms), .resume(.sms)),
        ]
        let stopped = stops.enumerated().flatMap { index, stop in
            [1, 2].map { sweeps in
                var sweeper = Actor("sweeper")
                sweeper.moves = Array(repeating: .sweep, count: sweeps)
                return Heat(
                    "\(stop.0), \(sweeps) sweeps",
                    letter,
                    [
                        Actor("carrier", .claim(), .begin(), .settle(.retry)), Actor("operator", stop.0, stop.1),
                        sweeper,
                    ],
                    after: goesOn,
                    [
                        Contender("the carrier") { $0.wentOut("carrier") && $0.wentOut("last") },
                        Contender("the operator") { !$0.wentOut("carrier") && $0.wentOut("last") },
                    ],
                    isLong: sweeps > 1 || [1, 2].contains(index)
                )
            }
        }
        let suppressed = Heat(
            "suppress",
            letter,
            [
                Actor("carrier", .claim(), .begin(), .settle(.retry)), Actor("operator", .suppress),
                Actor("sweeper", .pass(lease), .sweep),
            ],
            after: goesOn,
            [Contender("the operator") { $0.first == "dead(cancelled)" && !$0.wentOut("last") }]
        )
        return stopped + [suppressed]
    }

    static var budgetAgainstCancel: [Heat] {
        let contenders = [
            Contender("the operator") { $0.wasCancelled() && $0.first == "dead(cancelled)" },
            Contender("the carrier") { !$0.wasCancelled() && $0.first == "accepted" },
        ]
        let dear = Heat(
            "too dear",
            sms,
            budget: 3,
            [
                Actor("carrier", .claim(), .begin(5), .claim(), .begin(3), .settle(.accepted)),
                Actor("operator", .cancel()), Actor("sweeper", .sweep),
            ],
            contenders
        )
        let lowered = Heat(
            "a budget that is lowered and raised",
            sms,
            [
                Actor("carrier", .claim(), .begin(), .settle(.accepted)), Actor("operator", .cancel()),
                Actor("owner", .limit(0), .limit(100)),
            ],
            after: goesOn,
            [
                Contender("the operator") { $0.wasCancelled() && !$0.wentOut("carrier") && !$0.wentOut("last") },
                Contender("the carrier") { !$0.wasCancelled() && $0.wentOut("carrier") && !$0.wentOut("last") },
            ]
        )
        let alone = Heat(
            "a budget that is lowered and raised, and nobody cancels",
            sms,
            [
                Actor("carrier", .claim(), .begin(), .settle(.accepted)), Actor("owner", .limit(0), .limit(100)),
                Actor("sweeper", .sweep),
            ],
            after: goesOn,
            [
                Contender("the carrier") { $0.wentOut("carrier") && !$0.wentOut("last") },
                Contender("the owner") { !$0.wentOut("carrier") && $0.wentOut("last") },
            ]
        )
        let both = sms.with { letter in
            letter.legs.append(Letter.Leg(person: "carol", channel: .sms))
        }
        let shared = Heat(
            "the last cents",
            both,
            budget: 3,
            [
                Actor("one", .claim(), .begin(2), .settle(.accepted)),
                Actor("other", .claim(), .begin(2), .settle(.accepted)), Actor("operator", .cancel()),
            ],
            [
                Contender("one") { $0.wentOut("one") && !$0.wentOut("other") },
                Contender("other") { $0.wentOut("other") && !$0.wentOut("one") },
            ]
        )
        return [dear, lowered, alone, shared]
    }

    static var replayAgainstCancel: [Heat] {
        let made = Answer.replayed(made: 1, skipped: [:])
        let old = Heat(
            "of what is cancelled",
            sms,
            [
                Actor("operator", .cancel()), replayer(), Actor("carrier", .claim(), .begin(), .settle(.refused)),
            ],
            [
                Contender("the replay") { $0.was("replayer", made) && $0.glance.deliveries.count == 2 },
                Contender("the first") { !$0.was("replayer", made) && $0.glance.deliveries.count == 1 },
            ]
        )
        let failed = [
            Cue("first", .claim()), Cue("first", .begin()), Cue("first", .settle(.refused)),
        ]
        let fresh = Heat(
            "of what is replayed",
            sms,
            before: failed + [Cue("time", .pass(1))],
            [
                replayer(), Actor("operator", .cancel(newest: true)), Actor("second", .claim(), .begin()),
            ],
            [
                Contender("the operator") {
                    $0.wasCancelled() && $0.last == "dead(cancelled)" && !$0.wentOut("second")
                },
                Contender("the carrier") { !$0.wasCancelled() && $0.wentOut("second") },
                Contender("nobody") { !$0.wasCancelled() && !$0.wentOut("second") && $0.was("replayer", made) },
            ]
        )
        // The clock may be set back since it failed, and all may happen within one millisecond.
        let twice = [Move.pass(1), .pass(0), .setWall(-10)].map { move in
            Heat(
                "twice, \(move)",
                sms,
                before: failed + [Cue("time", move)],
                [replayer("one"), replayer("other")],
                [
                    Contender("one") { $0.was("one", made) && !$0.was("other", made) },
                    Contender("other") { $0.was("other", made) && !$0.was("one", made) },
                ]
            )
        }
        return [old, fresh] + twice
    }

    static var deadlineAgainstBegin: [Heat] {
        // A code of one minute at the least: three seconds are left to send it in.
        let brief = sms.with { $0.life = .seconds(63) }
        let carrier = Contender("the carrier") { end in
            !end.wasCancelled() && end.wentOut("carrier") && end.first != "dead(expired)"
        }
        let time = Contender("time") { !$0.wasCancelled() && $0.first == "dead(expired)" }
        let operated = Contender("the operator") { $0.wasCancelled() && $0.first == "dead(cancelled)" }
        let clock = Actor("time", .pass(2999), .pass(1))
        return Outcome.allCases.map { outcome in
            // What comes back is too late for another attempt.
            let contenders = [.accepted, .refused, .unknown].contains(outcome) ? [carrier, time] : [time]
            let isAlone = outcome != .retry
            let actors = [
                Actor("carrier", .claim(), .begin(), .settle(outcome)), isAlone ? clock : Actor("time", .pass(3000)),
                Actor("sweeper", .sweep),
            ]
            return Heat(
                "deadline, \(outcome.name)",
                brief,
                actors + (isAlone ? [] : [Actor("operator", .cancel())]),
                // What nobody claims is buried by the next look.
                after: [Cue("sweeper", .sweep)],
                contenders + (isAlone ? [] : [operated]),
                isLong: [.refused, .throttled, .unknown].contains(outcome)
            )
        }
    }

    static var deathOfTheServer: [Heat] {
        let plain = Heat(
            "carrier, cancel, verify",
            sms,
            [
                Actor("power", .kill), Actor("carrier", .claim(), .begin(), .settle(.accepted)),
                Actor("operator", .cancel()), Actor("person", .verify("1")),
            ],
            [
                Contender("the operator") { $0.wasCancelled() && $0.first == "dead(cancelled)" && $0.isVerified },
                Contender("the person") { !$0.wasCancelled() && $0.first == "dead(answered)" && $0.isVerified },
                Contender("the carrier") { !$0.wasCancelled() && $0.first == "accepted" && $0.isVerified },
            ]
        )
        let made = Answer.replayed(made: 1, skipped: [:])
        let replayed = Heat(
            "replay, verify",
            sms,
            before: [Move.claim(), .begin(), .settle(.refused), .pass(1)].map { Cue("first", $0) },
            [Actor("power", .kill), replayer(), Actor("person", .verify("1"))],
            [
                Contender("the person") { !$0.was("replayer", made) && $0.last == "dead(refused)" },
                Contender("the replay") { $0.was("replayer", made) && $0.last == "dead(answered)" },
            ]
        )
        return [plain, replayed]
    }
}
