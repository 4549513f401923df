private import Clocks

/// So many in so much time: `5/10m`.
package struct Rate: Sendable, Equatable {
    package var count: Int64
    package var period: Duration

    package init(count: Int64, period: Duration) {
        (self.count, self.period) = (count, period)
    }

    /// Reads `5/10m` or `14/s`; bounds are `1/24h` and `1000000/1s`.
    package init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].first != "+", let count = Int64(parts[0]), (1...1_000_000).contains(count),
            let period = Duration(text: (parts[1].first?.isLetter == true ? "1" : "") + parts[1]),
            period >= .seconds(1), period <= .seconds(86_400)
        else { return nil }
        self.init(count: count, period: period)
    }

    package var text: String { "\(count)/\(period.text)" }
}
