import AuthEvents
import Clocks
import Deliveries
import JSON
import Limits
import Spend
import Store
import TestSupport
import Testing

@testable import API

@Suite("A story")
struct StoryTests {
    private static let start = Instant(milliseconds: 1_795_255_200_000)

    private static func after(_ seconds: Int64) -> Instant { start + .seconds(seconds) }

    /// A delivery that nothing has happened to.
    private static func chronicle(
        _ state: DeliveryState = .ready,
        _ reason: Reason? = nil,
        _ change: (inout Chronicle) -> Void = { _ in }
    ) -> Chronicle {
        var dice = SeededGenerator(seed: 7)
        let report = DeliveryReport(
            id: DeliveryID(at: start, using: &dice),
            event: EventID(at: start, using: &dice),
            eventName: "one",
            challenge: nil,
            purpose: .mfa,
            channel: .sms,
            tenant: .default,
            sealed: SealedBytes(key: "seal-1", bytes: []),
            locale: nil,
            state: state,
            reason: reason,
            gateway: "main",
            attempts: [],
            createdAt: start,
            sendBefore: after(240),
            expiresAt: after(270)
        )
        var chronicle = Chronicle(report: report, receivedAt: start, code: 0)
        change(&chronicle)
        return chronicle
    }

    private static func sentences(_ chronicle: Chronicle) -> [String] {
        (Story(of: chronicle).json.array ?? []).compactMap { $0["what"]?.string }
    }

    private static func note(
        _ from: DeliveryState,
        _ to: DeliveryState,
        _ change: (inout DeliveryNote) -> Void
    ) -> DeliveryNote {
        var note = DeliveryNote(at: after(10), from: from, to: to)
        note.gateway = "main"
        change(&note)
        return note
    }

    struct Told: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var note: DeliveryNote

