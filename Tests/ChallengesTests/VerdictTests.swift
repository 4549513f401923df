import AuthEvents
import Challenges
import Clocks
import Testing

@Suite("A try at a challenge")
struct VerdictTests {
    /// A challenge with its newest code made at 0 s, and a code before it where there are two and more.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var codes: Int64 = 1
        /// Seconds.
        var expires: Int64 = 600
        var earlierExpires: Int64?
        var triesLeft: Int64 = 5
        var isVerified = false
        var session: [UInt8]?
        /// Seconds.
        var now: Int64 = 10
        var triedSession: [UInt8]?
        /// The number of the code that is given, if it is one of this challenge.
        var given: Int64?
        var verdict: Verdict

        init(_ name: String, _ verdict: Verdict, given: Int64?, _ edit: (inout Case) -> Void = { _ in }) {
            (testDescription, self.verdict, self.given) = (name, verdict, given)
            edit(&self)
        }
    }

    static let id = GroupVerdictTests.id(.email)

    static let cases = [
        Case("with its code", .verified(id), given: 1),
        Case("with another text", .mismatch, given: nil),
        Case("in its last second", .verified(id), given: 1) { $0.now = 599 },
        Case("at the moment of expiry", .expired, given: 1) { $0.now = 600 },
        Case("with another text after the expiry", .expired, given: nil) { $0.now = 601 },
        Case("after it was verified", .used, given: 1) { $0.isVerified = true },
        Case("with another text after it was verified", .used, given: nil) { $0.isVerified = true },
        Case("verified, expired and without tries left", .used, given: 1) {
            ($0.isVerified, $0.now, $0.triesLeft) = (true, 700, 0)
        },
        Case("with the last try", .verified(id), given: 1) { $0.triesLeft = 1 },
        Case("without tries left", .locked, given: 1) { $0.triesLeft = 0 },
        Case("without tries left after the expiry", .locked, given: 1) { ($0.triesLeft, $0.now) = (0, 700) },
        Case("with fewer than no tries left", .locked, given: 1) { $0.triesLeft = -1 },
        Case("with the newest of two codes", .verified(id), given: 2) { ($0.codes, $0.earlierExpires) = (2, 300) },
        Case("with the code before it, not expired", .verified(id), given: 1) {
            ($0.codes, $0.earlierExpires) = (2, 300)
        },
        Case("with the code before it, expired", .expired, given: 1) { ($0.codes, $0.earlierExpires) = (2, 10) },
        Case("with the oldest of three codes", .expired, given: 1) { ($0.codes, $0.earlierExpires) = (3, 300) },
        Case("with the second of three codes", .verified(id), given: 2) { ($0.codes, $0.earlierExpires) = (3, 300) },
        Case("with no code of three", .mismatch, given: nil) { ($0.codes, $0.earlierExpires) = (3, 300) },
        Case("with a code to come", .mismatch, given: 4) { ($0.codes, $0.earlierExpires) = (3, 300) },
        Case("with the seventh code before the newest", .expired, given: 3) {
            ($0.codes, $0.earlierExpires) = (10, 300)
        },
        Case("with the right session", .verified(id), given: 1) { ($0.session, $0.triedSession) = ([7], [7]) },
        Case("without the session it was made with", .verified(id), given: 1) { $0.session = [7] },
        Case("with another session", .mismatch, given: 1) { ($0.session, $0.triedSession) = ([7], [8]) },
        Case("with a session where it was made without", .mismatch, given: 1) { $0.triedSession = [8] },
        Case("with another session and an earlier code", .mismatch, given: 1) {
            ($0.codes, $0.session, $0.triedSession) = (3, [7], [8])
        },
        Case("with another session after it was verified", .used, given: 1) {
            ($0.isVerified, $0.session, $0.triedSession) = (true, [7], [8])
        },
    ]

    @Test("is judged", arguments: cases)
    func judged(example: Case) {
        let challenge = Challenge(
            id: VerdictTests.id,
            purpose: .signUp,
            channel: .email,
            digits: 6,
            codes: example.codes,
            issuedAt: Instant(milliseconds: 0),
            expiresAt: Instant(milliseconds: example.expires * 1000),
            earlierExpiresAt: example.earlierExpires.map { Instant(milliseconds: $0 * 1000) },
            triesLeft: example.triesLeft,
            verifiedAt: example.isVerified ? Instant(milliseconds: 1) : nil,
            session: example.session
        )
        let now = Instant(milliseconds: example.now * 1000)
        let verdict = challenge.verdict(at: now, session: example.triedSession) { $0 == example.given }
        #expect(verdict == example.verdict)
    }

    @Test("is compared with every code, whichever fits first and whatever the session")
    func comparesAll() {
        let challenge = Challenge(
            id: VerdictTests.id,
            purpose: .signUp,
            channel: .email,
            digits: 6,
            codes: 3,
            issuedAt: Instant(milliseconds: 0),
            expiresAt: Instant(milliseconds: 600_000),
            earlierExpiresAt: Instant(milliseconds: 300_000),
            triesLeft: 5,
            session: [7]
        )
        for session in [nil, [7], [8]] as [[UInt8]?] {
            var compared: [Int64] = []
            _ = challenge.verdict(at: Instant(milliseconds: 1000), session: session) { number in
                compared.append(number)
                return number == 1
            }
            #expect(compared == [1, 2, 3])
        }
    }
}
