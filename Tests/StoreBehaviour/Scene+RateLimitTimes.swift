import Clocks
import Limits
import Store
import TestSupport
import Testing

/// Limits over restarts and clocks that are set.
extension Scene {
    func keepsSlotsOverRestarts() async throws {
        let slot = Slot("limit", "5/10m")
        for _ in 1...5 { try await accept(anybody(slot)) }
        try await lab.reopen()
        #expect(try await refusal(of: anybody(slot)).cause == .limited("limit", retryAfter: .seconds(120)))
        time.pass(.seconds(120))
        try await accept(anybody(slot))
        try await lab.kill(reopeningWith: lab.settings)
        #expect(try await refusal(of: anybody(slot)).cause == .limited("limit", retryAfter: .seconds(120)))
        time.restartMachine(as: "boot-2")
        try await lab.reopen()
        time.pass(.seconds(119))
        #expect(try await refusal(of: anybody(slot)).cause == .limited("limit", retryAfter: .seconds(1)))
    }

    /// The wall clock loses an hour while a limit is used up.
    func waitsNoLongerAfterAClockSetBack() async throws {
        let slot = Slot("limit", "5/10m")
        #expect(try await room(of: slot) == 5)
        time.setWall(by: .seconds(-3600))
        for _ in 1...3 {
            #expect(try await refusal(of: anybody(slot)).cause == .limited("limit", retryAfter: .seconds(120)))
            time.pass(.seconds(120))
            try await accept(anybody(slot))
        }
        let letter = Letter(to: "bobby").with { $0.resendWaits = [.seconds(30), .seconds(60)] }
        try await accept(letter)
        time.setWall(by: .seconds(-3600))
        #expect(try await refusal(of: letter).cause == .limited(LegRefusal.resend, retryAfter: .seconds(30)))
        time.pass(.seconds(30))
        try await accept(letter)
        #expect(try await refusal(of: letter).cause == .limited(LegRefusal.resend, retryAfter: .seconds(60)))
        // Nor is a person locked out of verifying for longer than it is told.
        let other = try await accept(Letter(to: "carol").with { $0.tries = 20 })
        for _ in 1...15 { _ = try await verify(other.challengeID, "wrong") }
        time.setWall(by: .seconds(-3600))
        #expect(try await verify(other.challengeID, "1") == .locked(retryAfter: .seconds(240), isPerson: true))
        time.pass(.seconds(240))
        #expect(try await verify(other.challengeID, "1").name == "verified")
    }

    func waitsNoLongerUnderASmallerLimit() async throws {
        #expect(try await room(of: Slot("limit", "5/10m")) == 5)
        let smaller = Slot("limit", "5/1m")
        #expect(try await refusal(of: anybody(smaller)).cause == .limited("limit", retryAfter: .seconds(12)))
        time.pass(.seconds(12))
        try await accept(anybody(smaller))
        #expect(try await refusal(of: anybody(smaller)).cause == .limited("limit", retryAfter: .seconds(12)))
    }

    func forgetsFullBuckets() async throws {
        let short = (1...1100).map { Slot("short", at: "place \($0)", "1/1m") }
        let long = Slot("long", "1/1h")
        _ = try await store.accept((short + [long]).map { stationery.submission(anybody($0), at: time.now()) })
        time.pass(.seconds(60))
        for _ in 1...10 {
            time.pass(.seconds(1))
            try await sweep()
        }
        #expect(try await lab.countOfBuckets() == 1)
        #expect(try await refusal(of: anybody(long)).cause == .limited("long", retryAfter: .seconds(3530)))
        try await accept(anybody(short[0]))
    }
}