        init(_ sentence: String, _ from: DeliveryState, _ to: DeliveryState, _ change: (inout DeliveryNote) -> Void) {
            (testDescription, note) = (sentence, StoryTests.note(from, to, change))
        }
    }

    static let changes = [
        Told("It was parked: a hold on its number's prefix until 2026-11-21T11:00:00.000Z.", .ready, .parked) { note in
            note.reason = .held
            note.stop = DeliveryNote.Stop(scope: .prefix, reason: "pumping", until: after(3600))
        },
        Told("It was parked: every gateway of its route is held.", .ready, .parked) { $0.reason = .held },
        Told("It was parked: the channel sms is paused.", .ready, .parked) { $0.reason = .paused },
        Told("It was parked: no gateway of its route can be reached.", .sending, .parked) { $0.reason = .gatewayDown },
        Told("It is ready again, at the gateway main.", .parked, .ready) { _ in },
        Told("It is ready again, at the gateway main, to try whether that is back.", .parked, .ready) { note in
            note.isTrial = true
        },
        Told("It waits at the gateway main: other cannot be reached.", .ready, .ready) { note in
            (note.formerGateway, note.obstacle) = ("other", .down)
        },
        Told("It is ready again, at the gateway main, and no longer at other.", .parked, .ready) { note in
            note.formerGateway = "other"
        },
        Told("The carrier gave it back, not handed over, not before 2026-11-21T10:00:30.000Z.", .leased, .ready) {
            note in
            note.due = after(30)
        },
        Told("It is to be sent again, by the gateway main, not before 2026-11-21T10:00:14.000Z.", .sending, .ready) {
            note in
            note.due = after(14)
        },
        Told(
            "Nobody knows whether the gateway took it; a report or a receipt is waited for until "
                + "2026-11-21T10:02:00.000Z, then it is given up.",
            .sending,
            .unknown
        ) { note in (note.due, note.sequel) = (after(120), "give_up") },
        Told(
            "The carrier did not report before its lease was over: nobody knows whether the gateway took it; a report "
                + "or a receipt is waited for until 2026-11-21T10:02:00.000Z, then it is sent again.",
            .sending,
            .unknown
        ) { note in (note.due, note.sequel, note.cause) = (after(120), "send_again", .silence) },
        Told(
            "Nobody knows whether the gateway took it; the gateway is asked at 2026-11-21T10:00:25.000Z, then a receipt is "
                + "waited for.",
            .sending,
            .unknown
        ) { note in (note.due, note.step, note.sequel) = (after(25), .askGateway, "await_receipt") },
        Told(
            "Nobody knows yet whether the gateway took it; a report or a receipt is waited for until "
                + "2026-11-21T10:02:00.000Z, then the gateway is asked.",
            .unknown,
            .unknown
        ) { note in (note.due, note.step, note.sequel) = (after(120), .awaitReceipt, "ask_gateway") },
        Told("The gateway main was asked what became of it, and has taken it.", .unknown, .unknown) { note in
            note.answer = .accepted
        },
        Told("The gateway main was asked what became of it, and never got it.", .unknown, .unknown) { note in
            note.answer = .retry
        },
        Told("The gateway main was asked what became of it, and cannot say.", .unknown, .unknown) { note in
            note.answer = .unknown
        },
        Told("The database was restored from a copy: nothing of before goes on.", .ready, .dead) { note in
            note.cause = .restored
        },
        Told("Somebody cancelled it.", .ready, .dead) { $0.cause = .byHand },
        Told("Its challenge has no tries left.", .ready, .dead) { $0.cause = .locked },
        Told("Its recipient was suppressed.", .parked, .dead) { $0.cause = .suppressed },
    ]

    @Test("tells each change in a sentence", arguments: changes)
    func tells(change: Told) {
        let sentences = StoryTests.sentences(StoryTests.chronicle { $0.notes = [change.note] })
        #expect(sentences.contains(change.testDescription), "\(sentences)")
    }

    @Test("tells the budget that parked it, with what was used of it")
    func budget() throws {
        let usd = try #require(Currency("USD"))
        let note = StoryTests.note(.leased, .parked) { note in
            note.reason = .overBudget
            note.budget = BudgetJudgement(
                name: "month",
                scope: .tenant,
                period: .month,
                limit: Money(micros: 50_000_000, currency: usd),
                reserved: 1_000_000,
                committed: 48_990_000,
                amount: Money(micros: 41_500, currency: usd),
                resetsAt: StoryTests.after(864_000)
            )
        }
        let story = Story(of: StoryTests.chronicle { $0.notes = [note] }).json.array ?? []
        let parked = try #require(story.first { $0["step"] == "parked" })
        let sentence = "It was parked: of the budget month (the tenant's, by month) 49.99 of 50.00 USD were used, "
        #expect(parked["what"] == .string(sentence + "and it takes 0.0415."))
        #expect((parked["used"], parked["limit"], parked["amount"]) == ("49.99", "50.00", "0.0415"))
        #expect((parked["reserved"], parked["committed"]) == ("1.00", "48.99"))
    }

    @Test("says how often a carrier died with it, and who had claimed it when")
    func deaths() {
        let note = StoryTests.note(.leased, .ready) { note in
            (note.carrier, note.claimedAt, note.deaths) = ("sms-2", StoryTests.after(5), 2)
        }
        let sentences = StoryTests.sentences(StoryTests.chronicle { $0.notes = [note] })
        #expect(
            Array(sentences.suffix(3)) == [
                "The carrier sms-2 claimed it.",
                "The carrier sms-2 did not begin it before its lease was over, or ended, as 1 before it.",
                "It waits at the gateway main.",
            ]
        )
    }

    @Test("is in order of time, and of one millisecond in the order in which things happen")
    func order() {
        let chronicle = StoryTests.chronicle(.delivered) { chronicle in
            chronicle.receipts = [.init(at: StoryTests.after(9), attempt: 1, state: .delivered, code: nil)]
            chronicle.attempts = [
                .init(
                    number: 1,
                    claimedAt: StoryTests.after(2),
                    carrier: "sms-1",
                    at: StoryTests.after(2),
                    gateway: "main",
                    outcome: .accepted,
                    settledAt: StoryTests.after(2),
                    isLate: false,
                    code: nil,
                    detail: nil,
                    gatewayReference: "SM1"
                )
            ]
        }
        let story = Story(of: chronicle).json.array ?? []
        #expect(story.map { $0["step"] } == ["event", "claimed", "begun", "reported", "receipt"])
        let times = story.compactMap { $0["at"]?.string }
        #expect(times == times.sorted() && times.count == 5)
    }

    @Test("says that changes were left out, where they were")
    func gap() throws {
        let chronicle = StoryTests.chronicle { chronicle in
            chronicle.notes = (Int64(1)...4).map { second in
                var note = StoryTests.note(.ready, .parked) { $0.reason = .paused }
                note.at = StoryTests.after(second)
                return note
            }
            chronicle.lostNotes = 1
        }
        let story = Story(of: chronicle).json.array ?? []
        let gap = try #require(story.firstIndex { $0["step"] == "gap" })
        #expect(story[gap]["what"] == "Left out before this: 1 change.")
        #expect(story[gap]["left_out"] == 1 && story[gap]["at"] == .string("\(StoryTests.after(3))"))
    }

    @Test("of what was ended by an older version is dated by the last thing that is known", arguments: Reason.allCases)
    func undated(reason: Reason) throws {
        let story = Story(of: StoryTests.chronicle(.dead, reason)).json.array ?? []
        let last = try #require(story.last)
        #expect((last["step"], last["reason"]) == ("ended", .string(reason.name)))
        #expect(last["at"] == .string("\(StoryTests.start)"))
    }

    @Test(
        "of a refused event repeats no name that the event made up",
        arguments: [
            ("/data/Bobby", "this member is not known here; leave it out", "/data/*"),
            ("/data/template_data/Bobby", "Bobby must be a string; leave it out otherwise", "/data/template_data/*"),
            ("/data/template_data/+12015550123", "a name must have 1 to 64 bytes", "/data/template_data/*"),
            ("/bobby", "bobby must be a string", "/*"),
            ("/data/email", "email must have exactly one @", "/data/email"),
            ("/data/channels/0", "a channel must be \"email\" or \"sms\"", "/data/channels/0"),
        ]
    )
    func masks(pointer: String, reason: String, shown: String) throws {
        let members: JSONObject = ["pointer": .string(pointer), "reason": .string(reason)]
        let problem = Problem(.invalidEvent, reason, members)
        let json = Story(of: problem, .signUp, tenant: .default, nil, at: StoryTests.start).json
        let fault = try #require(json.array?.first { $0["step"] == "fault" })
        #expect(fault["pointer"] == .string(shown))
        let text = String(decoding: json.serialized(), as: UTF8.self)
        #expect(!text.lowercased().contains("bobby") && !text.contains("5550123"))
    }
}
