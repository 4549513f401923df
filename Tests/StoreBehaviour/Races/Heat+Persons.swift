import AuthEvents
import Deliveries
import TestSupport

// Persons with codes against carriers and replays, and applications that send again.
extension Heat {
    /// Sends one that the gateway refuses.
    private static let refused = [
        Cue("first", .claim()), Cue("first", .begin()), Cue("first", .settle(.refused)), Cue("time", .pass(1)),
    ]

    static func replayer(_ name: String = "replayer") -> Actor { Actor(name, .beginReplay, .readFailed, .sendReplay) }

    private static let made = Answer.replayed(made: 1, skipped: [:])

    static var verifyAgainstReplay: [Heat] {
        let used = Answer.replayed(made: 0, skipped: ["verified": 1])
        let known = Heat(
            "verify, replay, carrier",
            sms,
            before: refused,
            [Actor("person", .verify("1")), replayer(), Actor("second", .claim(), .begin())],
            [
                Contender("the person") { end in
                    end.isVerified && end.was("replayer", used) && end.last == "dead(refused)" && !end.wentOut("second")
                },
                Contender("the replay") { end in
                    end.isVerified && end.was("replayer", made)
                        && end.last == (end.wentOut("second") ? "sending" : "dead(answered)")
                },
            ]
        )
        let two = Heat(
            "verify, two replays",
            sms,
            before: refused,
            [Actor("person", .verify("1")), replayer("one"), replayer("other")],
            [
                Contender("the person") { $0.was("one", used) && $0.was("other", used) },
                Contender("one") { $0.was("one", made) && !$0.was("other", made) && $0.last == "dead(answered)" },
                Contender("other") { $0.was("other", made) && !$0.was("one", made) && $0.last == "dead(answered)" },
            ]
        )
        let last = Heat(
            "the last try, replay, carrier",
            sms.with { $0.tries = 1 },
            before: refused,
            [Actor("person", .verify("wrong")), replayer(), Actor("second", .claim(), .begin())],
            [
                Contender("the person") { $0.was("replayer", .replayed(made: 0, skipped: ["limited": 1])) },
                Contender("the replay") { end in
                    end.was("replayer", made)
                        && end.last == (end.wentOut("second") ? "sending" : "dead(cancelled)")
                },
            ]
        )
        let expired = Heat(
            "an expired code, replay",
            sms.with { $0.life = .seconds(600) },
            before: refused + [Cue("time", .pass(600_000))],
            [Actor("person", .verify("2"), .verify("2")), replayer()],
            [
                Contender("the person") { !$0.isVerified && $0.was("replayer", made) && $0.last == "ready" },
                Contender("the replay") { $0.isVerified && $0.was("replayer", made) && $0.last == "dead(answered)" },
            ]
        )
        return [known, two, last, expired]
    }

    static var verifyAgainstCarrier: [Heat] {
        func carrier(_ outcome: Outcome) -> Actor { Actor("carrier", .claim(), .begin(), .settle(outcome)) }
        let plain = Outcome.allCases.map { outcome in
            Heat(
                "verify, \(outcome.name)",
                sms,
                [carrier(outcome), Actor("person", .verify("1"), .verify("1"))],
                [
                    Contender("the person") { $0.first == "dead(answered)" && !$0.wentOut("carrier") },
                    Contender("the carrier") { $0.isVerified && $0.wentOut("carrier") },
                ]
            )
        }
        let swept = [Outcome.retry, .unknown, .accepted].map { outcome in
            Heat(
                "verify, sweep, \(outcome.name)",
                sms,
                [carrier(outcome), Actor("person", .verify("1")), Actor("sweeper", .pass(lease), .sweep)],
                [
                    Contender("the person") { $0.first == "dead(answered)" },
                    Contender("the carrier") { ["accepted", "unknown"].contains($0.first) },
                ],
                isLong: outcome != .unknown
            )
        }.map { heat in
            var heat = heat
            // After a retry the person always has the last word.
            if heat.name.hasSuffix("retry") { heat.contenders.removeLast() }
            return heat
        }
        let verified = Answer.verified("verified")
        let two = Heat(
            "two persons",
            sms,
            [carrier(.accepted), Actor("one", .verify("1")), Actor("other", .verify("1"))],
            [
                Contender("one") { $0.was("one", verified) && $0.was("other", .verified("used")) },
                Contender("other") { $0.was("other", verified) && $0.was("one", .verified("used")) },
            ]
        )
        let last = Heat(
            "the last try",
            sms.with { $0.tries = 1 },
            [carrier(.retry), Actor("person", .verify("1")), Actor("stranger", .verify("wrong"))],
            [
                Contender("the person") { $0.was("person", verified) && $0.first == "dead(answered)" },
                Contender("the stranger") { $0.was("person", .verified("locked")) && $0.first == "dead(cancelled)" },
            ]
        )
        return plain + swept + [two, last, group]
    }

    private static var group: Heat {
        let both = sms.with { letter in
            letter.legs.append(Letter.Leg(person: "bobby at home", channel: .email))
            letter.isGroup = true
        }
        return Heat(
            "both of a group",
            both,
            [
                Actor("one", .claim(), .begin()), Actor("other", .claim(), .begin()), Actor("person", .verify("1")),
            ],
            [
                Contender("the person") { end in
                    !end.wentOut("one") && !end.wentOut("other")
                        && end.glance.deliveries.allSatisfy { $0.place == "dead(answered)" }
                },
                Contender("a carrier") { end in
                    end.isVerified && (end.wentOut("one") || end.wentOut("other"))
                        && end.glance.deliveries.contains { $0.place == "sending" }
                },
            ]
        )
    }

    static var resendAgainstCarrier: [Heat] {
        let contenders = [
            Contender("the application") { $0.first == "dead(superseded)" && $0.last != $0.first },
            Contender("the carrier") { end in
                end.last != "dead(superseded)"
                    && end.glance.deliveries.first.map { !$0.isUnsent && $0.reason != .superseded } ?? false
            },
        ]
        let application = Actor("application", .resend)
        let inOrder = Outcome.allCases.map { outcome in
            Heat(
                outcome.name,
                mail,
                before: [Cue("time", .pass(1))],
                [
                    Actor("carrier", .claim(), .begin(), .settle(outcome)), application,
                    Actor("second", .claim(), .begin(), .settle(.accepted)),
                ],
                contenders,
                isLong: outcome != .retry
            )
        }
        // The clock may be set back between the two, and both may come within one millisecond.
        let outOfOrder = [Move.setWall(-10), .pass(0)].map { move in
            Heat(
                "\(move)",
                mail,
                before: [Cue("carrier", .claim()), Cue("carrier", .begin()), Cue("time", move)],
                [
                    Actor("carrier", .settle(.retry)), application,
                    Actor("second", .claim(), .begin(), .settle(.retry)),
                ],
                [contenders[0]]
            )
        }
        let lost = Heat(
            "lost",
            mail,
            before: [Cue("carrier", .claim()), Cue("carrier", .begin()), Cue("time", .setWall(-10))],
            [
                application, Actor("second", .claim(), .begin()),
                Actor("sweeper", .pass(mailLease), .sweep, .sweep),
            ],
            contenders
        )
        return inOrder + outOfOrder + [lost]
    }
}
