import AuthEvents
import Clocks
import Deliveries
import Testing

@Suite("What is done about an unknown outcome")
struct UnknownPolicyTests {
    @Test(
        "is what the contract says, where the settings say nothing",
        arguments: [
            (Channel.email, Purpose.signUp, [UnknownPolicy.Step.awaitReceipt], UnknownPolicy.End.sendAgain),
            (.email, .recovery, [.awaitReceipt], .sendAgain), (.email, .mfa, [.awaitReceipt], .sendAgain),
            (.email, .attributeChange, [.awaitReceipt], .sendAgain), (.email, .invitation, [.awaitReceipt], .sendAgain),
            (.email, .notice, [], .giveUp), (.sms, .signUp, [.awaitReceipt], .giveUp),
            (.sms, .recovery, [.awaitReceipt], .giveUp), (.sms, .mfa, [.awaitReceipt], .giveUp),
            (.sms, .attributeChange, [.awaitReceipt], .giveUp), (.sms, .invitation, [.awaitReceipt], .giveUp),
            (.sms, .notice, [], .giveUp),
        ]
    )
    func standard(channel: Channel, purpose: Purpose, steps: [UnknownPolicy.Step], end: UnknownPolicy.End) {
        let gateway = GatewayTerms(name: "g", channel: channel, kind: "k", timeout: .seconds(10))
        #expect(gateway.unknownPolicy(for: purpose) == UnknownPolicy(steps: steps, end: end))
        var own = gateway
        own.unknown[.recovery] = UnknownPolicy(steps: [.askGateway], end: .giveUp)
        let expected = purpose == .recovery ? own.unknown[.recovery] : gateway.unknownPolicy(for: purpose)
        #expect(own.unknownPolicy(for: purpose) == expected)
    }

    @Test(
        "is read from words, in their order",
        arguments: [
            (["give_up"], UnknownPolicy(end: .giveUp)), (["send_again"], UnknownPolicy(end: .sendAgain)),
            (["await_receipt", "send_again"], UnknownPolicy(steps: [.awaitReceipt], end: .sendAgain)),
            (["ask_gateway", "give_up"], UnknownPolicy(steps: [.askGateway], end: .giveUp)),
            (
                ["await_receipt", "ask_gateway", "give_up"],
                UnknownPolicy(steps: [.awaitReceipt, .askGateway], end: .giveUp)
            ),
            (
                ["ask_gateway", "await_receipt", "send_again"],
                UnknownPolicy(steps: [.askGateway, .awaitReceipt], end: .sendAgain)
            ),
        ]
    )
    func words(words: [String], policy: UnknownPolicy) throws {
        #expect(try UnknownPolicy(words: words) == policy)
    }

    @Test(
        "is refused where it makes no sense, with what is wrong",
        arguments: [
            ([], UnknownPolicy.Fault.noEnd), (["await_receipt"], .noEnd), (["ask_gateway", "await_receipt"], .noEnd),
            (["send_again", "give_up"], .behindEnd("send_again")), (["give_up", "send_again"], .behindEnd("give_up")),
            (["give_up", "give_up"], .behindEnd("give_up")), (["give_up", "ask_gateway"], .behindEnd("give_up")),
            (["await_receipt", "await_receipt", "give_up"], .repeated("await_receipt")),
            (["ask_gateway", "await_receipt", "ask_gateway", "give_up"], .repeated("ask_gateway")),
            (["wait", "give_up"], .unknownWord), (["Give_up"], .unknownWord), ([""], .unknownWord),
        ]
    )
    func nonsense(words: [String], fault: UnknownPolicy.Fault) {
        #expect(throws: fault) { try UnknownPolicy(words: words) }
        #expect(!fault.reason.isEmpty)
    }
}

@Suite("The course of an unknown outcome")
struct UnknownCourseTests {
    private static let start = Instant(milliseconds: 1_000_000)

    private static func at(_ seconds: Int64) -> Instant { start + .seconds(seconds) }

    /// Asks after 10, 20, 40, 60, 60 s, five times, for an hour; a receipt is waited for so many seconds.
    private static func gateway(wait seconds: Int64 = 120) -> GatewayTerms {
        var terms = GatewayTerms(
            name: "g",
            channel: .sms,
            kind: "http",
            timeout: .seconds(10),
            receiptWait: .seconds(seconds)
        )
        terms.asking = AskingTerms(pause: Backoff(initial: .seconds(10), ceiling: .seconds(60)))
        return terms
    }

    private static let awaits = UnknownPolicy(steps: [.awaitReceipt], end: .giveUp)
    private static let asks = UnknownPolicy(steps: [.askGateway], end: .sendAgain)
    private static let both = UnknownPolicy(steps: [.awaitReceipt, .askGateway], end: .giveUp)
    private static let reversed = UnknownPolicy(steps: [.askGateway, .awaitReceipt], end: .giveUp)
    private static let none = UnknownPolicy(end: .sendAgain)

