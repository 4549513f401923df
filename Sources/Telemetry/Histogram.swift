private import Synchronization

/// A metric that counts what was observed by size.
package final class Histogram: Sendable {
    /// What was observed of one series.
    package struct Tally: Sendable, Equatable {
        /// One for each bound, what is at most as large and above the one before it; then what is larger than all.
        package var buckets: [Int64]
        package var sum: Double

        package init(buckets: [Int64], sum: Double) {
            (self.buckets, self.sum) = (buckets, sum)
        }
    }

    package let description: MetricDescription
    private let bounds: [Double]
    private let tallies: Mutex<[[String]: Tally]>

    /// `bounds`: The largest that each bucket takes, growing; one bucket more takes the rest.
    ///
    /// `series`: Those that are shown from the start.
    package init(_ description: MetricDescription, bounds: [Double], series: [[String]] = [[]]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "the bounds of \(description.name) must grow")
        (self.description, self.bounds) = (description, bounds)
        let none = Tally(buckets: [Int64](repeating: 0, count: bounds.count + 1), sum: 0)
        tallies = Mutex(Dictionary(series.map { ($0, none) }, uniquingKeysWith: { first, _ in first }))
    }

    /// Counts what is not negative; anything else, time that seems to run backwards, counts as nothing.
    package func observe(_ value: Double, _ labels: [String] = []) {
        let value = max(value, 0)
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        let none = Tally(buckets: [Int64](repeating: 0, count: bounds.count + 1), sum: 0)
        tallies.withLock { tallies in
            tallies[labels, default: none].buckets[bucket] += 1
            tallies[labels, default: none].sum += value
        }
    }

    package func observe(_ duration: Duration, _ labels: [String] = []) {
        let (seconds, attoseconds) = duration.components
        observe(Double(seconds) + Double(attoseconds) / 1e18, labels)
    }

    package var family: MetricFamily {
        MetricFamily(description, .histogram, tallies.withLock { $0 }.mapValues { .tally($0, bounds: bounds) })
    }
}
