import Clocks
import Configuration
import JSON
import Spend

extension Command {
    static let spend = Command(
        name: "spend",
        usage: "[--month YYYY-MM | --from T [--to T]] [--by country,tenant,purpose,gateway,day]",
        summary: "what was sent, what it cost, and what a verified code cost; of this month, by country"
    ) { invocation in
        let groups = try groups(invocation.arguments.option("by") ?? "country")
        let client = try Client(invocation)
        let period = try ReportPeriod(&invocation.arguments, now: client.time.now())
        try invocation.arguments.finish()
        let report = try await client.call(
            "GET",
            "/v1/spend?\(period.query)&group_by=\(groups.joined(separator: ","))",
            isJSON: invocation.isJSON,
            timeout: .seconds(120)
        )
        if invocation.isJSON { Output.print(report) } else { show(report, of: period, by: groups) }
    }

    private static func groups(_ list: String) throws(UsageError) -> [String] {
        let names = list.split(separator: ",").map(String.init)
        guard !names.isEmpty, names.allSatisfy({ SpendGroup(rawValue: $0) != nil }), Set(names).count == names.count
        else {
            let known = SpendGroup.allCases.map(\.rawValue).joined(separator: ",")
            throw UsageError("--by needs some of \(known), each once")
        }
        return names
    }

    private static let sums = ["messages", "segments", "estimate", "price", "difference"]

    /// Says of which spans something may be missing.
    static func tellMissing(of report: JSONValue, _ what: String) {
        for span in report["missing"]?.array ?? [] {
            let (from, to) = (Output.text(span["from"]), Output.text(span["to"]))
            say("\(what) may be missing from \(from) to \(to): the database was restored; see the gateways' bills")
        }
    }

    private static func show(_ report: JSONValue, of period: ReportPeriod, by groups: [String]) {
        let lines = report["rows"]?.array ?? []
        tellMissing(of: report, "spend")
        guard !lines.isEmpty else { return say("no spend \(period.name)") }
        let rows = lines.map { line in
            (groups + sums + ["currency", "verified", "cost_per_verified"]).map { Output.text(line[$0]) }
        }
        let totals = (report["totals"]?.array ?? []).map { total in
            ["total"] + groups.dropFirst().map { _ in "" }
                + (sums + ["currency", "verified", "cost_per_verified"]).map { total[$0].map(Output.text) ?? "" }
        }
        say("spend \(period.name)")
        say("")
        let first = groups.count
        Output.table(
            groups + sums + ["currency", "verified", "per verified"],
            rows + totals,
            numbers: Set(first..<first + sums.count).union([first + sums.count + 1, first + sums.count + 2])
        )
    }
}
