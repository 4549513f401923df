import Clocks
import Configuration
import Foundation
import Processes

extension Doctor {
    /// How far the wall clock may lie before what was written already.
    private static let clockTolerance: Duration = .seconds(5)

    /// The clocks, held against what this machine itself has written; nobody outside is asked for the time.
    func clockFindings(_ newest: Instant?) -> [Finding] {
        guard Machine.hasBootClock else {
            return [.failed("clock", "this kernel has no CLOCK_BOOTTIME", "use Linux 2.6.39 or later")]
        }
        let now = time.now()
        let written = [settings.file, settings.keyFile].compactMap { path -> Instant? in
            let date = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
            return date.map { Instant(milliseconds: Int64($0.timeIntervalSince1970 * 1000)) }
        }
        let marks =
            written.map { ("settings or keys were written", $0) }
            + (newest.map { [("an event was accepted", $0)] } ?? [])
        if let (what, mark) = marks.max(by: { $0.1 < $1.1 }), now + Doctor.clockTolerance < mark {
            return [
                .failed(
                    "clock",
                    "it is \(now) by the wall clock, and \(what) at \(mark)",
                    "set the clock right: codes expire by it"
                )
            ]
        }
        switch Machine.isClockSynchronized {
        case true: return [.ok("clock", "\(now), kept right by NTP")]
        case nil: return [.ok("clock", "\(now); whether NTP keeps it right is not known here")]
        case false?:
            return [
                .warning(
                    "clock",
                    "\(now), and nothing keeps it right",
                    "run chrony or systemd-timesyncd, here or on the machine that this one lives on"
                )
            ]
        }
    }
}
