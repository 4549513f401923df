import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

extension Scene {
    private static let tenSeconds: @Sendable (inout Letter) -> Void = { $0.life = .seconds(70) }

    func expiresWhatWaits() async throws {
        let ready = try await accept(Letter(to: "bobby").with(Scene.tenSeconds))
        let stays = try await accept(Letter(to: "carol"))
        let unlucky = try await accept(
            (1...5).map { Letter(to: "p-\($0)", .recovery, by: .sms).with(Scene.tenSeconds) }
        )
        for _ in unlucky { try await settle(beginOne(at: Scene.sms), .retry, code: Outcome.unreachableCode) }
        try await sweep()
        #expect(try await state(unlucky[0].id) == "parked(gateway_down)")
        time.pass(.seconds(10) - .milliseconds(1))
        try await sweep()
        #expect(try await state(ready.id) == "ready")
        time.pass(.milliseconds(1))
        try await sweep()
        for delivery in unlucky + [ready] { #expect(try await state(delivery.id) == "dead(expired)") }
        #expect(try await state(stays.id) == "ready")
        #expect(try await claim().map(\.token.delivery) == [stays.id])
    }

    func claimsNothingPastItsDeadline() async throws {
        let late = try await accept((1...250).map { Letter(to: "late-\($0)").with(Scene.tenSeconds) })
        time.pass(.seconds(10) - .milliseconds(1))
        let last = try await claim(1)
        #expect(last.count == 1)
        time.pass(.milliseconds(1))
        let good = try await accept(Letter(to: "bobby"))
        #expect(try await claim().map(\.token.delivery) == [good.id])
        #expect(try await claim().isEmpty)
        #expect(try await earliestDue("mail-main") == nil)
        try await sweep()
        var states: [String: Int] = [:]
        for delivery in late { states[try await state(delivery.id), default: 0] += 1 }
        #expect(states == ["dead(expired)": 249, "leased": 1])
        #expect(try await begin(last[0]) == .expired)
    }

    func expiresManyInSlices() async throws {
        try await accept((1...1200).map { Letter(to: "person-\($0)").with(Scene.tenSeconds) })
        time.pass(.seconds(10))
        #expect(try await sweep() >= 3)
        let counts = try await store.standing(of: nil).channels.first { $0.channel == .email }?.counts
        #expect(counts?[.dead] == 1200)
        #expect(try await claim().isEmpty)
    }

    func showsWhenTheNextIsDue() async throws {
        #expect(try await earliestDue("mail-main") == nil)
        let first = try await accept(Letter(to: "bobby").with(Scene.tenSeconds))
        let due = time.now()
        #expect(try await earliestDue("mail-main") == due)
        time.pass(.seconds(1))
        try await accept(Letter(to: "carol"))
        #expect(try await earliestDue("mail-main") == due)
        time.pass(.seconds(9))
        try await sweep()
        #expect(try await state(first.id) == "dead(expired)")
        #expect(try await earliestDue("mail-main") == due + .seconds(1))
        let held = try await claimOne()
        #expect(try await earliestDue("mail-main") == nil)
        try await store.free([held.token])
        #expect(try await verify(held.code?.challenge, "1").name == "verified")
        #expect(try await earliestDue("mail-main") == nil)
    }

    private func earliestDue(_ gateway: String) async throws -> Instant? {
        try await store.standing(of: nil).gateways.first { $0.name == gateway }?.earliestDue
    }
}
