import AuthEvents
import Deliveries
import Spend
import Store
import Telemetry

/// What a batch has done that is counted once it is committed; one that fails has done nothing.
struct BatchTally: Sendable {
    /// Entries of the ledger that name an attempt: the others only say what is reserved.
    private var spent: [(kind: LedgerKind, amount: Money, country: String?)] = []
    var attempts: [(gateway: String, outcome: Outcome)] = []
    var deliveries: [(channel: Channel, duration: Duration)] = []

    mutating func note(_ entry: LedgerEntry) {
        guard entry.attempt != nil else { return }
        spent.append((entry.kind, entry.amount, entry.country))
    }

    func add(to metrics: Metrics) {
        for entry in spent { metrics.count(entry.kind, entry.amount, country: entry.country) }
        for attempt in attempts { metrics.count(attempt.outcome, gateway: attempt.gateway) }
        for delivery in deliveries { metrics.observe(delivery: delivery.duration, channel: delivery.channel) }
    }
}
