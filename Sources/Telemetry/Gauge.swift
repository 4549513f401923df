private import Synchronization

/// A metric of one number that goes up and down.
package final class Gauge: Sendable {
    package let description: MetricDescription
    private let current = Mutex<Int64>(0)

    package init(_ description: MetricDescription) {
        self.description = description
    }

    package func set(_ value: Int64) { current.withLock { $0 = value } }

    package var family: MetricFamily { MetricFamily(description, .gauge, [[]: .integer(current.withLock { $0 })]) }
}
