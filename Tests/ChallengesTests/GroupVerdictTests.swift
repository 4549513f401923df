import AuthEvents
import Challenges
import Clocks
import Testing

@Suite("A try at a group of challenges")
struct GroupVerdictTests {
    /// A text and email challenge made at 0 s that live for 600 s, and what a try at 10 s makes of them.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var sms: Challenge
        var email: Challenge
        /// Seconds.
        var now: Int64 = 10
        var session: [UInt8]?
        /// What is given: codes of the two, by their numbers.
        var given: [(Channel, Int64)]
        var verdict: Verdict

        init(
            _ name: String,
            _ verdict: Verdict,
            given: (Channel, Int64)...,
            edit: (inout Case) -> Void = { _ in }
        ) {
            (testDescription, self.verdict, self.given) = (name, verdict, given)
            (sms, email) = (GroupVerdictTests.challenge(.sms), GroupVerdictTests.challenge(.email))
            edit(&self)
        }
    }

    static func id(_ channel: Channel) -> ChallengeID {
        // A generator that repeats makes an id that is known beforehand.
        var generator = Repeating(word: UInt64(channel.rawValue))
        return ChallengeID(at: Instant(milliseconds: 0), using: &generator)
    }

    struct Repeating: RandomNumberGenerator {
        let word: UInt64
        func next() -> UInt64 { word << 32 }
    }

    static func challenge(_ channel: Channel) -> Challenge {
        Challenge(
            id: id(channel),
            purpose: .mfa,
            channel: channel,
            digits: 6,
            issuedAt: Instant(milliseconds: 0),
            expiresAt: Instant(milliseconds: 600_000),
            triesLeft: 5,
            session: [7]
        )
    }

    static let cases = [
        Case("with the code of the first", .verified(id(.sms)), given: (.sms, 1)),
        Case("with the code of the second", .verified(id(.email)), given: (.email, 1)),
        Case("with a code of both", .verified(id(.sms)), given: (.sms, 1), (.email, 1)),
        Case("with another text", .mismatch),
        Case("with its session", .verified(id(.email)), given: (.email, 1)) { $0.session = [7] },
        Case("with another session", .mismatch, given: (.email, 1)) { $0.session = [8] },
        Case("with another session and an earlier code", .mismatch, given: (.email, 1)) {
            ($0.email.codes, $0.session) = (3, [8])
        },
        Case("after the first was verified, with its code", .used, given: (.sms, 1)) { closed(&$0) },
        Case("after the first was verified, with the other's", .used, given: (.email, 1)) { closed(&$0) },
        Case("after the first was verified, with another text", .used) { closed(&$0) },
        Case("after the first was verified, though the other is not marked", .used, given: (.email, 1)) {
            $0.sms.verifiedAt = Instant(milliseconds: 1)
        },
        Case("after it was verified, without tries and expired", .used) {
            closed(&$0)
            ($0.sms.triesLeft, $0.email.triesLeft, $0.now) = (0, 0, 700)
        },
        Case("after the first was verified, though the other is not marked and has no tries", .used) {
            ($0.sms.verifiedAt, $0.email.triesLeft) = (Instant(milliseconds: 1), 0)
        },
        Case("with the last try", .verified(id(.email)), given: (.email, 1)) {
            ($0.sms.triesLeft, $0.email.triesLeft) = (1, 1)
        },
        Case("without tries left", .locked, given: (.email, 1)) { ($0.sms.triesLeft, $0.email.triesLeft) = (0, 0) },
        Case("without tries left, though one does not say so", .locked, given: (.email, 1)) { $0.sms.triesLeft = 0 },
        Case("without tries left after the expiry", .locked) {
            ($0.sms.triesLeft, $0.email.triesLeft, $0.now) = (0, 0, 700)
        },
        Case("in its last moment", .verified(id(.sms)), given: (.sms, 1)) { $0.now = 599 },
        Case("after both expired", .expired, given: (.sms, 1)) { $0.now = 600 },
        Case("after both expired, with another text", .expired) { $0.now = 600 },
        Case("after one expired, with the code of the open one", .verified(id(.email)), given: (.email, 1)) {
            $0.sms.expiresAt = Instant(milliseconds: 10_000)
        },
        Case("after one expired, with its code", .expired, given: (.sms, 1)) {
            $0.sms.expiresAt = Instant(milliseconds: 10_000)
        },
        Case("after one expired, with another text", .mismatch) { $0.sms.expiresAt = Instant(milliseconds: 10_000) },
        Case("after one expired, with a code of it that would have lived longer", .expired, given: (.sms, 1)) {
            ($0.sms.codes, $0.sms.earlierExpiresAt) = (2, Instant(milliseconds: 600_000))
            $0.sms.expiresAt = Instant(milliseconds: 10_000)
        },
        Case("with a code that one had before, not expired", .verified(id(.sms)), given: (.sms, 1)) {
            ($0.sms.codes, $0.sms.earlierExpiresAt) = (2, Instant(milliseconds: 300_000))
        },
        Case("with a code that one had before, expired", .expired, given: (.sms, 1)) {
            ($0.sms.codes, $0.sms.earlierExpiresAt) = (2, Instant(milliseconds: 10_000))
        },
        Case(
            "with an earlier code of one that is the newest of the other",
            .verified(id(.email)),
            given: (.sms, 1),
            (.email, 1)
        ) {
            $0.sms.codes = 3
        },
        Case("with a number that only the other has reached", .mismatch, given: (.email, 2)) { $0.sms.codes = 2 },
    ]

    private static func closed(_ example: inout Case) {
        example.sms.verifiedAt = Instant(milliseconds: 1)
        example.email.closedAt = Instant(milliseconds: 1)
    }

    @Test("is judged", arguments: cases)
    func judged(example: Case) {
        let verdict = ChallengeGroup(example.sms, [example.email]).verdict(
            at: Instant(milliseconds: example.now * 1000),
            session: example.session
        ) { challenge, number in
            example.given.contains { $0 == (challenge.channel, number) }
        }
        #expect(verdict == example.verdict)
    }

    @Test("is judged the same whichever challenge stands first, but where both have the code", arguments: cases)
    func order(example: Case) {
        guard example.given.count < 2 else { return }
        let verdict = ChallengeGroup(example.email, [example.sms]).verdict(
            at: Instant(milliseconds: example.now * 1000),
            session: example.session
        ) { challenge, number in
            example.given.contains { $0 == (challenge.channel, number) }
        }
        #expect(verdict == example.verdict)
    }

    @Test(
        "is compared with every code of every challenge, whichever fits first and whatever the session",
        arguments: [nil, [7], [8]] as [[UInt8]?],
        [nil, .sms, .email] as [Channel?]
    )
    func comparesAll(session: [UInt8]?, fitting: Channel?) {
        var sms = GroupVerdictTests.challenge(.sms)
        (sms.codes, sms.earlierExpiresAt) = (3, Instant(milliseconds: 300_000))
        var email = GroupVerdictTests.challenge(.email)
        email.codes = 10
        var compared: [Channel: [Int64]] = [:]
        _ = ChallengeGroup(sms, [email]).verdict(at: Instant(milliseconds: 1000), session: session) {
            compared[$0.channel, default: []].append($1)
            return $0.channel == fitting
        }
        #expect(compared == [.sms: [1, 2, 3], .email: [3, 4, 5, 6, 7, 8, 9, 10]])
    }
}

