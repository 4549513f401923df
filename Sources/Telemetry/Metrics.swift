package import AuthEvents
package import Deliveries
package import Spend

/// What one server counts from its start on.
///
/// Labels have values of small sets only: words of this program, names of the settings, countries and currencies. No
/// tenant is among them, and nothing of a person.
package final class Metrics: Sendable {
    /// From a delivery that is handed over at once to a mail that waited for an hour.
    package static let deliveryBounds: [Double] = [
        0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600,
    ]
    /// From a disk that keeps a write in memory of its own to one that is failing.
    package static let commitBounds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
    ]
    /// Up to what one commit takes at the most.
    package static let batchBounds: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256]
    /// Where a type or purpose cannot be told.
    package static let unknown = "unknown"

    let events: Counter
    let verifications: Counter
    let attempts: Counter
    let spend: Counter
    let limitRefusals: Counter
    let deliverySeconds: Histogram
    let commitSeconds: Histogram
    let batchSize: Histogram
    let walBytes: Gauge
    let pageReads: Counter

    /// `gateways`: The names of the settings, so that each is shown before its first attempt.
    package init(gateways: [String] = []) {
        let types = EventType.allCases.map(\.name)
        let purposes = Purpose.allCases.filter(\.carriesCode).map(\.name)
        events = Counter(.events, series: pairs(types, EventFate.allCases.map(\.rawValue)))
        verifications = Counter(.verifications, series: pairs(purposes, VerificationFate.allCases.map(\.rawValue)))
        attempts = Counter(.attempts, series: pairs(gateways, Outcome.allCases.map(\.name)))
        spend = Counter(.spend)
        limitRefusals = Counter(.limitRefusals)
        deliverySeconds = Histogram(
            .deliverySeconds,
            bounds: Metrics.deliveryBounds,
            series: Channel.allCases.map { [$0.name] }
        )
        commitSeconds = Histogram(.commitSeconds, bounds: Metrics.commitBounds)
        batchSize = Histogram(.batchSize, bounds: Metrics.batchBounds)
        walBytes = Gauge(.walBytes)
        pageReads = Counter(.pageReads, series: [[]])
    }
}

extension Metrics {
    /// `type`: `nil` for what is no event of ours.
    package func count(_ fate: EventFate, type: EventType?) {
        events.add([type?.name ?? Metrics.unknown, fate.rawValue])
    }

    /// `purpose`: `nil` where no challenge was found.
    package func count(_ fate: VerificationFate, purpose: Purpose?) {
        verifications.add([purpose?.name ?? Metrics.unknown, fate.rawValue])
    }

    package func count(_ outcome: Outcome, gateway: String) { attempts.add([gateway, outcome.name]) }

    /// Counts that a limit of the settings refused something; `limit` is the limit's name there.
    package func count(refusalBy limit: String) { limitRefusals.add([limit]) }

    /// Adds the amount of an entry of the ledger.
    package func count(_ kind: LedgerKind, _ amount: Money, country: String?) {
        spend.add([amount.currency.description, country ?? Metrics.unknown, kind.rawValue], amount.micros)
    }

    /// `duration`: From the acceptance of the event until the gateway had its message.
    package func observe(delivery duration: Duration, channel: Channel) {
        deliverySeconds.observe(duration, [channel.name])
    }

    /// `size`: The requests that share the commit.
    package func observe(commit duration: Duration, size: Int) {
        commitSeconds.observe(duration)
        batchSize.observe(Double(size))
    }

    package func set(walBytes bytes: Int) { walBytes.set(Int64(bytes)) }

    package func count(pageReads pages: Int) { pageReads.add([], Int64(pages)) }
}

/// Every one of these with every one of those.
private func pairs(_ left: [String], _ right: [String]) -> [[String]] {
    left.flatMap { first in right.map { [first, $0] } }
}
