import AuthEvents
import Challenges
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

extension Scene {
    func acceptsReady() async throws {
        let delivery = try await accept(Letter(to: "bobby").with { $0.digits = 8 })
        #expect(!delivery.isParked)
        #expect(delivery.challenge?.digits == 8)
        #expect(delivery.challenge?.expiresAt == time.now() + .seconds(86_400))
        let report = try await report(delivery.id)
        #expect(report.state == .ready)
        #expect(report.gateway == "mail-main")
        #expect(report.challenge == delivery.challengeID)
        #expect(report.sendBefore == time.now() + .seconds(86_400 - 60))
        #expect(report.attempts.isEmpty)
        let challenge = try #require(try await challenge(delivery.challengeID))
        #expect(challenge.challenge.state(at: time.now()) == .open)
        #expect(challenge.deliveries == [delivery.id])
        #expect(challenge.triesLeft == 5)
    }

    func answersDuplicates() async throws {
        let both = Letter(to: "bobby").with { letter in
            letter.name = "twice"
            letter.legs = ["first", "second", "third", "fourth"].map { Letter.Leg(person: $0, channel: .email) }
        }
        let first = try await store.accept(stationery.submission(both, at: time.now()))
        guard case .accepted(let event) = first else { throw Surprise("the first was answered \(first)") }
        #expect(event.deliveries.count == 4)
        for _ in 1...4 { try await settle(beginOne(), .refused) }
        time.pass(.seconds(7 * 86_400) - .milliseconds(1))
        try await lab.reopen()
        let second = try await store.accept(stationery.submission(both, at: time.now()))
        #expect(second == .duplicate(event))
        #expect(try await store.deliveries(DeliveryFilter()).items.count == 4)
    }

    func refusesConflicts() async throws {
        let letter = Letter(to: "bobby").with { $0.name = "one" }
        let delivery = try await accept(letter)
        let other = letter.with { $0.content = "another" }
        #expect(try await store.accept(stationery.submission(other, at: time.now())) == .conflict)
        #expect(try await store.deliveries(DeliveryFilter()).items.map(\.id) == [delivery.id])
        #expect(try await state(delivery.id) == "ready")
    }

    func forgetsAfterSevenDays() async throws {
        let letter = Letter(to: "bobby").with { $0.name = "one" }
        let first = try await accept(letter)
        time.pass(.seconds(7 * 86_400))
        let second = try await accept(letter.with { $0.content = "another" })
        #expect(second.id != first.id)
        #expect(second.challengeID != first.challengeID)
        let again = try await store.accept(stationery.submission(letter, at: time.now()))
        #expect(again == .conflict)
    }

    func acceptsOneOfManyAtOnce() async throws {
        let letter = Letter(to: "bobby").with { $0.name = "one" }
        let submissions = (1...16).map { _ in stationery.submission(letter, at: time.now()) }
        let answers = try await withThrowingTaskGroup { group in
            for submission in submissions { group.addTask { try await store.accept(submission) } }
            return try await group.reduce(into: [Acceptance]()) { $0.append($1) }
        }
        let accepted = answers.compactMap { if case .accepted(let event) = $0 { event } else { nil } }
        let duplicates = answers.compactMap { if case .duplicate(let event) = $0 { event } else { nil } }
        let event = try #require(accepted.first)
        #expect(accepted.count == 1)
        #expect(duplicates == Array(repeating: event, count: 15))
    }

    func resendsTheSameCodeWhileYoung() async throws {
        let first = try await accept(Letter(to: "bobby"))
        time.pass(.seconds(43_200))
        let second = try await accept(Letter(to: "bobby"))
        #expect(second.challengeID == first.challengeID)
        #expect(second.challenge?.expiresAt == first.challenge?.expiresAt)
        #expect(try await challenge(first.challengeID)?.challenge.codes == 1)
        let claimed = try await claim()
        #expect(claimed.map(\.token.delivery) == [second.id])
        #expect(claimed.map(\.code?.number) == [1])
        #expect(try await verify(first.challengeID, "1").name == "verified")
    }

    func makesASecondCodePastHalfLife() async throws {
        let first = try await accept(Letter(to: "bobby"))
        time.pass(.seconds(43_200) + .milliseconds(1))
        let second = try await accept(Letter(to: "bobby"))
        #expect(second.challengeID == first.challengeID)
        #expect(second.challenge?.expiresAt == time.now() + .seconds(86_400))
        let report = try #require(try await challenge(first.challengeID))
        #expect(report.challenge.codes == 2)
        #expect(report.challenge.expiresAt == second.challenge?.expiresAt)
        #expect(report.deliveries == [first.id, second.id])
        #expect(try await claimOne().code?.number == 2)
        // The earlier code is good until it expires.
        #expect(try await verify(first.challengeID, "1").name == "verified")
    }

    func supersedesWhatIsUnsent() async throws {
        let ready = try await accept(Letter(to: "bobby"))
        let leased = try await accept(Letter(to: "carol"))
        let sending = try await accept(Letter(to: "dora"))
        let claimed = try await claim()
        let tokens = Dictionary(uniqueKeysWithValues: claimed.map { ($0.token.delivery, $0) })
        try await store.free([#require(tokens[ready.id]).token])
        #expect(try await begin(#require(tokens[sending.id])) == .go)
        time.pass(.seconds(1))
        let news = try await accept([Letter(to: "bobby"), Letter(to: "carol"), Letter(to: "dora")])
        #expect(try await state(ready.id) == "dead(superseded)")
        #expect(try await state(leased.id) == "dead(superseded)")
        #expect(try await state(sending.id) == "sending")
        #expect(try await begin(#require(tokens[leased.id])) == .cancelled)
        #expect(try await begin(#require(tokens[leased.id])) == .cancelled)
        for delivery in news { #expect(try await state(delivery.id) == "ready") }
    }

    func opensChallengesOfTheirOwn() async throws {
        let acme = try #require(TenantName("acme"))
        let first = try await accept(Letter(to: "bobby", .mfa).with { $0.session = "s1" })
        let others = try await accept([
            Letter(to: "bobby", .mfa).with { $0.session = "s2" },
            Letter(to: "bobby", .mfa),
            Letter(to: "bobby", .recovery).with { $0.session = "s1" },
            Letter(to: "carol", .mfa).with { $0.session = "s1" },
            Letter(to: "bobby", .mfa).with { letter in
                letter.session = "s1"
                letter.tenant = acme
            },
        ])
        let again = try await accept(Letter(to: "bobby", .mfa).with { $0.session = "s1" })
        #expect(again.challengeID == first.challengeID)
        #expect(Set(others.map(\.challengeID) + [first.challengeID]).count == 6)
    }

    func opensANewChallengeAfterAClosedOne() async throws {
        let verified = try await accept(Letter(to: "bobby"))
        #expect(try await verify(verified.challengeID, "1").name == "verified")
        let locked = try await accept(Letter(to: "bobby"))
        #expect(locked.challengeID != verified.challengeID)
        for _ in 1...5 { _ = try await verify(locked.challengeID, "wrong") }
        let expired = try await accept(Letter(to: "bobby"))
        #expect(expired.challengeID != locked.challengeID)
        time.pass(.seconds(86_400))
        let last = try await accept(Letter(to: "bobby"))
        #expect(last.challengeID != expired.challengeID)
        #expect(try await challenge(last.challengeID)?.challenge.triesLeft == 5)
    }
}
