private import Clocks

/// How long a delivery waits after a failed attempt.
///
/// The ceiling of the wait doubles from ``initial`` with every failure up to ``ceiling``; the wait is drawn from zero to
/// that ("full jitter"), so that what failed together does not return together. With 2 s and 60 s: up to 2, 4, 8, 16,
/// 32, 60, 60 s.
package struct Backoff: Sendable, Equatable {
    package var initial: Duration
    package var ceiling: Duration

    package init(initial: Duration = .seconds(2), ceiling: Duration) {
        (self.initial, self.ceiling) = (initial, ceiling)
    }

    /// Returns the longest wait after so many failures, counted from 1.
    package func limit(afterFailure failure: Int64) -> Duration {
        precondition(failure >= 1, "failures are counted from 1")
        return min(initial * (1 << min(failure - 1, 20)), ceiling)
    }

    /// Draws a wait that ends before `remaining` has passed.
    package func delay(
        afterFailure failure: Int64,
        within remaining: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let longest = min(limit(afterFailure: failure), remaining).milliseconds
        return .milliseconds(longest > 0 ? Int64.random(in: 0..<longest, using: &generator) : 0)
    }
}
