import AuthEvents
import Deliveries
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("Settings that changed")
struct RoutingTests {
    private func gateway(_ name: String) -> GatewayTerms {
        GatewayTerms(name: name, channel: .email, kind: "smtp", timeout: .seconds(30))
    }

    private func open(_ lab: SQLiteLab, _ gateways: [String]) throws -> SQLitePostOffice {
        try SQLitePostOffice(
            path: lab.path,
            life: lab.life,
            routing: RoutingTable(gateways: gateways.map(gateway)),
            time: lab.time
        )
    }

    @Test("a channel that no gateway takes has no route, and nothing is stored")
    func hasNoRoute() async throws {
        let lab = try SQLiteLab(routing: RoutingTable(gateways: [gateway("mail-main")]))
        let both = Letter(to: "bobby").with { $0.legs.append(Letter.Leg(person: "bobby", channel: .sms)) }
        let submission = Stationery().submission(both, at: lab.time.now())
        let refusal = LegRefusal(
            channel: .sms,
            cause: .destination(DestinationRefusal(country: "US", reason: .noRoute))
        )
        #expect(try await lab.store.accept(submission) == .refused(refusal, others: [.email]))
        #expect(try await lab.store.deliveries(DeliveryFilter()).items.isEmpty)
        #expect(try await lab.store.accept(submission) == .refused(refusal, others: [.email]))
    }

    @Test("what waits at a gateway that is gone moves to the one that is there")
    func movesFromLostGateways() async throws {
        let lab = try SQLiteLab(routing: RoutingTable(gateways: [gateway("old")]))
        let submission = Stationery().submission(Letter(to: "bobby"), at: lab.time.now())
        let id = try #require(submission.legs.first).delivery
        _ = try await lab.store.accept(submission)
        await lab.post.close()

        let without = try open(lab, [])
        while try await without.sweep() {}
        #expect(try await without.delivery(id, of: nil)?.state == .parked)
        #expect(try await without.sweep() == false)
        await without.close()

        let with = try open(lab, ["new"])
        while try await with.sweep() {}
        let report = try #require(try await with.delivery(id, of: nil))
        #expect(report.state == .ready)
        #expect(report.gateway == "new")
        let request = ClaimRequest(carrier: "c", instance: "one", gateways: ["new"], limit: 1)
        #expect(try await with.claim(request).map(\.token.delivery) == [id])
        await with.close()
    }
}
