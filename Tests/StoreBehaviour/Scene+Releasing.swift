import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

extension Scene {
    func releasesAtTheEnd() async throws {
        try await open([.cents(100)])
        let endings: [(String, (Scene, AcceptedEvent.Delivery) async throws -> Void)] = [
            ("answered", { scene, delivery in _ = try await scene.verify(delivery.challengeID, "1") }),
            (
                "cancelled",
                { scene, delivery in for _ in 1...5 { _ = try await scene.verify(delivery.challengeID, "wrong") } }
            ),
            (
                "superseded",
                { scene, _ in
                    scene.time.pass(.milliseconds(1))
                    let newer = try await scene.accept(scene.sms("superseded"))
                    _ = try await scene.verify(newer.challengeID, "1")
                }
            ),
            (
                "expired",
                { scene, _ in
                    scene.time.pass(.seconds(86_400))
                    try await scene.sweep()
                }
            ),
            (
                "crashed",
                { scene, _ in
                    for _ in 1...3 {
                        _ = try await scene.claimOne(at: Scene.sms)
                        scene.time.pass(.seconds(5))
                        try await scene.sweep()
                    }
                }
            ),
            ("refused", { scene, _ in try await scene.store.refuse(scene.claimOne(at: Scene.sms).token) }),
        ]
        for (reason, end) in endings {
            let delivery = try await accept(sms(reason, .cents(2)))
            try await end(self, delivery)
            #expect(try await state(delivery.id) == "dead(\(reason))")
            #expect(try await story(delivery.id) == ["reserved 0.02", "released 0.02"], "\(reason)")
            #expect(try await used() == 0, "\(reason)")
        }
    }

    func releasesWhatIsExhausted() async throws {
        try await open([.cents(100)])
        let delivery = try await accept(sms("bobby"))
        for _ in 1...6 {
            try await settle(beginOne(for: .cents(1)), .retry, code: "500")
            time.pass(.seconds(60))
        }
        #expect(try await state(delivery.id) == "dead(exhausted)")
        #expect(try await story(delivery.id).suffix(3) == ["committed 6 0.01", "released 6 0.01", "released 0.01"])
        #expect(try await used() == 0)
    }

    func releasesWhatCannotBeSentAgain() async throws {
        try await open([.cents(100)])
        let deliveries = try await accept(["answered", "cancelled", "superseded"].map { sms($0) })
        var begun: [DeliveryID: ClaimedDelivery] = [:]
        for claimed in try await claim(at: Scene.sms) {
            #expect(try await begin(claimed) == .go)
            begun[claimed.token.delivery] = claimed
        }
        _ = try await verify(deliveries[0].challengeID, "1")
        for _ in 1...5 { _ = try await verify(deliveries[1].challengeID, "wrong") }
        time.pass(.milliseconds(1))
        try await accept(sms("superseded"))
        #expect(try await used() == 4)
        for (delivery, reason) in zip(deliveries, ["answered", "cancelled", "superseded"]) {
            try await settle(#require(begun[delivery.id]), .retry)
            #expect(try await state(delivery.id) == "dead(\(reason))")
            let whole = ["reserved 0.01", "committed 1 0.01", "released 1 0.01", "released 0.01"]
            #expect(try await story(delivery.id) == whole, "\(reason)")
        }
        #expect(try await used() == 1)
    }

    func expiresAtBeginWithItsMoney() async throws {
        try await open([.cents(100)])
        let delivery = try await accept(sms("bobby").with { $0.life = .seconds(63) })
        let claimed = try await claimOne(at: Scene.sms)
        time.pass(.seconds(3))
        #expect(try await begin(claimed) == .expired)
        #expect(try await story(delivery.id) == ["reserved 0.01", "released 0.01"])
    }
}
