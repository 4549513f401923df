private import Glibc
// Where `timespec` comes from when the modules are built anew.
private import SwiftOverlayShims
private import Synchronization

/// Where time comes from: the wall for what is stored and shown, the time since boot for leases.
package protocol TimeSource: Sendable {
    /// The wall time.
    func now() -> Instant
    /// The time since this machine was started.
    func boot() -> BootInstant
    /// Names this run of the machine; another after each restart.
    var bootID: String { get }
}

/// The machine's clocks.
///
/// A wall clock that is set back by less than a minute stands still until it has caught up, so that what was due stays
/// due and ids stay in order; a larger step back is followed.
package final class SystemTime: TimeSource {
    package let bootID: String
    private let directory: String?
    private let latest = Mutex<Int64>(0)

    /// Reads the boot id once.
    ///
    /// - Parameter directory: For tests: `wall_offset_ms` there is added to the wall clock at each look, `boot_id` there
    ///   stands in for the machine's.
    package init(testDirectory directory: String? = nil) {
        self.directory = directory
        let replaced = directory.flatMap { readLine(of: $0 + "/boot_id") }
        bootID = replaced ?? readLine(of: "/proc/sys/kernel/random/boot_id") ?? "unknown"
    }

    package func now() -> Instant {
        var wall = milliseconds(of: CLOCK_REALTIME)
        if let directory, let text = readLine(of: directory + "/wall_offset_ms"), let offset = Int64(text) {
            wall += offset
        }
        return latest.withLock { latest in
            if latest - wall >= 60_000 || wall > latest { latest = wall }
            return Instant(milliseconds: latest)
        }
    }

    package func boot() -> BootInstant {
        BootInstant(milliseconds: milliseconds(of: CLOCK_BOOTTIME))
    }
}

private func milliseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    guard unsafe clock_gettime(clock, &time) == 0 else { preconditionFailure("Linux has this clock since 2.6.39") }
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

private func readLine(of path: String) -> String? {
    guard let file = unsafe fopen(path, "re") else { return nil }
    defer { unsafe fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = unsafe fread(&buffer, 1, buffer.count, file)
    let line = String(decoding: buffer[..<count].prefix { $0 > 0x20 }, as: UTF8.self)
    return line.isEmpty ? nil : line
}
