/// Counts of durations in buckets that are 1/64 of their power of two wide, so that no value is off by more than 1.6 %.
///
/// The manner is that of HdrHistogram (hdrhistogram.org): the first 64 values have a bucket each, every further power of
/// two has 64 of its own.
package struct Histogram: Sendable, Equatable {
    private static let bits = 6
    private static let width = 1 << bits

    private var counts = [Int](repeating: 0, count: Histogram.width * (64 - Histogram.bits))
    package private(set) var count = 0
    /// The longest, exactly; nanoseconds.
    package private(set) var maximum: Int64 = 0

    package init() {}

    /// Takes a duration in nanoseconds; one below zero counts as zero.
    package mutating func record(_ nanoseconds: Int64) {
        let value = max(nanoseconds, 0)
        counts[Histogram.bucket(of: value)] += 1
        count += 1
        maximum = max(maximum, value)
    }

    package mutating func add(_ other: Histogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        count += other.count
        maximum = max(maximum, other.maximum)
    }

    /// Nanoseconds that so many of all durations were not longer than; `nil` where there are none.
    ///
    /// `share`: Of 1, such as 0.99. It is the upper end of a bucket, and never more than ``maximum``.
    package func percentile(_ share: Double) -> Int64? {
        guard count > 0 else { return nil }
        let rank = min(count, max(1, Int((share * Double(count)).rounded(.up))))
        var seen = 0
        for (index, number) in counts.enumerated() {
            seen += number
            if seen >= rank { return min(Histogram.end(of: index), maximum) }
        }
        return maximum
    }

    static func bucket(of value: Int64) -> Int {
        guard value >= width else { return Int(value) }
        let shift = Int64.bitWidth - 1 - value.leadingZeroBitCount - bits
        return (shift + 1) * width + Int(value >> Int64(shift)) - width
    }

    /// The largest value that the bucket takes.
    static func end(of bucket: Int) -> Int64 {
        guard bucket >= width else { return Int64(bucket) }
        let (shift, place) = (bucket / width - 1, bucket % width)
        return (Int64(place + width) << Int64(shift)) - 1 + (1 << Int64(shift))
    }
}
