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
        #expect(try await verified(verify(first.sms.challenge, "email 1")) == first.mail.challenge)
        let second = try await acceptParty(party("second"))
        #expect(try await verified(verify(second.mail.challenge, "sms 1", session: "s")) == second.sms.challenge)
        let third = try await acceptParty(party("third"))
        let byMail = try await verify(person: "third mail", "sms 1", purpose: .mfa, session: "s")
        #expect(try verified(byMail) == third.sms.challenge)
        // Where a code is that of both, it is the one that was asked for.
        let fourth = try await acceptParty(party("fourth"))
        #expect(try await verified(verify(fourth.mail.challenge, "1")) == fourth.mail.challenge)
        // An earlier group of the same person is another one.
        let fifth = try await acceptParty(party("fifth", session: "a"))
        let other = try await acceptParty(party("fifth", session: "b"))
        #expect(try await verified(verify(fifth.sms.challenge, "email 1")) == fifth.mail.challenge)
        #expect(try await verified(verify(other.sms.challenge, "email 1")) == other.mail.challenge)
    }

    func closesTheOthersOfAGroup() async throws {
        try await open([.cents(10)])
        let both = try await acceptParty(party("bobby"))
        let held = try await claimOne(at: Scene.sms)
        #expect(try await verify(both.mail.challenge, "email 1").name == "verified")
        #expect(try await state(both.sms.id) == "dead(answered)")
        #expect(try await state(both.mail.id) == "dead(answered)")
        #expect(try await begin(held) == .cancelled)
        #expect(try await story(both.sms.id) == ["reserved 0.01", "released 0.01"])
        for (challenge, code) in [(both.sms, "sms 1"), (both.mail, "email 1"), (both.sms, "wrong")] {
            #expect(try await verify(challenge.challenge, code).name == "used")
        }
        let closed = try #require(try await challenge(both.sms.challenge)).challenge
        #expect((closed.verifiedAt, closed.closedAt) == (nil, time.now()))
        #expect(closed.state(at: time.now()) == .verified)
        // By the person it is as if there were none; the next event opens both anew.
        let byPerson = try await verify(person: "bobby phone", "sms 1", purpose: .mfa, session: "s")
        #expect(byPerson.name == "mismatch, 4 left")
        let next = try await acceptParty(party("bobby"))
        #expect(next.sms.challenge != both.sms.challenge)
        #expect(next.mail.challenge != both.mail.challenge)
    }

    func chargesAGroupOnce() async throws {
        let both = try await acceptParty(party("bobby"))
        #expect(try await verify(both.sms.challenge, "wrong").name == "mismatch, 4 left")
        #expect(try await verify(both.mail.challenge, "wrong").name == "mismatch, 3 left")
        let byPerson = try await verify(person: "bobby mail", "wrong", purpose: .mfa, session: "s")
        #expect(byPerson.name == "mismatch, 2 left")
        #expect(try await verify(both.mail.challenge, "sms 1", session: "other").name == "mismatch, 1 left")
        for leg in [both.sms, both.mail] { #expect(try await challenge(leg.challenge)?.triesLeft == 1) }
        #expect(try await verify(both.sms.challenge, "sms 1").name == "verified")
    }

    func locksAGroup() async throws {
        let both = try await acceptParty(party("bobby"))
        for index in 1...5 {
            let leg = index % 2 == 0 ? both.sms : both.mail
            #expect(try await verify(leg.challenge, "wrong").name == "mismatch, \(5 - index) left")
        }
        for leg in [both.sms, both.mail] {
            #expect(try await verify(leg.challenge, "1").name == "locked")
            #expect(try await challenge(leg.challenge)?.challenge.state(at: time.now()) == .locked)
            #expect(try await state(leg.id) == "dead(cancelled)")
        }
    }

    func countsAGroupsTriesByPerson() async throws {
        for session in ["a", "b", "c"] {
            let both = try await acceptParty(party("bobby", session: session))
            for _ in 1...5 { _ = try await verify(both.sms.challenge, "wrong") }
        }
        // The mail's person has no tries left either, though every wrong code came by the phone's.
        let alone = try await accept(Letter(to: "bobby mail", .mfa).with { $0.session = "d" })
        #expect(try await verify(alone.challenge, "1").name == "locked for a while")
        let both = try await acceptParty(party("carol").with { $0.legs[1].person = "bobby mail" })
        #expect(try await verify(both.sms.challenge, "sms 1").name == "locked for a while")
    }

    func repeatsForAGroup() async throws {
        let both = try await acceptParty(party("bobby"))
        #expect(try await verify(both.sms.challenge, "email 1", key: "k").name == "verified")
        try await lab.reopen()
        for leg in [both.sms, both.mail] {
            let again = try await verify(leg.challenge, "email 1", key: "k")
            #expect(again.name == "repeated")
            #expect(try verified(again) == both.mail.challenge)
            #expect(try await verify(leg.challenge, "sms 1", key: "k").name == "conflict")
            #expect(try await verify(leg.challenge, "email 1", key: "other").name == "used")
        }
        for person in ["bobby phone", "bobby mail"] {
            let again = try await verify(person: person, "email 1", purpose: .mfa, key: "k", session: "s")
            #expect(again.name == "repeated")
        }
        time.pass(.seconds(86_400))
        #expect(try await verify(both.sms.challenge, "email 1", key: "k").name == "used")
    }

    func keepsAGroupTogetherOnResend() async throws {
        let first = try await acceptParty(party("bobby"))
        time.pass(.seconds(1))
        let second = try await acceptParty(party("bobby"))
        #expect(second.sms.challenge == first.sms.challenge)
        #expect(second.mail.challenge == first.mail.challenge)
        #expect(try await state(first.sms.id) == "dead(superseded)")
        // One leg alone stays with its group; past half-life it has a second code there.
        time.pass(.seconds(50_000))
        let alone = try await accept(Letter(to: "bobby phone", .mfa, by: .sms).with { $0.session = "s" })
        #expect(alone.challenge == first.sms.challenge)
        let group = [first.sms.challenge, first.mail.challenge].sorted()
        for challenge in group { #expect(try await self.challenge(challenge)?.group == group) }
        #expect(try await verified(verify(first.mail.challenge, "sms 2")) == first.sms.challenge)
    }

    func joinsWhatWasOpenBefore() async throws {
        let alone = try await accept(Letter(to: "bobby phone", .mfa, by: .sms).with { $0.session = "s" })
        for _ in 1...2 { _ = try await verify(alone.challenge, "wrong") }
        #expect(try await challenge(alone.challenge)?.group == [])
        time.pass(.seconds(1))
        let both = try await acceptParty(party("bobby"))
        #expect(both.sms.challenge == alone.challenge)
        for leg in [both.sms, both.mail] { #expect(try await challenge(leg.challenge)?.triesLeft == 3) }
        // Another address joins those that were there.
        let other = try await acceptParty(party("bobby").with { $0.legs[1].person = "another mail" })
        let three = [both.sms.challenge, both.mail.challenge, other.mail.challenge].sorted()
        for challenge in three { #expect(try await self.challenge(challenge)?.group == three) }
        #expect(try await verify(both.mail.challenge, "wrong").name == "mismatch, 2 left")
        #expect(try await challenge(other.mail.challenge)?.triesLeft == 2)
        // Two that stood alone, with unequal tries, have the fewer together.
        let phone = try await accept(Letter(to: "carol phone", .mfa, by: .sms).with { $0.session = "s" })
        try await accept(Letter(to: "carol mail", .mfa).with { $0.session = "s" })
        for _ in 1...3 { _ = try await verify(phone.challenge, "wrong") }
        time.pass(.seconds(1))
        let joined = try await acceptParty(party("carol"))
        for leg in [joined.sms, joined.mail] { #expect(try await challenge(leg.challenge)?.triesLeft == 2) }
        #expect(try await verify(joined.mail.challenge, "wrong").name == "mismatch, 1 left")
    }

    func namesTheGroup() async throws {
        let both = try await acceptParty(party("bobby"))
        let group = [both.sms.challenge, both.mail.challenge].sorted()
        for leg in [both.sms, both.mail] {
            let report = try #require(try await challenge(leg.challenge))
            #expect(report.group == group)
            #expect(report.deliveries == [leg.id])
        }
        let alone = try await accept(Letter(to: "carol"))
        #expect(try await challenge(alone.challenge)?.group == [])
        let twice = try await acceptEvent(party("dora").with { $0.isGroup = false })
        for delivery in twice.deliveries { #expect(try await challenge(delivery.challenge)?.group == []) }
    }
}