@Suite("A group of challenges")
struct ChallengeGroupTests {
    private let now = Instant(milliseconds: 10_000)

    @Test("stands as it does when asked for a verdict", arguments: GroupVerdictTests.cases)
    func state(example: GroupVerdictTests.Case) {
        let state = ChallengeGroup(example.sms, [example.email]).state(at: Instant(milliseconds: example.now * 1000))
        switch example.verdict {
        case .used: #expect(state == .verified)
        case .locked: #expect(state == .locked)
        case .verified, .mismatch: #expect(state == .open)
        case .expired: #expect(state == (example.now < 600 ? .open : .expired))
        }
    }

    @Test("has the tries that its members carry")
    func triesLeft() {
        var email = GroupVerdictTests.challenge(.email)
        #expect(ChallengeGroup(GroupVerdictTests.challenge(.sms), [email]).triesLeft == 5)
        email.triesLeft = 2
        #expect(ChallengeGroup(GroupVerdictTests.challenge(.sms), [email]).triesLeft == 2)
        #expect(ChallengeGroup(email).triesLeft == 2)
    }

    @Test("of one stands as its challenge does")
    func one() {
        var challenge = GroupVerdictTests.challenge(.sms)
        #expect(ChallengeGroup(challenge).state(at: now) == .open && challenge.state(at: now) == .open)
        challenge.closedAt = Instant(milliseconds: 1)
        #expect(ChallengeGroup(challenge).state(at: now) == .verified && challenge.state(at: now) == .verified)
        #expect(challenge.verdict(at: now, session: nil) { _ in true } == .used)
    }

    @Test("closes a challenge for good: without tries and expired it counts as verified")
    func closed() {
        var challenge = GroupVerdictTests.challenge(.email)
        (challenge.closedAt, challenge.triesLeft) = (Instant(milliseconds: 1), 0)
        #expect(challenge.state(at: Instant(milliseconds: 700_000)) == .verified)
    }
}
