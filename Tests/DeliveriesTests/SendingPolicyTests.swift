import AuthEvents
import Clocks
import Deliveries
import Testing

@Suite("How a channel sends")
struct SendingPolicyTests {
    @Test(
        "is what the contract says",
        arguments: [
            (Channel.email, Purpose.signUp, 12, 1800), (.email, .recovery, 12, 1800), (.email, .notice, 12, 1800),
            (.sms, .signUp, 6, 60), (.sms, .mfa, 6, 60), (.sms, .notice, 6, 60),
        ]
    )
    func standard(channel: Channel, purpose: Purpose, attempts: Int64, ceiling: Int) {
        let expected = SendingPolicy(
            attempts: attempts,
            backoff: Backoff(initial: .seconds(2), ceiling: .seconds(ceiling))
        )
        #expect(SendingPolicy.standard(for: channel, purpose: purpose) == expected)
    }

    @Test(
        "sends again at the end of an unknown outcome's course while an attempt is left and there is time, where it may",
        arguments: [
            (UnknownPolicy.End.sendAgain, 1, 5000, true), (.sendAgain, 11, 5000, true),
            (.sendAgain, 12, 5000, false), (.sendAgain, 1, 1001, true), (.sendAgain, 1, 1000, false),
            (.sendAgain, 1, 0, false), (.giveUp, 1, 5000, false),
        ] as [(UnknownPolicy.End, Int64, Int64, Bool)]
    )
    func end(end: UnknownPolicy.End, counted: Int64, sendBefore: Int64, sendsAgain: Bool) {
        let policy = SendingPolicy(attempts: 12, backoff: Backoff(ceiling: .seconds(1800)))
        let now = Instant(milliseconds: 1000)
        let deadline = Instant(milliseconds: sendBefore)
        let sequel = policy.sequel(to: end, counted: counted, sendBefore: deadline, now: now)
        #expect(sequel == (sendsAgain ? .again(due: now) : .dead(.gaveUp)))
    }

    @Test(
        "counts what the gateway decided or may have taken",
        arguments: [
            (Outcome.accepted, nil, true), (.refused, nil, true), (.unknown, nil, true), (.retry, nil, true),
            (.retry, "421", true), (.retry, "unreachable", false), (.throttled, nil, false), (.released, nil, false),
            (.refused, "unreachable", true),
        ] as [(Outcome, String?, Bool)]
    )
    func counts(outcome: Outcome, code: String?, counts: Bool) {
        #expect(outcome.counts(code: code) == counts)
    }
}
