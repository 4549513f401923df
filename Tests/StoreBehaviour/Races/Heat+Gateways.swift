import Deliveries
import TestSupport

// What gateways report against what carriers report, and against what is decided without either.
extension Heat {
    private static let begun = [Cue("carrier", .claim()), Cue("carrier", .begin())]

    static var receiptAgainstPolicy: [Heat] {
        let rows: [(states: [ReceiptState], end: String)] = [
            ([.delivered], "delivered"), ([.undelivered, .delivered], "delivered"),
            ([.delivered, .undelivered], "delivered"), ([.accepted, .undelivered], "undelivered"),
        ]
        // Its lease is over before: what comes until the first look is as good as in time.
        let sweeper = Actor("sweeper", .sweep, .pass(wait), .sweep)
        var heats: [Heat] = []
        for outcome in Outcome.allCases {
            for (states, end) in rows {
                var contenders = [Contender("the receipt") { $0.first == end }]
                // Of what the carrier knows first receipts change nothing.
                if outcome.isSurelyUnsent {
                    let ends = [outcome == .refused ? "dead(refused)" : "ready", "dead(gave_up)"]
                    contenders.append(Contender("the report") { ends.contains($0.first) && $0.outcomes == [outcome] })
                }
                var gateway = Actor("gateway")
                gateway.moves = states.map { .receive($0, of: "carrier", bill: 2) }
                heats.append(
                    Heat(
                        "\(states.map(\.name).joined(separator: " and ")), \(outcome.name)",
                        sms,
                        before: begun + [Cue("time", .pass(lease))],
                        [
                            Actor("carrier", .settle(outcome, bill: 3)), gateway,
                            sweeper,
                        ],
                        contenders.map { contender in
                            Contender(contender.name) { finish in
                                // What the gateway says that it bills counts, whoever came first.
                                contender.hasWon(finish) && finish.glance.deliveries[0].price == "0.02 USD"
                            }
                        },
                        isLong: outcome != .accepted && states.count > 1
                    )
                )
            }
        }
        return heats + [onItsWay, sentAgain]
    }

    /// That a gateway has it says nothing any more once it has been given up.
    private static var onItsWay: Heat {
        Heat(
            "accepted",
            sms,
            before: begun,
            [
                Actor("gateway", .receive(.accepted, of: "carrier")),
                Actor("sweeper", .pass(lease), .sweep, .pass(wait), .sweep),
            ],
            [
                Contender("the receipt") { $0.was("gateway", .received("applied")) && $0.first == "accepted" },
                Contender("the policy") { $0.was("gateway", .received("known")) && $0.first == "dead(gave_up)" },
            ]
        )
    }

    private static var sentAgain: Heat {
        Heat(
            "delivered, sent again",
            sms,
            sendsAgain: true,
            before: begun + [Cue("time", .pass(lease))],
            [
                Actor("gateway", .receive(.delivered, of: "carrier")),
                Actor("sweeper", .sweep, .pass(wait), .sweep),
                Actor("second", .claim(), .begin()),
            ],
            [
                Contender("the receipt") { end in
                    end.was("gateway", .received("applied")) && end.first == "delivered" && !end.wentOut("second")
                },
                Contender("the policy") { end in
                    end.was("gateway", .received("recorded"))
                        && ["ready", "leased", "sending"].contains(end.first)
                },
            ]
        )
    }

    static var replayAgainstReceipt: [Heat] {
        let made = Answer.replayed(made: 1, skipped: [:])
        func contenders(_ state: String) -> [Contender] {
            [
                Contender("the receipt") { end in
                    end.first == state && !end.was("replayer", made) && end.glance.deliveries.count == 1
                },
                Contender("the replay") { $0.first == state && $0.was("replayer", made) },
            ]
        }
        let undelivered = Heat(
            "undelivered",
            sms,
            before: begun + [
                Cue("carrier", .settle(.accepted)), Cue("gateway", .receive(.undelivered, of: "carrier")),
                Cue("time", .pass(1)),
            ],
            [
                Actor("gateway", .receive(.delivered, of: "carrier")), replayer(),
                Actor("second", .claim(), .begin()),
            ],
            contenders("delivered")
        )
        let sweeps = [Move.pass(lease), .sweep, .pass(wait), .sweep].map { Cue("sweeper", $0) }
        let givenUp = Heat(
            "given up",
            sms,
            before: begun + sweeps,
            [
                Actor("gateway", .receive(.undelivered, of: "carrier"), .receive(.delivered, of: "carrier")),
                Actor("carrier", .settle(.accepted)), replayer(),
            ],
            contenders("delivered")
        )
        return [undelivered, givenUp]
    }
}
