import Foundation
import Processes

/// A bar on the terminal for what takes longer than a second; elsewhere nothing.
struct Progress {
    private static let width = 30
    private static let pause: Duration = .milliseconds(200)

    private let isShown = CurrentProcess.isTerminal(2)
    private let what: String
    private var next = ContinuousClock.now + .seconds(1)
    private var isThere = false

    init(_ what: String) {
        self.what = what
    }

    /// Shows how much is done, as a bar where it is known of how much.
    mutating func show(_ done: Int, of whole: Int = 0) {
        guard isShown, ContinuousClock.now >= next else { return }
        (next, isThere) = (ContinuousClock.now + Progress.pause, true)
        var line = "\r\(what) "
        if whole > 0 {
            let filled = min(Progress.width, Progress.width * done / whole)
            line += "[" + String(repeating: "#", count: filled)
            line += String(repeating: ".", count: Progress.width - filled) + "] \(min(100, 100 * done / whole)) %"
        } else {
            line += String(done)
        }
        write(line)
    }

    /// Takes the bar away.
    mutating func end() {
        if isThere { write("\r" + String(repeating: " ", count: what.count + Progress.width + 10) + "\r") }
        isThere = false
    }

    private func write(_ text: String) {
        // A bar that cannot be drawn is no reason to stop.
        _ = try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
