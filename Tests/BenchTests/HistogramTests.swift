import Testing

@testable import Bench

@Suite("The histogram of durations")
struct HistogramTests {
    @Test(
        "puts each value into a bucket whose end is at most 1.6 % above it",
        arguments: [0, 1, 63, 64, 65, 127, 128, 1000, 999_999, 1_000_000, 123_456_789, 60_000_000_000, Int64.max]
            as [Int64]
    )
    func precision(_ value: Int64) {
        let end = Histogram.end(of: Histogram.bucket(of: value))
        #expect(end >= value)
        #expect(Double(end - value) <= Double(value) * 0.016)
    }

    @Test("has buckets that follow one another without a gap")
    func buckets() {
        for bucket in 0..<3000 {
            let end = Histogram.end(of: bucket)
            #expect(Histogram.bucket(of: end) == bucket)
            #expect(Histogram.bucket(of: end + 1) == bucket + 1)
        }
    }

    @Test("tells percentiles by rank, and none beyond the longest")
    func percentiles() {
        var histogram = Histogram()
        for value in 1...1000 { histogram.record(Int64(value) * 1000) }
        let expected: [(Double, Int64)] = [(0.5, 500_000), (0.99, 990_000), (0.999, 999_000), (1, 1_000_000)]
        for (share, value) in expected {
            let found = histogram.percentile(share) ?? 0
            #expect(found >= value && Double(found) <= Double(value) * 1.016)
        }
        #expect(histogram.percentile(1) == histogram.maximum)
        #expect(histogram.count == 1000)
    }

    @Test("has no percentile while it is empty")
    func empty() {
        #expect(Histogram().percentile(0.5) == nil)
    }

    @Test("takes in another as if each value had been recorded")
    func sums() {
        var (all, even, odd) = (Histogram(), Histogram(), Histogram())
        for value in stride(from: Int64(0), to: 5000, by: 1) {
            all.record(value)
            if value % 2 == 0 { even.record(value) } else { odd.record(value) }
        }
        even.add(odd)
        #expect(even == all)
    }
}
