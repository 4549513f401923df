private import CLinux
private import Glibc

/// What can be known of the machine that a program runs on.
package enum Machine {
    /// Processors that programs may run on now, one at the least.
    package static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// What a user may still write to the file system of a path, in bytes; `nil` where that is not there.
    package static func freeBytes(at path: String) -> Int64? {
        var facts = statvfs()
        guard unsafe statvfs(path, &facts) == 0 else { return nil }
        return Int64(
            clamping: UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).partialValue
        )
    }

    /// Whether a path lies on tmpfs or ramfs, which lose all at the end of the machine; `nil` where it is not there.
    package static func isInMemory(_ path: String) -> Bool? {
        let answer = unsafe shim_is_in_memory(path)
        return answer < 0 ? nil : answer == 1
    }

    /// Whether this process may make and change files in a folder.
    package static func mayWrite(in folder: String) -> Bool { unsafe access(folder, W_OK | X_OK) == 0 }

    /// Whether something keeps the wall clock right (NTP), as far as the kernel knows; `nil` where it does not tell.
    package static var isClockSynchronized: Bool? {
        let state = shim_clock_state()
        // TIME_ERROR is 5 (adjtimex(2)).
        return state < 0 ? nil : state != 5
    }

    /// Whether there is a clock that goes on while the machine sleeps (CLOCK_BOOTTIME), which leases are counted by.
    package static var hasBootClock: Bool {
        var time = timespec()
        return unsafe clock_gettime(CLOCK_BOOTTIME, &time) == 0
    }
}
