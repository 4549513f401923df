package import Clocks
import Foundation

/// What operators read: a line a thing, on standard error, with time, level and program.
///
/// No line names a person, an address, a code or a key.
package struct Log: Sendable {
    package enum Level: String, Sendable { case info, warning, error }

    private let program: String
    private let time: any TimeSource

    package init(program: String, time: any TimeSource) {
        (self.program, self.time) = (program, time)
    }

    package func callAsFunction(_ level: Level, _ message: String) {
        let line = "\(time.now()) \(level.rawValue) \(program): \(message)\n"
        // One write, so that lines of several programs do not mix; there is nowhere to complain if it fails.
        _ = try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }
}

/// Writes a line on standard output at once.
package func say(_ line: String) {
    // A reader that has gone is no reason to stop.
    _ = try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
}
