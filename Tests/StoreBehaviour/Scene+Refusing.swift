import AuthEvents
import Clocks
import Deliveries
import Spend
import Store
import TestSupport
import Testing

extension Scene {
    func acceptsWhatOfAGroupCanBeSent() async throws {
        try await open([.cents(0)])
        let early = LegRefusal(channel: .sms, cause: .destination(DestinationRefusal(country: "GB", reason: .noPrice)))
        let nowhere = LegRefusal(channel: .sms, cause: .destination(DestinationRefusal(country: nil, reason: .country)))
        let letter = party("bobby").with { letter in
            letter.name = "one"
            letter.refused = [early, nowhere]
        }
        let event = try await acceptEvent(letter)
        let end = Budget.Period.day.bounds(around: time.now()).end
        let late = LegRefusal(channel: .sms, cause: .overBudget("all", resetsAt: end))
        #expect(event.refused == [early, nowhere, late])
        #expect(event.deliveries.map(\.channel) == [.email])
        #expect(try await entries().isEmpty)
        let delivery = try #require(event.deliveries.first)
        #expect(try await challenge(delivery.challengeID)?.group == [])
        // As it was answered then, though there would be money by now.
        try await open([.cents(10)])
        let again = try await store.accept(stationery.submission(letter, at: time.now()))
        #expect(again == .duplicate(event))
        #expect(try await entries().isEmpty)
        #expect(try await verify(delivery.challengeID, "1").name == "verified")
    }

    func refusesAGroupOfWhichNothingCanBeSent() async throws {
        try await open([.cents(0)])
        let early = LegRefusal(channel: .email, cause: .destination(DestinationRefusal(country: nil, reason: .noRoute)))
        let letter = party("bobby").with { letter in
            letter.legs.removeLast()
            letter.refused = [early]
        }
        #expect(try await refusal(of: letter) == early)
        #expect(try await store.deliveries(DeliveryFilter()).items.isEmpty)
        // What is no group is all or nothing.
        let end = Budget.Period.day.bounds(around: time.now()).end
        let all = party("bobby").with { $0.isGroup = false }
        #expect(try await refusal(of: all).cause == .overBudget("all", resetsAt: end))
        #expect(try await store.deliveries(DeliveryFilter()).items.isEmpty)
        #expect(try await entries().isEmpty)
    }

    func routesByCountry() async throws {
        try await open([]) { settings in
            settings.routing = RoutingTable(
                gateways: Scene.twoGateways.gateways,
                routes: [
                    Route(channel: .sms, countries: ["US"], gateways: ["sms-main"]),
                    Route(channel: .sms, countries: ["GB", "FR"], gateways: ["sms-backup", "sms-main"]),
                ]
            )
        }
        let places = [("US", "sms-main"), ("GB", "sms-backup"), ("FR", "sms-backup")]
        for (country, gateway) in places {
            let letter = sms(country, .cents(1), backup: .cents(1)).with { $0.country = country }
            let id = try await accept(letter).id
            #expect(try await report(id).gateway == gateway)
            // What comes back goes by the same route.
            try await settle(beginOne(at: [gateway], for: .cents(1)), .released)
            #expect(try await state(id) == "ready")
            #expect(try await report(id).gateway == gateway)
            try await settle(beginOne(at: [gateway], for: .cents(1)), .accepted)
        }
        let refused = try await refusal(of: sms("DE").with { $0.country = "DE" })
        #expect(refused.cause == .destination(DestinationRefusal(country: "DE", reason: .noRoute)))
        try await accept(Letter(to: "bobby"))
        var filter = DeliveryFilter()
        filter.country = "GB"
        #expect(try await store.deliveries(filter).items.map(\.estimate?.country) == ["GB"])
    }

    /// Lets five attempts in a row meet no gateway.
    private func takeDown(_ gateway: String) async throws {
        for _ in 1...5 {
            let begun = try await beginOne(at: [gateway], for: .cents(1))
            try await settle(begun, .retry, code: Outcome.unreachableCode)
        }
        #expect(try await health(of: gateway) == .down)
        try await sweep()
        time.pass(.seconds(2))
    }

    private static let threeGateways = RoutingTable(
        gateways: ["sms-main", "sms-middle", "sms-backup"].map(StoreBehaviour.sms)
    )

    func passesOverGatewaysWithoutAPrice() async throws {
        try await open([]) { $0.routing = Scene.threeGateways }
        let deliveries = try await accept((1...6).map { sms("person-\($0)", .cents(1), backup: .cents(1)) })
        try await takeDown("sms-main")
        let next = try await accept(sms("bobby", .cents(1), backup: .cents(1)))
        for delivery in deliveries + [next] { #expect(try await report(delivery.id).gateway == "sms-backup") }
        // With none of its gateways left there is only what there is.
        try await open([]) { $0.routing = RoutingTable(gateways: [StoreBehaviour.sms("sms-middle")]) }
        try await sweep()
        for delivery in deliveries { #expect(try await report(delivery.id).gateway == "sms-middle") }
        #expect(try await claim(20, at: ["sms-middle"]).count == 7)
    }

    func freesWhatCanGoPastWhatCannot() async throws {
        try await open([]) { $0.routing = Scene.twoGateways }
        let movable = try await accept((1...5).map { sms("person-\($0)", .cents(1), backup: .cents(1)) })
        try await takeDown("sms-main")
        try await takeDown("sms-backup")
        let bound = try await accept(sms("bobby", .cents(1)))
        time.pass(.milliseconds(1))
        let behind = try await accept(sms("carol", .cents(1), backup: .cents(1)))
        for delivery in movable + [bound, behind] {
            #expect(try await state(delivery.id) == "parked(gateway_down)")
        }
        time.pass(.seconds(10))
        try await sweep()
        try await settle(beginOne(at: ["sms-main"], for: .cents(1)), .retry, code: Outcome.unreachableCode)
        try await settle(beginOne(at: ["sms-backup"], for: .cents(1)), .refused)
        try await sweep()
        #expect(try await state(bound.id) == "parked(gateway_down)")
        #expect(try await state(behind.id) == "ready")
        #expect(try await report(behind.id).gateway == "sms-backup")
    }
}
