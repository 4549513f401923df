private import Synchronization

/// A metric whose numbers only grow, from nothing at the start of the process.
package final class Counter: Sendable {
    package let description: MetricDescription
    private let sums: Mutex<[[String]: Int64]>

    /// `series`: Those that are shown from the start; a rate can only be told of what was there before it grew.
    package init(_ description: MetricDescription, series: [[String]] = []) {
        self.description = description
        sums = Mutex(Dictionary(series.map { ($0, 0) }, uniquingKeysWith: { first, _ in first }))
    }

    /// Adds to the series that has these values of the labels.
    ///
    /// What is negative adds nothing, and what is too large for the number leaves it at its largest.
    package func add(_ labels: [String], _ amount: Int64 = 1) {
        sums.withLock { sums in
            let (sum, isOver) = sums[labels, default: 0].addingReportingOverflow(max(amount, 0))
            sums[labels] = isOver ? .max : sum
        }
    }

    package var family: MetricFamily {
        MetricFamily(description, .counter, sums.withLock { $0 }.mapValues { .integer($0) })
    }
}
