import AuthEvents
import Clocks
import Store
import TestSupport
import Testing

/// Waits before a resend.
extension Scene {
    private static let waits: [Duration] = [.seconds(30), .seconds(60), .seconds(120)]

    private func letter(to person: String, _ purpose: Purpose = .signUp, session: String? = nil) -> Letter {
        Letter(to: person, purpose).with { letter in
            letter.resendWaits = Scene.waits
            letter.session = session
        }
    }

    /// How long a letter must still wait; `nil` where it is accepted.
    private func wait(of letter: Letter) async throws -> Duration? {
        switch try await store.accept(stationery.submission(letter, at: time.now())) {
        case .accepted: return nil
        case .refused(let refusal, _):
            guard case .limited(LegRefusal.resend, let wait) = refusal.cause else {
                throw Surprise("it was refused: \(refusal)")
            }
            return wait
        case let answer: throw Surprise("it was answered \(answer)")
        }
    }

    func waitsLongerEachTime() async throws {
        let first = try await accept(letter(to: "bobby"))
        for wait in Scene.waits + [.seconds(120), .seconds(120)] {
            #expect(try await self.wait(of: letter(to: "bobby")) == wait)
            time.pass(wait - .milliseconds(1))
            // Asking does not make it longer.
            for _ in 1...3 { #expect(try await self.wait(of: letter(to: "bobby")) == .milliseconds(1)) }
            time.pass(.milliseconds(1))
            #expect(try await self.wait(of: letter(to: "bobby")) == nil)
        }
        #expect(try await challenge(first.challengeID)?.deliveries.count == 6)
        // Without waits there are none.
        for _ in 1...3 { try await accept(letter(to: "bobby").with { $0.resendWaits = [] }) }
    }

    func resendsOneOfManyAtOnce() async throws {
        try await accept(letter(to: "bobby"))
        for wait in Scene.waits {
            time.pass(wait)
            let answers = try await withThrowingTaskGroup { group in
                for _ in 1...16 { group.addTask { try await self.wait(of: letter(to: "bobby")) } }
                return try await group.reduce(into: [Duration?]()) { $0.append($1) }
            }
            #expect(answers.count { $0 == nil } == 1)
        }
    }

    func countsResendsByPersonAndPurpose() async throws {
        try await accept(letter(to: "bobby", .mfa, session: "a"))
        time.pass(.seconds(10))
        // Another session, and none, have challenges of their own and wait all the same.
        #expect(try await wait(of: letter(to: "bobby", .mfa, session: "b")) == .seconds(20))
        #expect(try await wait(of: letter(to: "bobby", .mfa).with { $0.legs[0].channel = .email }) == .seconds(20))
        time.pass(.seconds(20))
        #expect(try await wait(of: letter(to: "bobby", .mfa, session: "b")) == nil)
        #expect(try await wait(of: letter(to: "bobby", .mfa, session: "a")) == .seconds(60))
        time.pass(.seconds(60))
        #expect(try await wait(of: letter(to: "bobby", .mfa)) == nil)
        #expect(try await wait(of: letter(to: "bobby", .mfa)) == .seconds(120))
        // Another purpose, person or tenant does not, nor does what proves nothing.
        let others = [
            letter(to: "bobby", .recovery), letter(to: "carol", .mfa),
            letter(to: "bobby", .mfa).with { $0.tenant = Scene.acme },
            letter(to: "bobby", .mfa).with { $0.proves = false },
            letter(to: "bobby", .mfa).with { $0.proves = false },
        ]
        for letter in others { #expect(try await wait(of: letter) == nil) }
    }

    func waitsAfterALockToo() async throws {
        let locked = try await accept(letter(to: "bobby", .recovery))
        for _ in 1...5 { _ = try await verify(locked.challengeID, "wrong") }
        #expect(try await wait(of: letter(to: "bobby", .recovery)) == .seconds(30))
        time.pass(.seconds(30))
        let next = try await accept(letter(to: "bobby", .recovery))
        #expect(next.challengeID != locked.challengeID)
        #expect(try await wait(of: letter(to: "bobby", .recovery)) == .seconds(60))
    }

    func startsAnewOnceItIsOver() async throws {
        let verified = try await accept(letter(to: "bobby"))
        time.pass(.seconds(30))
        try await accept(letter(to: "bobby"))
        #expect(try await verify(verified.challengeID, "1").name == "verified")
        #expect(try await wait(of: letter(to: "bobby")) == nil)
        #expect(try await wait(of: letter(to: "bobby")) == .seconds(30))
        let brief = letter(to: "carol").with { letter in
            (letter.life, letter.minimumLife) = (.seconds(40), .zero)
        }
        try await accept(brief)
        time.pass(.seconds(30))
        // The challenge keeps its code past half of its life only to the end: it is a new one with a full life.
        #expect(try await wait(of: brief) == nil)
        time.pass(.seconds(40) - .milliseconds(1))
        #expect(try await wait(of: brief) == .seconds(20) + .milliseconds(1))
        time.pass(.milliseconds(1))
        #expect(try await wait(of: brief) == nil)
        #expect(try await wait(of: brief) == .seconds(30))
        // What reopens takes up the count no more than any other.
        time.pass(.seconds(40))
        #expect(try await wait(of: brief.with { $0.reopens = true }) == nil)
        #expect(try await wait(of: brief.with { $0.reopens = true }) == .seconds(30))
    }

    func waitsInAGroup() async throws {
        let both = party("bobby").with { $0.resendWaits = Scene.waits }
        let first = try await acceptParty(both)
        #expect(try await wait(of: both) == .seconds(30))
        time.pass(.seconds(10))
        // One that was not written to yet goes out alone.
        let mixed = both.with { $0.legs[1].person = "another mail" }
        let event = try await acceptEvent(mixed)
        #expect(event.deliveries.map(\.channel) == [.email])
        let refused = LegRefusal(channel: .sms, cause: .limited(LegRefusal.resend, retryAfter: .seconds(20)))
        #expect(event.refused == [refused])
        #expect(try await challenge(first.sms.challengeID)?.deliveries == [first.sms.id])
        time.pass(.seconds(20))
        let second = try await acceptParty(both)
        #expect(second.sms.challengeID == first.sms.challengeID)
        #expect(try await wait(of: both) == .seconds(60))
    }

    func keepsResendWaitsOverRestarts() async throws {
        try await accept(letter(to: "bobby"))
        time.pass(.seconds(30))
        try await accept(letter(to: "bobby"))
        try await lab.kill(reopeningWith: lab.settings)
        time.pass(.seconds(59))
        #expect(try await wait(of: letter(to: "bobby")) == .seconds(1))
        try await lab.reopen()
        time.pass(.seconds(1))
        #expect(try await wait(of: letter(to: "bobby")) == nil)
    }
}
