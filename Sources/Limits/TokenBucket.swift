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
        let room = rate.room(burst)
        return .nanoseconds(max(level(at: now, room) + rate.nanosecondsPerToken - room, 0))
    }

    /// Takes one if it passes now.
    ///
    /// Returns zero when it was taken, else how long to wait; then nothing was taken.
    package mutating func take(at now: Int64, rate: Rate, burst: Int64? = nil) -> Duration {
        let wait = wait(at: now, rate: rate, burst: burst)
        if wait == .zero { fullAt = now + level(at: now, rate.room(burst)) + rate.nanosecondsPerToken }
        return wait
    }

    /// Puts one back that surely was not used.
    package mutating func giveBack(rate: Rate) {
        giveBack(nanoseconds: rate.nanosecondsPerToken)
    }

    /// Puts one back that took so much.
    package mutating func giveBack(nanoseconds: Int64) {
        if fullAt > .min { fullAt -= nanoseconds }
    }

    /// How many would pass at once now.
    package func left(at now: Int64, rate: Rate, burst: Int64? = nil) -> Int64 {
        let room = rate.room(burst)
        return max(0, (room - level(at: now, room)) / rate.nanosecondsPerToken)
    }

    /// How much is in use, never more than there is room for: a clock that was set back, and a smaller rate than that of
    /// before, make nobody wait longer than a full bucket does.
    private func level(at now: Int64, _ room: Int64) -> Int64 {
        min(max(fullAt, now) - now, room)
    }
}

extension Rate {
    /// What one takes, in nanoseconds.
    package var nanosecondsPerToken: Int64 { max(period.milliseconds * 1_000_000 / count, 1) }

    fileprivate func room(_ burst: Int64?) -> Int64 { nanosecondsPerToken * max(burst ?? count, 1) }
}
