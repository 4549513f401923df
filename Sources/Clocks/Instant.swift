/// A point of wall time in whole milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
package struct Instant: Sendable, Hashable, Comparable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    package static func + (instant: Instant, duration: Duration) -> Instant {
        Instant(milliseconds: instant.milliseconds + duration.milliseconds)
    }

    package static func - (instant: Instant, duration: Duration) -> Instant {
        Instant(milliseconds: instant.milliseconds - duration.milliseconds)
    }

    package static func - (left: Instant, right: Instant) -> Duration {
        .milliseconds(left.milliseconds - right.milliseconds)
    }
}

/// A point of time since this machine was started, suspended time included (CLOCK_BOOTTIME), in milliseconds.
///
/// It never jumps and means nothing after a restart of the machine; leases and deadlines of hand-overs are kept in it.
package struct BootInstant: Sendable, Hashable, Comparable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: BootInstant, right: BootInstant) -> Bool { left.milliseconds < right.milliseconds }

    package static func + (instant: BootInstant, duration: Duration) -> BootInstant {
        BootInstant(milliseconds: instant.milliseconds + duration.milliseconds)
    }

    package static func - (left: BootInstant, right: BootInstant) -> Duration {
        .milliseconds(left.milliseconds - right.milliseconds)
    }
}

extension Duration {
    /// The duration in whole milliseconds, rounded towards zero.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    /// The fewest whole seconds that are no shorter.
    package var secondsRoundedUp: Int64 {
        let (seconds, attoseconds) = components
        return seconds + (attoseconds > 0 ? 1 : 0)
    }

    /// The shortest duration of whole milliseconds that is no shorter.
    package var roundedUpToMilliseconds: Duration {
        let whole = Duration.milliseconds(milliseconds)
        return whole < self ? whole + .milliseconds(1) : whole
    }
}
