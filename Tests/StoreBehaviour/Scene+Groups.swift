import AuthEvents
import Challenges
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

/// Challenges of which any will do.
extension Scene {
    /// An SMS and a mail to a person, in this order of legs; the persons are `NAME phone` and `NAME mail`.
    func party(_ name: String, session: String? = "s") -> Letter {
        Letter(to: "\(name) phone", .mfa, by: .sms).with { letter in
            letter.legs.append(Letter.Leg(person: "\(name) mail", channel: .email))
            letter.isGroup = true
            letter.session = session
        }
    }

    /// Accepts a group, and returns its legs.
    func acceptParty(
        _ letter: Letter
    ) async throws -> (sms: AcceptedEvent.Delivery, mail: AcceptedEvent.Delivery) {
        let event = try await acceptEvent(letter)
        return (
            try #require(event.deliveries.first { $0.channel == .sms }),
            try #require(event.deliveries.first { $0.channel == .email })
        )
    }

    func acceptEvent(_ letter: Letter) async throws -> AcceptedEvent {
        let answer = try await store.accept(stationery.submission(letter, at: time.now()))
        guard case .accepted(let event) = answer else { throw Surprise("the letter was answered \(answer)") }
        return event
    }

    private func verified(_ result: VerificationResult) throws -> ChallengeID {
        guard case .verified(let stored, _) = result else { throw Surprise("it was answered \(result)") }
        return stored.challenge.id
    }

    func verifiesAGroupByAny() async throws {
        let first = try await acceptParty(party("first"))
        #expect(try await verified(verify(first.sms.challengeID, "email 1")) == first.mail.challengeID)
        let second = try await acceptParty(party("second"))
        #expect(try await verified(verify(second.mail.challengeID, "sms 1", session: "s")) == second.sms.challengeID)
        let third = try await acceptParty(party("third"))
        let byMail = try await verify(person: "third mail", "sms 1", purpose: .mfa, session: "s")
        #expect(try verified(byMail) == third.sms.challengeID)
        // Where a code is that of both, it is the one that was asked for.
        let fourth = try await acceptParty(party("fourth"))
        #expect(try await verified(verify(fourth.mail.challengeID, "1")) == fourth.mail.challengeID)
        // An earlier group of the same person is another one.
        let fifth = try await acceptParty(party("fifth", session: "a"))
        let other = try await acceptParty(party("fifth", session: "b"))
        #expect(try await verified(verify(fifth.sms.challengeID, "email 1")) == fifth.mail.challengeID)
        #expect(try await verified(verify(other.sms.challengeID, "email 1")) == other.mail.challengeID)
    }

    func closesTheOthersOfAGroup() async throws {
        try await open([.cents(10)])
        let both = try await acceptParty(party("bobby"))
        let held = try await claimOne(at: Scene.sms)
        #expect(try await verify(both.mail.challengeID, "email 1").name == "verified")
        #expect(try await state(both.sms.id) == "dead(answered)")
        #expect(try await state(both.mail.id) == "dead(answered)")
        #expect(try await begin(held) == .cancelled)
        #expect(try await story(both.sms.id) == ["reserved 0.01", "released 0.01"])
        for (challenge, code) in [(both.sms, "sms 1"), (both.mail, "email 1"), (both.sms, "wrong")] {
            #expect(try await verify(challenge.challengeID, code).name == "used")
        }
        let closed = try #require(try await challenge(both.sms.challengeID)).challenge
        #expect((closed.verifiedAt, closed.closedAt) == (nil, time.now()))
        #expect(closed.state(at: time.now()) == .verified)
        // By the person it is as if there were none; the next event opens both anew.
        let byPerson = try await verify(person: "bobby phone", "sms 1", purpose: .mfa, session: "s")
        #expect(byPerson.name == "mismatch, 4 left")
        let next = try await acceptParty(party("bobby"))
        #expect(next.sms.challengeID != both.sms.challengeID)
        #expect(next.mail.challengeID != both.mail.challengeID)
    }

