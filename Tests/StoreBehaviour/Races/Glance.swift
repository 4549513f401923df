import AuthEvents
import Challenges
import Clocks
import Deliveries
import Spend
import Store

/// All that can be seen of a store in which little happens.
struct Glance: Equatable, Sendable {
    struct Attempt: Equatable, Sendable {
        var number: Int64
        var gateway: String
        var outcome: Outcome?
        var reference: String?
    }

    struct Delivery: Equatable, Sendable {
        var id: DeliveryID
        var challenge: ChallengeID?
        var state: DeliveryState
        var reason: Reason?
        var gateway: String
        var attempts: [Attempt]
        var receipts: [DeliveryReport.Receipt]
        var sendBefore: Instant
        var price: String?
    }

    /// In the order in which they were made.
    var deliveries: [Delivery] = []
    var challenges: [Challenge] = []
    /// What the ledger's entries hash to, and what they say: `committed 0.01`.
    var entries: [String] = []
    private var story: [String] = []

    init(of deliveries: [DeliveryID], in scene: Scene) async throws {
        for id in deliveries {
            let delivery = Delivery(try await scene.report(id))
            self.deliveries.append(delivery)
            guard let challenge = delivery.challenge, !challenges.contains(where: { $0.id == challenge }),
                let report = try await scene.challenge(challenge)
            else { continue }
            challenges.append(report.challenge)
        }
        for entry in try await scene.entries() {
            entries.append(entry.hash)
            story.append("\(entry.kind.rawValue) \(entry.amount.amount)")
        }
    }

    /// The same without ids, names and times: two runs that came to the same have the same outline.
    var outline: String {
        let deliveries = deliveries.map { delivery in
            let outcomes = delivery.attempts.map { $0.outcome?.name ?? "-" }
            let receipts = delivery.receipts.map(\.state.name)
            return "\(delivery.place) \(delivery.gateway) \(outcomes) \(receipts) \(delivery.price ?? "")"
        }
        let challenges = challenges.map { challenge in
            let isOpen = challenge.verifiedAt == nil && challenge.closedAt == nil
            return "\(isOpen) \(challenge.codes) \(challenge.triesLeft)"
        }
        return "\(deliveries) \(challenges) \(story)"
    }

    subscript(_ id: DeliveryID?) -> Delivery? { deliveries.first { $0.id == id } }
}

extension Glance.Delivery {
    fileprivate init(_ report: DeliveryReport) {
        self.init(
            id: report.id,
            challenge: report.challenge,
            state: report.state,
            reason: report.reason,
            gateway: report.gateway,
            attempts: report.attempts.map { attempt in
                Glance.Attempt(
                    number: attempt.number,
                    gateway: attempt.gateway,
                    outcome: attempt.outcome,
                    reference: attempt.gatewayReference
                )
            },
            receipts: report.receipts,
            sendBefore: report.sendBefore,
            price: report.price.map { "\($0)" }
        )
    }

    /// State and reason as one says them: `dead(expired)`.
    var place: String { state.name + (reason.map { "(\($0.name))" } ?? "") }

    /// Whether it has not been begun, or is to be sent again.
    var isUnsent: Bool { [.ready, .parked, .leased].contains(state) }

    /// Whether it surely has never been taken by a gateway.
    var isSurelyUnsent: Bool { attempts.allSatisfy { $0.outcome?.isSurelyUnsent ?? false } }

    /// Whether it took its slots of limits for good: what a resend overtook keeps them.
    var keepsSlots: Bool { state != .dead || reason == .superseded || !isSurelyUnsent }
}
