package import AuthEvents
package import Clocks
package import Deliveries

/// What stands at the moment of a look, and is not counted.
package struct MetricsReading: Sendable {
    package var version: String
    package var startedAt: Instant
    /// Bytes; `nil` where the system does not tell.
    package var residentMemory: Int64?
    package var deliveries: [Channel: [DeliveryState: Int64]] = [:]
    package var oldestReady: [Channel: Duration] = [:]
    /// The use of each budget, where 1 is all of it.
    package var budgetUse: [String: Double] = [:]
    package var carriers: [Channel: Int] = [:]

    package init(version: String, startedAt: Instant, residentMemory: Int64?) {
        (self.version, self.startedAt, self.residentMemory) = (version, startedAt, residentMemory)
    }
}

extension Metrics {
    /// All metrics, with those of a reading, each name once.
    package func families(with reading: MetricsReading) -> [MetricFamily] {
        var deliveries: [[String]: MetricFamily.Value] = [:]
        for (channel, counts) in reading.deliveries {
            for (state, count) in counts { deliveries[[channel.name, state.name]] = .integer(count) }
        }
        var families = [
            events.family,
            MetricFamily(.deliveries, .gauge, deliveries),
            deliverySeconds.family,
            gauge(.oldestReady, reading.oldestReady) { ($0.name, .real(Double($1.milliseconds) / 1000)) },
            attempts.family,
            spend.family,
            gauge(.budgetUse, reading.budgetUse) { ($0, .real($1)) },
            limitRefusals.family,
            verifications.family,
            commitSeconds.family,
            batchSize.family,
            walBytes.family,
            pageReads.family,
            gauge(.carriers, reading.carriers) { ($0.name, .integer(Int64($1))) },
            MetricFamily(.build, .gauge, [[reading.version]: .integer(1)]),
            MetricFamily(.startTime, .gauge, [[]: .real(Double(reading.startedAt.milliseconds) / 1000)]),
        ]
        if let bytes = reading.residentMemory {
            families.append(MetricFamily(.residentMemory, .gauge, [[]: .integer(bytes)]))
        }
        return families
    }

    private func gauge<Key, Value>(
        _ description: MetricDescription,
        _ values: [Key: Value],
        _ series: (Key, Value) -> (String, MetricFamily.Value)
    ) -> MetricFamily {
        let pairs = values.map { key, value in
            let (label, number) = series(key, value)
            return ([label], number)
        }
        return MetricFamily(description, .gauge, Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
    }
}
