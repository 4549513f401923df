import Clocks
import Configuration

extension ProgramArguments {
    /// Takes `--name TIME`: a moment such as 2026-11-21T10:00:00Z, or a day, which begins at midnight in UTC.
    mutating func moment(_ name: String) throws(UsageError) -> Instant? {
        guard let text = try option(name) else { return nil }
        guard let instant = Instant(rfc3339: text) ?? Instant(rfc3339: text + "T00:00:00Z") else {
            throw UsageError("--\(name) needs a day such as 2026-11-21 or a moment such as 2026-11-21T10:00:00Z")
        }
        return instant
    }

    /// Takes when something is to end: `--until TIME`, or `--for 2h`, counted from now.
    ///
    /// `nil` where neither is given.
    mutating func end(now: Instant) throws(UsageError) -> Instant? {
        let until = try moment("until")
        guard let text = try option("for") else { return until }
        guard until == nil else { throw UsageError("--until goes without --for") }
        guard let duration = Duration(text: text), duration > .zero else {
            throw UsageError("--for needs a duration such as 90s, 30m, 2h or 7d")
        }
        return now + duration
    }
}
