import AuthEvents
import Challenges
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

extension Scene {
    func verifiesOnce() async throws {
        let delivery = try await accept(Letter(to: "bobby").with { $0.name = "one" })
        guard case .verified(let stored, repeated: false) = try await verify(delivery.challengeID, "1") else {
            throw Surprise("the right code was not verified")
        }
        #expect(stored.challenge.id == delivery.challengeID)
        #expect(stored.tenant == .default)
        #expect(stored.sealed.bytes == Array("sealed one".utf8))
        #expect(stored.codeKey == "code-1")
        #expect(try await verify(delivery.challengeID, "1").name == "used")
        #expect(try await verify(delivery.challengeID, "wrong").name == "used")
        #expect(try await verify(delivery.challengeID, "1", key: "k").name == "used")
        #expect(try await challenge(delivery.challengeID)?.challenge.verifiedAt == time.now())
    }

    func chargesWrongCodes() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        var answers: [String] = []
        for _ in 1...4 { answers.append(try await verify(delivery.challengeID, "wrong").name) }
        #expect(answers == ["mismatch, 4 left", "mismatch, 3 left", "mismatch, 2 left", "mismatch, 1 left"])
        #expect(try await challenge(delivery.challengeID)?.triesLeft == 1)
        #expect(try await verify(delivery.challengeID, "1").name == "verified")
    }

    func locksAfterFiveWrongCodes() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let held = try await claimOne()
        for _ in 1...4 { _ = try await verify(delivery.challengeID, "wrong") }
        #expect(try await state(delivery.id) == "leased")
        #expect(try await verify(delivery.challengeID, "wrong").name == "mismatch, 0 left")
        #expect(try await state(delivery.id) == "dead(cancelled)")
        #expect(try await begin(held) == .cancelled)
        #expect(try await verify(delivery.challengeID, "1").name == "locked")
        try await lab.reopen()
        time.pass(.seconds(3600))
        #expect(try await verify(delivery.challengeID, "1").name == "locked")
        #expect(try await verify(delivery.challengeID, "1", key: "k").name == "locked")
        #expect(try await challenge(delivery.challengeID)?.triesLeft == 0)
    }

    func repeatsWithTheSameKey() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        #expect(try await verify(delivery.challengeID, "1", key: "k").name == "verified")
        try await lab.reopen()
        // Neither the end of the challenge nor a newer one changes what is answered.
        time.pass(.seconds(86_400) - .milliseconds(1))
        try await accept(Letter(to: "bobby"))
        #expect(try await verify(delivery.challengeID, "1", key: "k").name == "repeated")
        #expect(try await verify(person: "bobby", "1", key: "k").name == "repeated")
        #expect(try await verify(delivery.challengeID, "2", key: "k").name == "conflict")
        #expect(try await verify(person: "bobby", "2", key: "k").name == "conflict")
        #expect(try await verify(delivery.challengeID, "1", key: "other").name == "used")
        time.pass(.milliseconds(1))
        #expect(try await verify(delivery.challengeID, "1", key: "k").name == "used")
    }

    func refusesExpiredCodes() async throws {
        let delivery = try await accept(Letter(to: "bobby").with { $0.life = .seconds(600) })
        time.pass(.seconds(400))
        try await accept(Letter(to: "bobby").with { $0.life = .seconds(600) })
        time.pass(.seconds(200))
        // The first code is over, the second is good: a try that it costs.
        #expect(try await verify(delivery.challengeID, "1").name == "expired, 4 left")
        time.pass(.seconds(400) - .milliseconds(1))
        #expect(try await verify(delivery.challengeID, "wrong").name == "mismatch, 3 left")
        time.pass(.milliseconds(1))
        #expect(try await verify(delivery.challengeID, "2").name == "expired, 3 left")
        #expect(try await verify(delivery.challengeID, "2").name == "expired, 3 left")
    }

    func verifiesByPerson() async throws {
        let acme = try #require(TenantName("acme"))
        let delivery = try await accept(Letter(to: "bobby"))
        try await accept(Letter(to: "bobby").with { $0.session = "s1" })
        #expect(try await verify(person: "bobby", "1", purpose: .recovery).name == "mismatch, 4 left")
        #expect(try await verify(person: "bobby", "1", of: acme).name == "mismatch, 4 left")
        #expect(try await verify(person: "bobby", "1", session: "s2").name == "mismatch, 4 left")
        #expect(try await verify(person: "bobby", "1", key: "k").name == "verified")
        #expect(try await state(delivery.id) == "dead(answered)")
        #expect(try await verify(person: "bobby", "1", key: "k").name == "repeated")
        #expect(try await verify(person: "bobby", "1", session: "s1").name == "verified")
    }

    func answersForNobodyAsForSomebody() async throws {
        try await accept(Letter(to: "bobby"))
        for expected in (0...4).reversed().map({ "mismatch, \($0) left" }) + ["locked", "locked"] {
            #expect(try await verify(person: "bobby", "wrong").name == expected)
            #expect(try await verify(person: "nobody", "wrong").name == expected)
        }
        // The third round is the person's last, whatever stood open; then both wait for the window.
        for _ in 1...2 {
            for person in ["bobby", "nobody"] {
                try await accept(Letter(to: person))
                for _ in 1...5 { _ = try await verify(person: person, "wrong") }
            }
        }
        for person in ["bobby", "nobody", "bobby"] {
            #expect(try await verify(person: person, "wrong").name == "locked for a while")
        }
    }

    func countsTriesAcrossChallenges() async throws {
        for round in 1...3 {
            let delivery = try await accept(Letter(to: "bobby"))
            for wrong in 1...5 {
                #expect(
                    try await verify(delivery.challengeID, "wrong").name == "mismatch, \(5 - wrong) left",
                    "round \(round)"
                )
            }
        }
        let fourth = try await accept(Letter(to: "bobby"))
        try await lab.reopen()
        #expect(try await challenge(fourth.challengeID)?.triesLeft == 0)
        let refused = try await verify(fourth.challengeID, "1")
        guard case .locked(let wait, isPerson: true) = refused else { throw Surprise("it was answered \(refused)") }
        #expect(wait > .zero && wait <= .seconds(240))
        #expect(try await verify(fourth.challengeID, "1", of: .default).name == "locked for a while")
        let recovery = try await accept(Letter(to: "bobby", .recovery))
        #expect(try await verify(recovery.challengeID, "1").name == "verified")
        time.pass(wait)
        #expect(try await verify(fourth.challengeID, "wrong").name == "mismatch, 0 left")
        time.pass(.seconds(240))
        #expect(try await verify(fourth.challengeID, "1").name == "verified")
    }

    func verifiesOneOfTwoAtOnce() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let answers = try await withThrowingTaskGroup { group in
            for _ in 1...2 { group.addTask { try await verify(delivery.challengeID, "1").name } }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(answers.sorted() == ["used", "verified"])
    }

    func chargesFiveOfSixteenAtOnce() async throws {
        let delivery = try await accept(Letter(to: "bobby"))
        let answers = try await withThrowingTaskGroup { group in
            for _ in 1...16 { group.addTask { try await verify(delivery.challengeID, "wrong").name } }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        let mismatches = (0...4).map { "mismatch, \($0) left" }
        #expect(answers.filter { $0 != "locked" }.sorted() == mismatches)
        #expect(answers.count { $0 == "locked" } == 11)
    }

    func endsUnsentDeliveriesWhenAnswered() async throws {
        let first = try await accept(Letter(to: "bobby"))
        let sent = try await beginOne()
        try await settle(sent, .accepted)
        time.pass(.seconds(1))
        let second = try await accept(Letter(to: "bobby"))
        let held = try await claimOne()
        let other = try await accept(Letter(to: "carol"))
        #expect(try await verify(first.challengeID, "1").name == "verified")
        #expect(try await state(first.id) == "accepted")
        #expect(try await state(second.id) == "dead(answered)")
        #expect(try await begin(held) == .cancelled)
        #expect(try await claim().map(\.token.delivery) == [other.id])
    }

    func keepsChallengesToTheirTenant() async throws {
        let acme = try #require(TenantName("acme"))
        let delivery = try await accept(Letter(to: "bobby"))
        #expect(try await verify(delivery.challengeID, "1", of: acme) == .notFound)
        #expect(try await challenge(delivery.challengeID, of: acme) == nil)
        let nowhere = try #require(ChallengeID(bytes: delivery.id.bytes))
        #expect(try await verify(nowhere, "1") == .notFound)
        #expect(try await challenge(nowhere) == nil)
        #expect(try await challenge(delivery.challengeID, of: .default)?.tenant == .default)
        #expect(try await verify(delivery.challengeID, "1", of: .default).name == "verified")
    }
}