    @Test(
        "begins when the lease of the attempt is over, with the first step that there is",
        arguments: [
            (awaits, 120, UnknownMove.wait(until: at(120))), (awaits, 0, .wait(until: at(0))),
            (asks, 120, .ask(at: at(10), ends: at(3600))), (both, 120, .wait(until: at(120))),
            (both, 0, .ask(at: at(10), ends: at(3600))), (reversed, 120, .ask(at: at(10), ends: at(3600))),
            (none, 120, .wait(until: at(0))),
        ] as [(UnknownPolicy, Int64, UnknownMove)]
    )
    func first(policy: UnknownPolicy, wait: Int64, move: UnknownMove) {
        #expect(policy.first(from: Self.start, at: Self.gateway(wait: wait)) == move)
    }

    @Test(
        "goes on when a wait is over",
        arguments: [
            (awaits, UnknownMove.end(.giveUp)), (none, .end(.sendAgain)), (both, .ask(at: at(10), ends: at(3600))),
            (reversed, .end(.giveUp)), (asks, .ask(at: at(10), ends: at(3600))),
        ]
    )
    func afterWaiting(policy: UnknownPolicy, move: UnknownMove) {
        #expect(policy.next(after: .waiting, now: Self.start, at: Self.gateway()) == move)
    }

    @Test(
        "asks after longer and longer pauses while questions and time are left",
        arguments: [
            (asks, 0, 3600, nil, UnknownMove.ask(at: at(10), ends: at(3600))),
            (asks, 1, 3600, nil, .ask(at: at(20), ends: at(3600))),
            (asks, 2, 3600, nil, .ask(at: at(40), ends: at(3600))),
            (asks, 3, 3600, nil, .ask(at: at(60), ends: at(3600))),
            (asks, 4, 3600, nil, .ask(at: at(60), ends: at(3600))),
            (asks, 5, 3600, nil, .end(.sendAgain)), (asks, 9, 3600, nil, .end(.sendAgain)),
            (asks, 1, 20, nil, .end(.sendAgain)), (asks, 1, 21, nil, .ask(at: at(20), ends: at(21))),
            (asks, 0, 0, nil, .end(.sendAgain)), (asks, 0, -5, nil, .end(.sendAgain)),
            (asks, 1, 3600, 5, .ask(at: at(20), ends: at(3600))), (asks, 1, 3600, 90, .ask(at: at(90), ends: at(3600))),
            (asks, 1, 3600, 3600, .end(.sendAgain)),
            (both, 5, 3600, nil, .end(.giveUp)), (reversed, 5, 3600, nil, .wait(until: at(120))),
            // The settings have changed: nobody is asked any more.
            (awaits, 1, 3600, nil, .end(.giveUp)), (none, 0, 3600, nil, .end(.sendAgain)),
        ] as [(UnknownPolicy, Int64, Int64, Int64?, UnknownMove)]
    )
    func afterAsking(policy: UnknownPolicy, asked: Int64, ends: Int64, pause: Int64?, move: UnknownMove) {
        let standing = UnknownStanding.asking(asked: asked, ends: Self.at(ends))
        let pause = pause.map { Duration.seconds($0) }
        #expect(policy.next(after: standing, now: Self.start, at: Self.gateway(), pause: pause) == move)
    }

    @Test(
        "shows the word behind a step, but for waits that are none",
        arguments: [
            (awaits, UnknownPolicy.Step.awaitReceipt, 120, "give_up"), (both, .awaitReceipt, 120, "ask_gateway"),
            (both, .askGateway, 120, "give_up"), (reversed, .askGateway, 120, "await_receipt"),
            (reversed, .askGateway, 0, "give_up"), (reversed, .awaitReceipt, 120, "give_up"),
            (none, .awaitReceipt, 120, "send_again"), (asks, .askGateway, 120, "send_again"),
            (none, .askGateway, 120, "send_again"),
        ] as [(UnknownPolicy, UnknownPolicy.Step, Int64, String)]
    )
    func wordBehind(policy: UnknownPolicy, step: UnknownPolicy.Step, wait: Int64, word: String) {
        #expect(policy.word(behind: step, at: Self.gateway(wait: wait)) == word)
    }

    @Test("at a gateway that the settings no longer have waits for no receipt")
    func goneGateway() {
        #expect(Self.awaits.first(from: Self.start, at: nil) == .wait(until: Self.start))
        #expect(Self.awaits.next(after: .waiting, now: Self.start, at: nil) == .end(.giveUp))
    }
}
