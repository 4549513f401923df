import Clocks
import Deliveries
import TestSupport
import Testing

@Suite("What follows an attempt")
struct SequelTests {
    enum Expected: Sendable, Equatable {
        case exactly(Sequel)
        /// Again, at least and at most so many milliseconds after the attempt.
        case again(ClosedRange<Int64>)
    }

    /// An attempt that ended at 100 s, of a delivery that may be handed over for so many seconds more.
    struct Case: Sendable, CustomTestStringConvertible {
        let outcome: Outcome
        var code: String?
        var retryAfter: Duration?
        var counted: Int64 = 1
        var failures: Int64 = 1
        var secondsLeft: Int64 = 600
        let expected: Expected

        var testDescription: String {
            "\(outcome.name) \(code ?? "") after \(counted) counted, \(failures) failed, \(secondsLeft) s left"
        }
    }

    private static let now = Instant(milliseconds: 100_000)
    /// SMS as the contract has it: 6 attempts, 2 s doubling to 60 s.
    private let policy = SendingPolicy(attempts: 6, backoff: Backoff(ceiling: .seconds(60)))

    static let decided = [
        Case(outcome: .accepted, expected: .exactly(.accepted)),
        Case(outcome: .accepted, counted: 9, secondsLeft: -5, expected: .exactly(.accepted)),
        Case(outcome: .refused, expected: .exactly(.dead(.refused))),
        Case(outcome: .refused, retryAfter: .seconds(1), expected: .exactly(.dead(.refused))),
        Case(outcome: .unknown, expected: .exactly(.unknown)),
        Case(outcome: .unknown, counted: 6, secondsLeft: -5, expected: .exactly(.unknown)),
    ]

    static let retried = [
        Case(outcome: .retry, expected: .again(0...2000)),
        Case(outcome: .retry, counted: 5, failures: 5, expected: .again(0...32_000)),
        Case(outcome: .retry, counted: 6, failures: 6, expected: .exactly(.dead(.exhausted))),
        Case(outcome: .retry, counted: 7, failures: 7, expected: .exactly(.dead(.exhausted))),
        Case(outcome: .retry, counted: 6, secondsLeft: -1, expected: .exactly(.dead(.exhausted))),
        Case(outcome: .retry, counted: 2, failures: 50, expected: .again(0...60_000)),
        Case(outcome: .retry, failures: 6, secondsLeft: 1, expected: .again(0...999)),
        Case(outcome: .retry, secondsLeft: 0, expected: .exactly(.dead(.expired))),
        Case(outcome: .retry, secondsLeft: -1, expected: .exactly(.dead(.expired))),
        Case(outcome: .retry, retryAfter: .seconds(90), expected: .exactly(.again(due: now + .seconds(90)))),
        Case(outcome: .retry, retryAfter: .seconds(599), expected: .exactly(.again(due: now + .seconds(599)))),
        Case(outcome: .retry, retryAfter: .seconds(600), expected: .exactly(.again(due: now + .seconds(540)))),
        Case(outcome: .retry, retryAfter: .seconds(86_400), expected: .exactly(.again(due: now + .seconds(540)))),
        Case(outcome: .retry, code: "unreachable", counted: 6, failures: 6, expected: .again(0...60_000)),
        Case(outcome: .retry, code: "unreachable", counted: 0, failures: 0, expected: .again(0...2000)),
        Case(outcome: .retry, code: "421", counted: 6, failures: 6, expected: .exactly(.dead(.exhausted))),
        Case(outcome: .retry, code: "unreachable", secondsLeft: 0, expected: .exactly(.dead(.expired))),
    ]

    static let postponed = [
        Case(outcome: .throttled, expected: .again(0...2000)),
        Case(outcome: .throttled, counted: 6, failures: 9, expected: .again(0...60_000)),
        Case(outcome: .throttled, retryAfter: .seconds(30), expected: .exactly(.again(due: now + .seconds(30)))),
        Case(outcome: .throttled, retryAfter: .seconds(601), expected: .exactly(.again(due: now + .seconds(540)))),
        Case(outcome: .throttled, retryAfter: .seconds(9), secondsLeft: 0, expected: .exactly(.dead(.expired))),
        Case(outcome: .released, expected: .exactly(.again(due: now))),
        Case(outcome: .released, counted: 6, failures: 6, expected: .exactly(.again(due: now))),
        Case(outcome: .released, retryAfter: .seconds(7), expected: .exactly(.again(due: now + .seconds(7)))),
        Case(outcome: .released, retryAfter: .seconds(600), expected: .exactly(.again(due: now + .seconds(540)))),
        Case(outcome: .released, secondsLeft: 0, expected: .exactly(.dead(.expired))),
    ]

    @Test("is in the table", arguments: decided + retried + postponed)
    func table(example: Case) {
        let situation = AttemptSituation(
            outcome: example.outcome,
            code: example.code,
            retryAfter: example.retryAfter,
            counted: example.counted,
            failures: example.failures,
            sendBefore: SequelTests.now + .seconds(example.secondsLeft),
            now: SequelTests.now
        )
        var delays: [Int64] = []
        for seed in UInt64(1)...50 {
            var generator = SeededGenerator(seed: seed)
            let sequel = policy.sequel(to: situation, using: &generator)
            switch (example.expected, sequel) {
            case (.exactly(let expected), _): #expect(sequel == expected)
            case (.again, .again(let due)): delays.append((due - SequelTests.now).milliseconds)
            case (.again, _): Issue.record("\(sequel) instead of another attempt")
            }
        }
        guard case .again(let range) = example.expected else { return }
        #expect(delays.allSatisfy(range.contains))
        #expect(delays.contains { $0 > range.upperBound / 2 } && delays.contains { $0 < range.upperBound / 2 })
    }

    @Test("never ends in a wait that outlasts the deadline", arguments: Outcome.allCases)
    func deadline(outcome: Outcome) {
        for seed in UInt64(1)...500 {
            var generator = SeededGenerator(seed: seed)
            let left = Duration.milliseconds(Int64.random(in: -10...5000, using: &generator))
            let situation = AttemptSituation(
                outcome: outcome,
                retryAfter: Bool.random(using: &generator)
                    ? .milliseconds(Int64.random(in: 0...5000, using: &generator)) : nil,
                counted: 1,
                failures: Int64.random(in: 1...20, using: &generator),
                sendBefore: SequelTests.now + left,
                now: SequelTests.now
            )
            guard case .again(let due) = policy.sequel(to: situation, using: &generator) else { continue }
            #expect(due >= SequelTests.now && due < situation.sendBefore)
        }
    }
}