    func chargesAGroupOnce() async throws {
        let both = try await acceptParty(party("bobby"))
        #expect(try await verify(both.sms.challengeID, "wrong").name == "mismatch, 4 left")
        #expect(try await verify(both.mail.challengeID, "wrong").name == "mismatch, 3 left")
        let byPerson = try await verify(person: "bobby mail", "wrong", purpose: .mfa, session: "s")
        #expect(byPerson.name == "mismatch, 2 left")
        #expect(try await verify(both.mail.challengeID, "sms 1", session: "other").name == "mismatch, 1 left")
        for leg in [both.sms, both.mail] { #expect(try await challenge(leg.challengeID)?.triesLeft == 1) }
        #expect(try await verify(both.sms.challengeID, "sms 1").name == "verified")
    }

    func locksAGroup() async throws {
        let both = try await acceptParty(party("bobby"))
        for index in 1...5 {
            let leg = index % 2 == 0 ? both.sms : both.mail
            #expect(try await verify(leg.challengeID, "wrong").name == "mismatch, \(5 - index) left")
        }
        for leg in [both.sms, both.mail] {
            #expect(try await verify(leg.challengeID, "1").name == "locked")
            #expect(try await challenge(leg.challengeID)?.challenge.state(at: time.now()) == .locked)
            #expect(try await state(leg.id) == "dead(cancelled)")
        }
    }

    func countsAGroupsTriesByPerson() async throws {
        for session in ["a", "b", "c"] {
            let both = try await acceptParty(party("bobby", session: session))
            for _ in 1...5 { _ = try await verify(both.sms.challengeID, "wrong") }
        }
        // The mail's person has no tries left either, though every wrong code came by the phone's.
        let alone = try await accept(Letter(to: "bobby mail", .mfa).with { $0.session = "d" })
        #expect(try await verify(alone.challengeID, "1").name == "locked for a while")
        let both = try await acceptParty(party("carol").with { $0.legs[1].person = "bobby mail" })
        #expect(try await verify(both.sms.challengeID, "sms 1").name == "locked for a while")
    }

    func repeatsForAGroup() async throws {
        let both = try await acceptParty(party("bobby"))
        #expect(try await verify(both.sms.challengeID, "email 1", key: "k").name == "verified")
        try await lab.reopen()
        for leg in [both.sms, both.mail] {
            let again = try await verify(leg.challengeID, "email 1", key: "k")
            #expect(again.name == "repeated")
            #expect(try verified(again) == both.mail.challengeID)
            #expect(try await verify(leg.challengeID, "sms 1", key: "k").name == "conflict")
            #expect(try await verify(leg.challengeID, "email 1", key: "other").name == "used")
        }
        for person in ["bobby phone", "bobby mail"] {
            let again = try await verify(person: person, "email 1", purpose: .mfa, key: "k", session: "s")
            #expect(again.name == "repeated")
        }
        time.pass(.seconds(86_400))
        #expect(try await verify(both.sms.challengeID, "email 1", key: "k").name == "used")
    }

    func keepsAGroupTogetherOnResend() async throws {
        let first = try await acceptParty(party("bobby"))
        time.pass(.seconds(1))
        let second = try await acceptParty(party("bobby"))
        #expect(second.sms.challengeID == first.sms.challengeID)
        #expect(second.mail.challengeID == first.mail.challengeID)
        #expect(try await state(first.sms.id) == "dead(superseded)")
        // One leg alone stays with its group; past half-life it has a second code there.
        time.pass(.seconds(50_000))
        let alone = try await accept(Letter(to: "bobby phone", .mfa, by: .sms).with { $0.session = "s" })
        #expect(alone.challengeID == first.sms.challengeID)
        let group = [first.sms.challengeID, first.mail.challengeID].compactMap(\.self).sorted()
        for challenge in group { #expect(try await self.challenge(challenge)?.group == group) }
        #expect(try await verified(verify(first.mail.challengeID, "sms 2")) == first.sms.challengeID)
    }

    func joinsWhatWasOpenBefore() async throws {
        let alone = try await accept(Letter(to: "bobby phone", .mfa, by: .sms).with { $0.session = "s" })
        for _ in 1...2 { _ = try await verify(alone.challengeID, "wrong") }
        #expect(try await challenge(alone.challengeID)?.group == [])
        time.pass(.seconds(1))
        let both = try await acceptParty(party("bobby"))
        #expect(both.sms.challengeID == alone.challengeID)
        for leg in [both.sms, both.mail] { #expect(try await challenge(leg.challengeID)?.triesLeft == 3) }
        // Another address joins those that were there.
        let other = try await acceptParty(party("bobby").with { $0.legs[1].person = "another mail" })
        let three = [both.sms.challengeID, both.mail.challengeID, other.mail.challengeID].compactMap(\.self).sorted()
        for challenge in three { #expect(try await self.challenge(challenge)?.group == three) }
        #expect(try await verify(both.mail.challengeID, "wrong").name == "mismatch, 2 left")
        #expect(try await challenge(other.mail.challengeID)?.triesLeft == 2)
        // Two that stood alone, with unequal tries, have the fewer together.
        let phone = try await accept(Letter(to: "carol phone", .mfa, by: .sms).with { $0.session = "s" })
        try await accept(Letter(to: "carol mail", .mfa).with { $0.session = "s" })
        for _ in 1...3 { _ = try await verify(phone.challengeID, "wrong") }
        time.pass(.seconds(1))
        let joined = try await acceptParty(party("carol"))
        for leg in [joined.sms, joined.mail] { #expect(try await challenge(leg.challengeID)?.triesLeft == 2) }
        #expect(try await verify(joined.mail.challengeID, "wrong").name == "mismatch, 1 left")
    }

    func namesTheGroup() async throws {
        let both = try await acceptParty(party("bobby"))
        let group = [both.sms.challengeID, both.mail.challengeID].compactMap(\.self).sorted()
        for leg in [both.sms, both.mail] {
            let report = try #require(try await challenge(leg.challengeID))
            #expect(report.group == group)
            #expect(report.deliveries == [leg.id])
        }
        let alone = try await accept(Letter(to: "carol"))
        #expect(try await challenge(alone.challengeID)?.group == [])
        let twice = try await acceptEvent(party("dora").with { $0.isGroup = false })
        for delivery in twice.deliveries { #expect(try await challenge(delivery.challengeID)?.group == []) }
    }
}
