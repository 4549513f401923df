private import Clocks

/// A rate limit as the generic cell rate algorithm keeps it.
///
/// It is the time at which the bucket would be full again ("theoretical arrival time", ITU-T I.371, annex A). With a rate of 5
/// in 10 minutes and a burst of 5, five pass at once, then one every two minutes. Times are in nanoseconds of any one clock.
package struct TokenBucket: Sendable, Equatable {
    package var fullAt: Int64
    /// When it was last full and one was taken: what was taken before has come back by itself.
    package var since: Int64

    package init(fullAt: Int64 = .min, since: Int64 = .min) {
        (self.fullAt, self.since) = (fullAt, since)
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
        guard wait == .zero else { return wait }
        if fullAt <= now { since = now }
        fullAt = now + level(at: now, rate.room(burst)) + rate.nanosecondsPerToken
        return .zero
    }

    /// Forgets what is more than there is room for.
    ///
    /// After the clock was set back, and under a smaller rate than that of before, it would else be empty for longer than
    /// ``wait(at:rate:burst:)`` says. Returns whether there was any.
    package mutating func settle(at now: Int64, rate: Rate, burst: Int64? = nil) -> Bool {
        let highest = now + rate.room(burst)
        guard fullAt > highest else { return false }
        (fullAt, since) = (highest, min(since, now))
        return true
    }

    /// Puts one back that surely was not used.
    package mutating func giveBack(rate: Rate) {
        giveBack(nanoseconds: rate.nanosecondsPerToken)
    }

    /// Puts one back that took so much.
    package mutating func giveBack(nanoseconds: Int64) {
        if fullAt > .min { fullAt -= nanoseconds }
    }

    /// Puts one back that took so much then, unless the bucket has been full since: then time has put it back.
    package mutating func giveBack(nanoseconds: Int64, takenAt then: Int64) {
        if then >= since { giveBack(nanoseconds: nanoseconds) }
    }

    /// How many would pass at once now.
    package func left(at now: Int64, rate: Rate, burst: Int64? = nil) -> Int64 {
        let room = rate.room(burst)
        return max(0, (room - level(at: now, room)) / rate.nanosecondsPerToken)
    }

    /// How much is in use, never more than there is room for.
    private func level(at now: Int64, _ room: Int64) -> Int64 {
        min(max(fullAt, now) - now, room)
    }
}

extension Rate {
    /// The longest that a bucket may take to fill: with more its times would not fit in 64 bits.
    package static let longestFilling: Duration = .seconds(366 * 86_400)

    /// What one takes, in nanoseconds.
    package var nanosecondsPerToken: Int64 { max(period.milliseconds * 1_000_000 / count, 1) }

    /// Whether an empty bucket of this burst is full again within ``longestFilling``.
    package func allows(burst: Int64) -> Bool { burst <= Rate.mostRoom / nanosecondsPerToken }

    private static let mostRoom = longestFilling.milliseconds * 1_000_000

    fileprivate func room(_ burst: Int64?) -> Int64 {
        let perToken = nanosecondsPerToken
        return perToken * min(max(burst ?? count, 1), max(Rate.mostRoom / perToken, 1))
    }
}
