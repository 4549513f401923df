import AuthEvents
import Clocks
import Deliveries
import Store
import TestSupport
import Testing

extension Scene {
    /// Lets five attempts in a row meet no gateway.
    @discardableResult
    func takeDown(_ channel: Channel) async throws -> [DeliveryID] {
        let gateways = channel == .sms ? Scene.sms : ["mail-main"]
        let unlucky = try await accept((1...5).map { Letter(to: "unlucky-\($0)", .recovery, by: channel) })
        for _ in unlucky { try await settle(beginOne(at: gateways), .retry, code: Outcome.unreachableCode) }
        #expect(try await health(of: gateways[0]) == .down)
        return unlucky.map(\.id)
    }

    func failsOverWhenAGatewayIsDown() async throws {
        let waiting = try await accept((1...3).map { Letter(to: "person-\($0)") })
        let unlucky = try await takeDown(.email)
        let next = try await accept(Letter(to: "bobby"))
        #expect(try await report(next.id).gateway == "mail-backup")
        try await sweep()
        for id in waiting.map(\.id) + unlucky {
            #expect(try await report(id).gateway == "mail-backup")
            #expect(try await state(id) == "ready")
        }
        time.pass(.seconds(2))
        #expect(try await claim(at: ["mail-main"]).isEmpty)
        #expect(try await claim(at: ["mail-backup"]).count == 9)
        #expect(try await health(of: "mail-backup") == .ok)
    }

    func parksWhereNoGatewayIsLeft() async throws {
        let waiting = try await accept(Letter(to: "bobby", .notice, by: .sms))
        #expect(!waiting.isParked)
        _ = try await takeDown(.sms)
        let letter = Letter(to: "carol", .mfa, by: .sms).with { $0.name = "parked" }
        let parked = try await accept(letter)
        #expect(parked.isParked)
        try await sweep()
        for id in [waiting.id, parked.id] { #expect(try await state(id) == "parked(gateway_down)") }
        #expect(try await claim().isEmpty)
        try await lab.reopen()
        #expect(try await health(of: "sms-main") == .down)
        // Where it stood then is what is answered, also when it stands elsewhere now.
        time.pass(.seconds(10))
        try await sweep()
        try await settle(beginOne(), .accepted)
        try await sweep()
        let again = try await store.accept(stationery.submission(letter, at: time.now()))
        guard case .duplicate(let event) = again else { throw Surprise("the second was answered \(again)") }
        #expect(event.deliveries == [parked])
    }

    func staysUpAfterFourUnreachable() async throws {
        try await accept((1...9).map { Letter(to: "person-\($0)", .mfa, by: .sms) })
        for _ in 1...4 { try await settle(beginOne(), .retry, code: Outcome.unreachableCode) }
        try await settle(beginOne(), .refused)
        for _ in 1...4 { try await settle(beginOne(), .retry, code: Outcome.unreachableCode) }
        #expect(try await health(of: "sms-main") == .ok)
        #expect(try await store.standing(of: nil).channels.first { $0.channel == .sms }?.counts[.parked] == 0)
    }

    func triesADownGatewayEveryTenSeconds() async throws {
        _ = try await takeDown(.sms)
        try await accept((1...4).map { Letter(to: "person-\($0)", .recovery, by: .sms) })
        try await sweep()
        for _ in 1...3 {
            time.pass(.seconds(10) - .milliseconds(1))
            try await sweep()
            #expect(try await claim().isEmpty)
            time.pass(.milliseconds(1))
            try await sweep()
            let trial = try await claim()
            #expect(trial.count == 1)
            #expect(try await begin(trial) == [.go])
            try await settle(trial[0], .retry, code: Outcome.unreachableCode)
            try await sweep()
            #expect(try await claim().isEmpty)
        }
        #expect(try await health(of: "sms-main") == .down)
    }

    func aSuccessFreesWhatWasParked() async throws {
        _ = try await takeDown(.sms)
        try await accept((1...1200).map { Letter(to: "person-\($0)", .recovery, by: .sms) })
        time.pass(.seconds(10))
        try await sweep()
        let trial = try await beginOne()
        try await settle(trial, .refused, code: "21211")
        #expect(try await health(of: "sms-main") == .ok)
        var ready: [Int64] = []
        for _ in 1...10 where try await store.sweep() {
            let counts = try await store.standing(of: nil).channels.first { $0.channel == .sms }?.counts
            ready.append(counts?[.ready] ?? 0)
        }
        #expect(ready == [500, 1000])
        let counts = try await store.standing(of: nil).channels.first { $0.channel == .sms }?.counts
        #expect(counts?[.parked] == 0)
        #expect(counts?[.ready] == 1204)
        #expect(try await claim(2000).count == 1204)
    }
}
