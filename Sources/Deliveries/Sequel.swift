package import Clocks

/// What follows an outcome: the state that the delivery goes to.
package enum Sequel: Sendable, Equatable {
    case accepted
    /// Ready again when due, at the gateway that its route then names.
    case again(due: Instant)
    /// Unknown: its course begins when the lease of the attempt is over.
    case unknown
    case dead(Reason)
}

/// What is known of a delivery when an attempt ends.
package struct AttemptSituation: Sendable, Equatable {
    package var outcome: Outcome
    /// The carrier's code: `unreachable`, a reply code, a gateway's error code.
    package var code: String?
    /// How long the gateway or the carrier's gate wants to be left alone.
    package var retryAfter: Duration?
    /// Attempts that count, this one included where it counts.
    package var counted: Int64
    /// Attempts that failed in any way, this one included; paces the backoff.
    package var failures: Int64
    package var sendBefore: Instant
    package var now: Instant

    package init(
        outcome: Outcome,
        code: String? = nil,
        retryAfter: Duration? = nil,
        counted: Int64,
        failures: Int64,
        sendBefore: Instant,
        now: Instant
    ) {
        (self.outcome, self.code, self.retryAfter) = (outcome, code, retryAfter)
        (self.counted, self.failures, self.sendBefore, self.now) = (counted, failures, sendBefore, now)
    }
}

extension SendingPolicy {
    /// The table of what follows an outcome.
    ///
    /// | outcome | attempts left, and the wait ends before the deadline | else |
    /// |---|---|---|
    /// | `accepted` | accepted | accepted |
    /// | `refused` | dead `refused` | dead `refused` |
    /// | `retry` | again after the backoff (shortened to end before the deadline), or the pause asked for if longer | dead `exhausted`, or `expired` past the deadline |
    /// | `throttled` | again after the pause asked for, or the backoff if longer | dead `expired` past the deadline |
    /// | `released` | again after the pause asked for; without one: now | dead `expired` past the deadline |
    /// | `unknown` | unknown | unknown |
    ///
    /// A pause that ends behind the deadline is cut to nine tenths of the time that is left.
    package func sequel(
        to situation: AttemptSituation,
        using generator: inout some RandomNumberGenerator
    ) -> Sequel {
        switch situation.outcome {
        case .accepted: return .accepted
        case .refused: return .dead(.refused)
        case .unknown: return .unknown
        case .retry, .throttled, .released: break
        }
        if situation.counted >= attempts, situation.outcome.counts(code: situation.code) { return .dead(.exhausted) }
        let remaining = situation.sendBefore - situation.now
        guard remaining > .zero else { return .dead(.expired) }
        var wait = situation.retryAfter ?? .zero
        if situation.outcome != .released {
            let delay = backoff.delay(
                afterFailure: max(situation.failures, 1),
                within: remaining,
                using: &generator
            )
            wait = max(wait, delay)
        }
        // A pause that would outlast the deadline is cut: a last try may still reach somebody who waits.
        if wait >= remaining { wait = .milliseconds(remaining.milliseconds * 9 / 10) }
        return .again(due: situation.now + wait)
    }
}
