/// When the host of a virtual machine took its processors for others, as far as the machine is told: in ticks of 10 ms that are
/// counted when they are full.
package struct StolenTime: Sendable {
    /// How long before it was seen, or after, it may have been.
    private static let margin: Int64 = 20_000_000

    private var seen: [Moment] = []

    /// `seen`: In the order of time.
    package init(seen: [Moment] = []) { self.seen = seen }

    /// Looks on a hundred times a second until its task is cancelled.
    static func watch() async -> StolenTime {
        var times = StolenTime()
        var before = ProcessorShares().stolen
        while !Task.isCancelled {
            // Cancelled means that it looks for the last time.
            _ = try? await Task.sleep(for: .milliseconds(10))
            let now = ProcessorShares().stolen
            if now != before { times.seen.append(.now) }
            before = now
        }
        return times
    }

    /// Whether nothing was taken while something took its time.
    package func spared(from begin: Moment, to end: Moment) -> Bool {
        let (from, to) = (begin + -StolenTime.margin, end + StolenTime.margin)
        // The first that was seen no earlier, of moments in their order.
        var (low, high) = (0, seen.count)
        while low < high {
            let middle = (low + high) / 2
            if seen[middle] < from { low = middle + 1 } else { high = middle }
        }
        return low == seen.count || seen[low] > to
    }
}
