private import Glibc

/// A moment on the clock that only goes forward (CLOCK_MONOTONIC), the same for all threads.
package struct Moment: Sendable, Comparable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Moment(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package static func < (left: Moment, right: Moment) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Nanoseconds.
    package static func - (left: Moment, right: Moment) -> Int64 { left.nanoseconds - right.nanoseconds }

    package static func + (left: Moment, nanoseconds: Int64) -> Moment {
        Moment(nanoseconds: left.nanoseconds + nanoseconds)
    }
}
