import Foundation
import Processes

/// Who reads what a command prints: a person at a terminal of so many columns, or a program.
struct Terminal {
    /// `nil` where nothing has to fit.
    var columns: Int?
    /// Only at a terminal that can show them, and where `NO_COLOR` (no-color.org) is not set.
    var hasColours: Bool

    /// Standard output.
    static let output = Terminal(descriptor: 1, environment: ProcessInfo.processInfo.environment)

    init(columns: Int?, hasColours: Bool) {
        (self.columns, self.hasColours) = (columns, hasColours)
    }

    private init(descriptor: Int32, environment: [String: String]) {
        let isThere = CurrentProcess.isTerminal(descriptor)
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM", default: "dumb"] == "dumb"
        columns = isThere ? CurrentProcess.terminalColumns(descriptor) : nil
        hasColours = isThere && !isPlain
    }

    /// How a word is set off from others (ECMA-48, SGR).
    enum Ink: String {
        case bold = "1"
        case good = "32"
        case waiting = "33"
        case bad = "31"
    }

    func set(_ text: String, in ink: Ink?) -> String {
        guard let ink, hasColours, !text.isEmpty else { return text }
        return "\u{1b}[\(ink.rawValue)m\(text)\u{1b}[0m"
    }
}

extension Terminal.Ink {
    /// The colour of a state's or a result's name; none for what is as it should be on its way.
    init?(of word: String) {
        switch word {
        case "delivered", "verified", "accepted", "ok", "good", "applied": self = .good
        case "parked", "unknown", "throttled", "held", "warning", "retry", "paused", "undelivered", "expired":
            self = .waiting
        case "dead", "down", "failed", "refused", "locked", "unreachable": self = .bad
        default: return nil
        }
    }
}
