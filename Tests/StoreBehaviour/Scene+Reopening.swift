import AuthEvents
import Challenges
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

extension Scene {
    private func reopening(_ letter: Letter) -> Letter { letter.with { $0.reopens = true } }

    func reopensWhatHasExpired() async throws {
        let older = try await accept(Letter(to: "bobby"))
        time.pass(.seconds(86_400))
        let newer = try await accept(Letter(to: "bobby"))
        for _ in 1...2 { _ = try await verify(newer.challengeID, "wrong") }
        time.pass(.seconds(86_400))
        let again = try await accept(reopening(Letter(to: "bobby")))
        #expect(again.challengeID == newer.challengeID)
        #expect(again.challengeID != older.challengeID)
        #expect(again.challenge?.expiresAt == time.now() + .seconds(86_400))
        let shown = try #require(try await challenge(again.challengeID))
        #expect(shown.challenge.state(at: time.now()) == .open)
        #expect((shown.challenge.codes, shown.challenge.triesLeft) == (2, 3))
        #expect(shown.deliveries == [newer.id, again.id])
        let claimed = try await claimOne()
        #expect(claimed.token.delivery == again.id)
        #expect(claimed.code == CodePlace(challenge: shown.challenge.id, number: 2, digits: 6, key: "code-1"))
        // An open one is taken up as by any resend.
        let resent = try await accept(reopening(Letter(to: "bobby")))
        #expect(resent.challenge == again.challenge)
        #expect(try await verify(again.challengeID, "1").name == "expired, 2 left")
        #expect(try await verify(again.challengeID, "2").name == "verified")
        // A group comes back as one.
        let both = try await acceptParty(party("carol"))
        time.pass(.seconds(86_400))
        let back = try await acceptParty(reopening(party("carol")))
        #expect(back.sms.challengeID == both.sms.challengeID)
        #expect(back.mail.challengeID == both.mail.challengeID)
        #expect(try await verify(back.sms.challengeID, "email 2").name == "verified")
    }

    func opensAnotherWithoutReopening() async throws {
        let first = try await accept(Letter(to: "bobby", .mfa).with { $0.session = "s1" })
        time.pass(.seconds(86_400))
        // Nor does one that reopens take up what was of another session, purpose or person.
        let others = try await accept([
            Letter(to: "bobby", .mfa).with { $0.session = "s1" },
            reopening(Letter(to: "bobby", .mfa).with { $0.session = "s2" }),
            reopening(Letter(to: "bobby", .mfa)),
            reopening(Letter(to: "bobby", .recovery).with { $0.session = "s1" }),
            reopening(Letter(to: "carol", .mfa).with { $0.session = "s1" }),
        ])
        #expect(Set((others + [first]).map(\.challengeID)).count == 6)
        #expect(try await challenge(first.challengeID)?.challenge.codes == 1)
        #expect(try await challenge(others.first?.challengeID)?.triesLeft == 5)
    }

    func reopensNothingThatHasClosed() async throws {
        let expired = try await accept(Letter(to: "bobby"))
        time.pass(.seconds(86_400))
        let verified = try await accept(Letter(to: "bobby"))
        #expect(try await verify(verified.challengeID, "1").name == "verified")
        let locked = try await accept(Letter(to: "carol"))
        for _ in 1...5 { _ = try await verify(locked.challengeID, "wrong") }
        let both = try await acceptParty(party("dora"))
        #expect(try await verify(both.mail.challengeID, "email 1").name == "verified")
        for _ in 1...2 {
            // While their codes were good still, and when they are not.
            let first = try await accept(reopening(Letter(to: "bobby")))
            #expect(![expired.challengeID, verified.challengeID].contains(first.challengeID))
            let second = try await accept(reopening(Letter(to: "carol")))
            #expect(second.challengeID != locked.challengeID)
            #expect(try await challenge(second.challengeID)?.triesLeft == 5)
            let third = try await acceptParty(reopening(party("dora")))
            #expect(third.sms.challengeID != both.sms.challengeID)
            #expect(third.mail.challengeID != both.mail.challengeID)
            for delivery in [first, second, third.sms] {
                _ = try await verify(delivery.challengeID, "1")
            }
            time.pass(.seconds(86_400))
        }
    }
}
