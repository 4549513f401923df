import AuthEvents
import Challenges
import Clocks
import Deliveries
import Limits
import Store
import TestSupport
import Testing

/// A store with the hands of an application and of carriers.
struct Scene {
    let lab: any StoreLab
    let stationery: Stationery

    init(lab: any StoreLab, stationery: Stationery = Stationery()) {
        (self.lab, self.stationery) = (lab, stationery)
    }

    var store: any PostOfficeStore { lab.store }
    var time: ManualTime { lab.time }

    static let mail = ["mail-main", "mail-backup"]
    static let sms = ["sms-main"]
    static let everything = mail + sms

    /// The first delivery that an accepted letter led to.
    @discardableResult
    func accept(_ letter: Letter) async throws -> AcceptedEvent.Delivery {
        let answer = try await store.accept(stationery.submission(letter, at: time.now()))
        guard case .accepted(let event) = answer else { throw Surprise("the letter was answered \(answer)") }
        return try #require(event.deliveries.first)
    }

    /// Accepts many letters at once.
    ///
    /// The answers come in the order of the letters.
    @discardableResult
    func accept(_ letters: [Letter]) async throws -> [AcceptedEvent.Delivery] {
        try await withThrowingTaskGroup { group in
            for (index, letter) in letters.enumerated() {
                group.addTask { (index, try await accept(letter)) }
            }
            var answers = [AcceptedEvent.Delivery?](repeating: nil, count: letters.count)
            for try await (index, answer) in group { answers[index] = answer }
            return answers.compactMap(\.self)
        }
    }

    func claim(
        _ limit: Int = 10,
        at gateways: [String] = everything,
        by carrier: String = "carrier",
        _ instance: String = "one"
    ) async throws -> [ClaimedDelivery] {
        try await store.claim(
            ClaimRequest(carrier: carrier, instance: instance, gateways: gateways, limit: limit)
        )
    }

    func claimOne(at gateways: [String] = everything) async throws -> ClaimedDelivery {
        let claimed = try await claim(1, at: gateways)
        return try #require(claimed.first, "there was nothing to claim")
    }

    /// Begins at the price that letters usually have.
    func begin(_ claimed: ClaimedDelivery) async throws -> BeginResult {
        try #require(try await begin([claimed]).first)
    }

    func begin(_ claimed: [ClaimedDelivery]) async throws -> [BeginResult] {
        try await store.begin(
            claimed.map { claim in
                BeginItem(token: claim.token, spend: claim.channel == .sms ? .quote(quote(.cents(1))) : .none)
            }
        )
    }

    /// Claims one and begins it.
    func beginOne(at gateways: [String] = everything) async throws -> ClaimedDelivery {
        let claimed = try await claimOne(at: gateways)
        try #require(try await begin(claimed) == .go)
        return claimed
    }

    @discardableResult
    func settle(
        _ claimed: ClaimedDelivery,
        _ outcome: Outcome,
        code: String? = nil,
        reference: String? = nil,
        retryAfter: Duration? = nil
    ) async throws -> SettleResult {
        let settlement = Settlement(
            token: claimed.token,
            outcome: outcome,
            gatewayReference: reference,
            code: code,
            retryAfter: retryAfter
        )
        return try #require(try await store.settle([settlement]).first)
    }

    /// Returns how often it swept until there was no more to do at once.
    @discardableResult
    func sweep() async throws -> Int {
        for count in 1...10_000 where try await !store.sweep() {
            // What one look makes unknown the next one decides on.
            _ = try await store.sweep()
            return count
        }
        throw Surprise("the sweep found no end")
    }

    func report(_ id: DeliveryID) async throws -> DeliveryReport {
        try #require(try await store.delivery(id, of: nil))
    }

    /// State and reason as one says them: `dead(expired)`.
    func state(_ id: DeliveryID) async throws -> String {
        let report = try await report(id)
        return report.state.name + (report.reason.map { "(\($0.name))" } ?? "")
    }

    func health(of gateway: String) async throws -> GatewayHealth.State {
        let standing = try await store.standing(of: nil)
        return try #require(standing.gateways.first { $0.name == gateway }).health.state
    }
}

/// Something that a behaviour cannot go on after.
struct Surprise: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
