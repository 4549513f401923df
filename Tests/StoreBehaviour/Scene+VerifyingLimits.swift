import AuthEvents
import Clocks
import Limits
import Store
import TestSupport
import Testing

/// Limits at verification.
extension Scene {
    func judgesLimitsBeforeCodes() async throws {
        let slot = Slot("tries", "1/1m")
        let delivery = try await accept(Letter(to: "bobby"))
        #expect(try await verify(delivery.challengeID, "wrong", slots: [slot]).name == "mismatch, 4 left")
        for code in ["wrong", "1"] {
            let answer = try await verify(delivery.challengeID, code, slots: [slot])
            #expect(answer == .limited("tries", retryAfter: .seconds(60)))
        }
        #expect(try await challenge(delivery.challengeID)?.triesLeft == 4)
        time.pass(.seconds(60) - .milliseconds(1))
        #expect(try await verify(delivery.challengeID, "1", slots: [slot]).name == "limited by tries for 0 s")
        time.pass(.milliseconds(1))
        #expect(try await verify(delivery.challengeID, "1", slots: [slot]).name == "verified")
        time.pass(.seconds(60))
        // Also where nothing could be verified any more.
        #expect(try await verify(delivery.challengeID, "1", slots: [slot]).name == "used")
        #expect(try await verify(delivery.challengeID, "1", slots: [slot]).name == "limited by tries for 60 s")
        try await lab.kill(reopeningWith: lab.settings)
        #expect(try await verify(delivery.challengeID, "1", slots: [slot]).name == "limited by tries for 60 s")
    }

    func limitsTriesForNobodyToo() async throws {
        let acme = try await accept(Letter(to: "carol").with { $0.tenant = Scene.acme })
        let nowhere = try #require(ChallengeID(bytes: acme.id.bytes))
        let asked: [(what: String, first: String, ask: ([Slot]) async throws -> VerificationResult)] = [
            ("an unknown person", "mismatch, 4 left", { try await verify(person: "nobody", "1", slots: $0) }),
            ("an unknown id", "not found", { try await verify(nowhere, "1", slots: $0) }),
            (
                "an id of another tenant", "not found",
                { try await verify(acme.challengeID, "1", of: .default, slots: $0) }
            ),
        ]
        for (what, first, ask) in asked {
            let slots = [Slot("tries", at: what, "2/1m")]
            #expect(try await ask(slots).name == first, "\(what)")
            _ = try await ask(slots)
            for _ in 1...3 { #expect(try await ask(slots).name == "limited by tries for 30 s", "\(what)") }
            time.pass(.seconds(30))
            #expect(try await ask(slots).name.prefix(3) == first.prefix(3), "\(what)")
        }
        // Three were judged, so two are left: what was refused has cost nothing.
        #expect(try await verify(person: "nobody", "1").name == "mismatch, 1 left")
        #expect(try await challenge(acme.challengeID)?.triesLeft == 5)
    }

    func takesAllSlotsOfATryOrNone() async throws {
        let (wide, narrow) = (Slot("wide", "3/1m"), Slot("narrow", "1/1h"))
        let delivery = try await accept(Letter(to: "bobby").with { $0.tries = 20 })
        _ = try await verify(delivery.challengeID, "wrong", slots: [wide, narrow])
        for _ in 1...5 {
            let answer = try await verify(delivery.challengeID, "wrong", slots: [wide, narrow])
            #expect(answer == .limited("narrow", retryAfter: .seconds(3600)))
        }
        for _ in 1...2 {
            #expect(try await verify(delivery.challengeID, "wrong", slots: [wide]).name.hasPrefix("mism"))
        }
        let answer = try await verify(delivery.challengeID, "1", slots: [wide])
        #expect(answer == .limited("wide", retryAfter: .seconds(20)))
    }

    func repeatsWithoutASlot() async throws {
        let slot = Slot("tries", "1/1h")
        let delivery = try await accept(Letter(to: "bobby"))
        #expect(try await verify(delivery.challengeID, "1", key: "k", slots: [slot]).name == "verified")
        for _ in 1...3 {
            #expect(try await verify(delivery.challengeID, "1", key: "k", slots: [slot]).name == "repeated")
            #expect(try await verify(person: "bobby", "1", key: "k", slots: [slot]).name == "repeated")
        }
        #expect(try await verify(person: "bobby", "1", slots: [slot]).name == "limited by tries for 3600 s")
    }

    func judgesAsManyTriesAtOnceAsHaveRoom() async throws {
        let slot = Slot("tries", "5/10m")
        let deliveries = try await accept((1...16).map { Letter(to: "person \($0)") })
        let answers = try await withThrowingTaskGroup { group in
            for delivery in deliveries {
                group.addTask { try await verify(delivery.challengeID, "wrong", slots: [slot]).name }
            }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(answers.count { $0 == "mismatch, 4 left" } == 5)
        #expect(answers.count { $0 == "limited by tries for 120 s" } == 11)
    }
}
