import AuthEvents
import Clocks
import Deliveries
import Testing

@Suite("How a channel sends")
struct SendingPolicyTests {
    @Test(
        "is what the contract says",
        arguments: [
            (Channel.email, Purpose.signUp, 12, 1800, SendingPolicy.AfterUnknown.sendAgain),
            (.email, .recovery, 12, 1800, .sendAgain), (.email, .mfa, 12, 1800, .sendAgain),
            (.email, .attributeChange, 12, 1800, .sendAgain), (.email, .invitation, 12, 1800, .sendAgain),
            (.email, .notice, 12, 1800, .giveUp), (.sms, .signUp, 6, 60, .giveUp), (.sms, .mfa, 6, 60, .giveUp),
            (.sms, .notice, 6, 60, .giveUp),
        ]
    )
    func standard(
        channel: Channel,
        purpose: Purpose,
        attempts: Int64,
        ceiling: Int,
        afterUnknown: SendingPolicy.AfterUnknown
    ) {
        let expected = SendingPolicy(
            attempts: attempts,
            backoff: Backoff(initial: .seconds(2), ceiling: .seconds(ceiling)),
            afterUnknown: afterUnknown
        )
        #expect(SendingPolicy.standard(for: channel, purpose: purpose) == expected)
    }

    @Test(
        "answers silence with another attempt while one is left and there is time, where it may",
        arguments: [
            (SendingPolicy.AfterUnknown.sendAgain, 1, 5000, true), (.sendAgain, 11, 5000, true),
            (.sendAgain, 12, 5000, false), (.sendAgain, 1, 1001, true), (.sendAgain, 1, 1000, false),
            (.sendAgain, 1, 0, false), (.giveUp, 1, 5000, false),
        ] as [(SendingPolicy.AfterUnknown, Int64, Int64, Bool)]
    )
    func silence(afterUnknown: SendingPolicy.AfterUnknown, counted: Int64, sendBefore: Int64, sendsAgain: Bool) {
        let policy = SendingPolicy(attempts: 12, backoff: Backoff(ceiling: .seconds(1800)), afterUnknown: afterUnknown)
        let now = Instant(milliseconds: 1000)
        let sequel = policy.sequelToSilence(counted: counted, sendBefore: Instant(milliseconds: sendBefore), now: now)
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
