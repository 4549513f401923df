import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

/// What events bring with them, and several of them in one call.
extension Scene {
    func handsOutWhatWasBrought() async throws {
        let letter = Letter(to: "bobby").with { letter in
            letter.brought = "own code"
            letter.proves = false
            letter.legs.append(Letter.Leg(person: "carol", channel: .email))
        }
        try await accept(letter)
        let brought = Array("own code".utf8)
        let held = try await claimOne()
        #expect(held.brought == brought)
        try await store.free([held.token])
        let lost = try await beginOne()
        #expect(lost.brought == brought)
        try await settle(lost, .unknown)
        // What nobody knows of may be sent again, though all else has ended.
        try await settle(beginOne(), .accepted)
        time.pass(.seconds(35))
        try await sweep()
        try await lab.reopen()
        let again = try await beginOne()
        #expect(again.token.delivery == lost.token.delivery)
        #expect(again.brought == brought)
        try await settle(again, .accepted)
        try await accept(Letter(to: "dora"))
        #expect(try await claimOne().brought == nil)
    }

    func refusesProblemsOfNewEvents() async throws {
        let problem = EventProblem.notAllowed
        let letter = Letter(to: "bobby").with { $0.name = "one" }
        let faulty = letter.with { $0.problem = problem }
        #expect(try await store.accept(stationery.submission(faulty, at: time.now())) == .invalid(problem))
        #expect(try await store.deliveries(DeliveryFilter()).items.isEmpty)
        let event = try await acceptEvent(letter)
        #expect(try await store.accept(stationery.submission(faulty, at: time.now())) == .duplicate(event))
        let other = faulty.with { $0.content = "another" }
        #expect(try await store.accept(stationery.submission(other, at: time.now())) == .conflict)
        #expect(try await store.deliveries(DeliveryFilter()).items.count == 1)
    }

    private func accept(together letters: [Letter]) async throws -> [Acceptance] {
        try await store.accept(letters.map { stationery.submission($0, at: time.now()) })
    }

    func answersSeveralInOrder() async throws {
        try await open([.cents(1)])
        let known = Letter(to: "known").with { $0.name = "known" }
        let event = try await acceptEvent(known)
        let problem = EventProblem.notAllowed
        let letters = [
            Letter(to: "a", .recovery, by: .sms), Letter(to: "b", .recovery, by: .sms), Letter(to: "c"),
            Letter(to: "d").with { $0.problem = problem }, known, known.with { $0.content = "another" },
            Letter(to: "c").with { $0.life = .seconds(100) },
        ]
        let answers = try await accept(together: letters)
        #expect(
            answers.map(\.name) == ["accepted", "refused", "accepted", "invalid", "duplicate", "conflict", "accepted"]
        )
        #expect(answers[3] == .invalid(problem))
        #expect(answers[4] == .duplicate(event))
        guard case .accepted(let sms) = answers[0], case .accepted(let first) = answers[2],
            case .accepted(let second) = answers[6]
        else { throw Surprise("they were answered \(answers)") }
        #expect(sms.deliveries.map(\.channel) == [.sms])
        // The later of a person is a resend of the earlier in the same call.
        #expect(first.deliveries.map(\.challengeID) == second.deliveries.map(\.challengeID))
        for delivery in first.deliveries { #expect(try await state(delivery.id) == "dead(superseded)") }
        #expect(try await entries().map(\.kind) == [.reserved])
        #expect(try await accept(together: []).isEmpty)
    }

    func knowsTwinsOfOneCall() async throws {
        let twin = Letter(to: "bobby").with { $0.name = "one" }
        let answers = try await accept(together: [twin, twin, twin.with { $0.content = "another" }])
        guard case .accepted(let event) = answers.first else { throw Surprise("they were answered \(answers)") }
        #expect(answers == [.accepted(event), .duplicate(event), .conflict])
        #expect(try await store.deliveries(DeliveryFilter()).items.map(\.id) == event.deliveries.map(\.id))
    }

    func keepsSeveralTogether() async throws {
        let answers = try await accept(together: (1...5).map { Letter(to: "person-\($0)") })
        let accepted = answers.flatMap { answer in
            if case .accepted(let event) = answer { event.deliveries.map(\.id) } else { [DeliveryID]() }
        }
        #expect(accepted.count == 5)
        try await lab.kill(reopeningWith: lab.settings)
        #expect(Set(try await store.deliveries(DeliveryFilter()).items.map(\.id)) == Set(accepted))
        #expect(Set(try await claim().map(\.token.delivery)) == Set(accepted))
    }
}

extension Acceptance {
    fileprivate var name: String {
        switch self {
        case .accepted: "accepted"
        case .duplicate: "duplicate"
        case .conflict: "conflict"
        case .refused: "refused"
        case .invalid: "invalid"
        }
    }
}
