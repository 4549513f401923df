import AuthEvents
import Challenges
import Clocks
import Testing

@Suite("One more sending of a challenge's code")
struct ResendTests {
    /// A challenge made at 0 with a life of 600 s and a minimum of 60 s, and what a resend at a moment makes of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Milliseconds.
        let now: Int64
        let isNew: Bool
        /// Seconds.
        var minimum: Int64 = 60
    }

    static let cases = [
        Case(testDescription: "at once", now: 0, isNew: false),
        Case(testDescription: "just before half of its life", now: 299_999, isNew: false),
        Case(testDescription: "at half of its life", now: 300_000, isNew: false),
        Case(testDescription: "just past half of its life", now: 300_001, isNew: true),
        Case(testDescription: "near its end", now: 599_999, isNew: true),
        Case(testDescription: "at its end", now: 600_000, isNew: true),
        Case(testDescription: "long after its end", now: 6_000_000, isNew: true),
        Case(testDescription: "early, with more left than the minimum", now: 99_999, isNew: false, minimum: 500),
        Case(testDescription: "early, with the minimum left", now: 100_000, isNew: true, minimum: 500),
        Case(testDescription: "while the clock is behind its making", now: -5000, isNew: false),
    ]

    private func challenge() throws -> Challenge {
        Challenge(
            id: try #require(ChallengeID(bytes: [UInt8](repeating: 1, count: 16))),
            purpose: .signUp,
            channel: .email,
            digits: 6,
            issuedAt: Instant(milliseconds: 0),
            expiresAt: Instant(milliseconds: 600_000),
            triesLeft: 3
        )
    }

    @Test("takes the same code while half of its life is left, else a new one with a full life", arguments: cases)
    func resend(example: Case) throws {
        let before = try challenge()
        var after = before
        let now = Instant(milliseconds: example.now)
        after.resend(at: now, life: .seconds(900), minimum: .seconds(example.minimum))
        guard example.isNew else {
            #expect(after == before)
            return
        }
        var expected = before
        (expected.codes, expected.issuedAt, expected.expiresAt) = (2, now, now + .seconds(900))
        expected.earlierExpiresAt = before.expiresAt
        #expect(after == expected)
        #expect(after.state(at: now) == .open)
    }

    @Test("keeps the newest two codes, each until its own expiry")
    func newestTwo() throws {
        var challenge = try challenge()
        challenge.resend(at: Instant(milliseconds: 400_000), life: .seconds(600), minimum: .seconds(60))
        #expect(challenge.acceptedCodes(at: Instant(milliseconds: 400_000)) == [2, 1])
        #expect(challenge.acceptedCodes(at: Instant(milliseconds: 600_000)) == [2])
        challenge.resend(at: Instant(milliseconds: 800_000), life: .seconds(600), minimum: .seconds(60))
        #expect(challenge.acceptedCodes(at: Instant(milliseconds: 800_000)) == [3, 2])
        #expect(challenge.acceptedCodes(at: Instant(milliseconds: 1_000_000)) == [3])
        #expect(challenge.acceptedCodes(at: Instant(milliseconds: 1_400_000)) == [])
    }

    @Test("measures half of the newest code's life")
    func newestLife() throws {
        var challenge = try challenge()
        challenge.resend(at: Instant(milliseconds: 400_000), life: .seconds(100), minimum: .zero)
        let once = challenge
        challenge.resend(at: Instant(milliseconds: 450_000), life: .seconds(100), minimum: .zero)
        #expect(challenge == once)
        challenge.resend(at: Instant(milliseconds: 450_001), life: .seconds(100), minimum: .zero)
        #expect(challenge.codes == 3)
    }

    @Test("costs no try")
    func tries() throws {
        var challenge = try challenge()
        challenge.resend(at: Instant(milliseconds: 500_000), life: .seconds(600), minimum: .zero)
        #expect(challenge.triesLeft == 3)
    }
}

@Suite("What holds for the challenges of a purpose")
struct PurposeTermsTests {
    @Test(
        "is what the contract says",
        arguments: [
            (Purpose.signUp, 86_400, 60), (.recovery, 3600, 60), (.mfa, 300, 30), (.attributeChange, 86_400, 60),
            (.invitation, 259_200, 60),
        ]
    )
    func standard(purpose: Purpose, life: Int, minimum: Int) {
        let terms = PurposeTerms.standard(for: purpose)
        #expect(terms.timeToLive == .seconds(life) && terms.minimumLife == .seconds(minimum))
        #expect(terms.digits == 6 && terms.tries == 5)
    }
}
