import Clocks
import Configuration
import Spend

/// The time that a report is about, its end left out.
struct ReportPeriod {
    let from: Instant
    let to: Instant
    /// As it was asked for.
    let name: String

    /// Takes `--month YYYY-MM`, or `--from` and `--to`; without any it is the month that `now` lies in.
    init(_ arguments: inout ProgramArguments, now: Instant) throws(UsageError) {
        let month = try arguments.option("month")
        let (from, to) = try ReportPeriod.bounds(&arguments)
        if let from {
            guard month == nil else { throw UsageError("--month goes without --from and --to") }
            let end = to ?? now
            guard from < end else { throw UsageError("--to must be later than --from") }
            (self.from, self.to, name) = (from, end, "from \(from) to \(end)")
        } else {
            guard to == nil else { throw UsageError("--to needs --from") }
            let text = month ?? String(now.description.prefix(7))
            guard text.utf8.count == 7, let day = Instant(rfc3339: text + "-01T00:00:00Z") else {
                throw UsageError("--month needs a month such as 2026-11")
            }
            (self.from, self.to) = Budget.Period.month.bounds(around: day)
            name = "in " + text
        }
    }

    var query: String { "from=\(Client.escaped("\(from)"))&to=\(Client.escaped("\(to)"))" }

    /// Takes `--from` and `--to`.
    static func bounds(_ arguments: inout ProgramArguments) throws(UsageError) -> (from: Instant?, to: Instant?) {
        (try arguments.moment("from"), try arguments.moment("to"))
    }
}
