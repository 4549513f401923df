import AuthEvents
import Challenges
import Clocks
import Deliveries
import Spend
import Store

/// What can be seen of a store from outside.
struct Sighting: Sendable {
    var deliveries: [DeliveryID: DeliveryReport] = [:]
    /// Newest first.
    var list: [DeliveryID] = []
    var challenges: [ChallengeID: ChallengeReport] = [:]
    var accounts: [DeliveryID: LedgerReplay.Account] = [:]
    var gateways: [String: GatewayHealth] = [:]
    /// Micros, in this period.
    var used: Int64 = 0
    var holds: [HoldID: Hold] = [:]

    init(of scene: Scene, challenges ids: [ChallengeID]) async throws {
        for item in try await scene.store.deliveries(DeliveryFilter(limit: 1000)).items {
            list.append(item.id)
            deliveries[item.id] = try await scene.report(item.id)
        }
        for id in ids { challenges[id] = try await scene.challenge(id) }
        accounts = LedgerReplay(try await scene.entries()).accounts
        for gateway in try await scene.store.standing(of: nil).gateways { gateways[gateway.name] = gateway.health }
        used = try await scene.store.budgets(of: nil).reduce(0) { $0 + $1.used.micros }
        for hold in try await scene.store.holds(of: nil) { holds[hold.id] = hold }
    }

    func place(of id: DeliveryID) -> String? {
        deliveries[id].map { $0.state.name + ($0.reason.map { "(\($0.name))" } ?? "") }
    }

    func reservation(of id: DeliveryID) -> Int64? { accounts[id]?.reservation?.micros }
}
