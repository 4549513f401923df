private import Clocks

/// A rate limit as the generic cell rate algorithm keeps it: one number.
///
/// The number is the time at which the bucket would be full again ("theoretical arrival time", ITU-T I.371, annex A).
/// With a rate of 5 in 10 minutes and a burst of 5, five pass at once, then one every two minutes. Times are in
/// nanoseconds of any one clock.
package struct TokenBucket: Sendable, Equatable {
    package var fullAt: Int64

    package init(fullAt: Int64 = .min) {
        self.fullAt = fullAt
    }

    /// How long to wait until one more would pass; zero when one passes now.
    package func wait(at now: Int64, rate: Rate, burst: Int64? = nil) -> Duration {
        let room = rate.nanosecondsPerToken * max(burst ?? rate.count, 1)
        let ahead = max(fullAt, now) - now + rate.nanosecondsPerToken - room
        return .nanoseconds(max(ahead, 0))
    }

    /// Takes one if it passes now.
    ///
    /// Returns zero when it was taken, else how long to wait; then nothing was taken.
    package mutating func take(at now: Int64, rate: Rate, burst: Int64? = nil) -> Duration {
        let wait = wait(at: now, rate: rate, burst: burst)
        if wait == .zero { fullAt = max(fullAt, now) + rate.nanosecondsPerToken }
        return wait
    }

    /// Puts one back that surely was not used.
    package mutating func giveBack(rate: Rate) {
        if fullAt > .min { fullAt -= rate.nanosecondsPerToken }
    }

    /// How many would pass at once now.
    package func left(at now: Int64, rate: Rate, burst: Int64? = nil) -> Int64 {
        let room = rate.nanosecondsPerToken * max(burst ?? rate.count, 1)
        return max(0, (room - (max(fullAt, now) - now)) / rate.nanosecondsPerToken)
    }
}

extension Rate {
    var nanosecondsPerToken: Int64 { max(period.milliseconds * 1_000_000 / count, 1) }
}
