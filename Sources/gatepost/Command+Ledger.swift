import Clocks
import Configuration
import Foundation
import JSON

extension Command {
    static let ledger = Command(
        name: "ledger",
        usage: """
            verify [FILE] [--partial] | export [--csv] [--from T] [--to T] [--output FILE]

            verify checks the server's ledger, or without a server an export as NDJSON or the database of a server that
            does not run; --partial is for an export of a part of the time. export writes NDJSON, or CSV for spreadsheets.
            """,
        summary: "check the account of all money for changes, or export it"
    ) { invocation in
        switch invocation.arguments.word() {
        case "verify": try await verifyLedger(&invocation)
        case "export": try await exportLedger(&invocation)
        default: throw UsageError("ledger takes verify or export")
        }
    }

    private static func verifyLedger(_ invocation: inout Invocation) async throws {
        let isPartial = invocation.arguments.flag("partial")
        let file = invocation.arguments.word()
        try invocation.arguments.finish()
        let finding: JSONValue
        if let file {
            finding = try LedgerCheck(file: file, isPartial: isPartial).run()
        } else {
            guard !isPartial else { throw UsageError("--partial needs a FILE") }
            finding = try await Client(invocation).call(
                "POST",
                "/v1/ledger/verify",
                isJSON: invocation.isJSON,
                timeout: .seconds(600)
            )
        }
        if invocation.isJSON {
            Output.print(finding)
        } else {
            tellMissing(of: finding, "entries")
        }
        try judge(finding, isQuiet: invocation.isJSON)
    }

    /// Says that the ledger is whole, or what is wrong with it.
    private static func judge(_ finding: JSONValue, isQuiet: Bool) throws {
        let entries = finding["entries"]?.int ?? 0
        guard finding["verified"] == true else {
            let faults = finding["faults"]?.array ?? []
            for fault in faults { CommandLineTool.complain(sentence(of: fault)) }
            let count = finding["fault_count"]?.int ?? Int64(faults.count)
            let rest = count - Int64(faults.count)
            throw CommandFailure(
                1,
                "the ledger is not whole: \(count) \(count == 1 ? "fault" : "faults") in \(entries) entries"
                    + (rest > 0 ? ", \(rest) of them not told here" : "")
            )
        }
        guard !isQuiet else { return }
        let ends = (finding["writers"]?.array ?? []).map {
            "ends at \(Output.text($0["sequence"])) of \(Output.text($0["writer"]))"
        }
        say("the ledger is whole: " + (["\(entries) entries"] + ends).joined(separator: ", "))
    }

    /// What is wrong, with writer and sequence in front where the sentence does not name them.
    private static func sentence(of fault: JSONValue) -> String {
        let what = Output.text(fault["what"])
        guard let writer = fault["writer"]?.string, let sequence = fault["sequence"]?.int,
            !what.contains(writer) || !what.contains(String(sequence))
        else { return what }
        return "entry \(sequence) of writer `\(writer)`: \(what)"
    }

    private static func exportLedger(_ invocation: inout Invocation) async throws {
        let isCSV = invocation.arguments.flag("csv")
        let output = try invocation.arguments.option("output")
        let (from, to) = try ReportPeriod.bounds(&invocation.arguments)
        try invocation.arguments.finish()
        if let from, let to, from >= to { throw UsageError("--to must be later than --from") }
        let client = try Client(invocation)
        let export = LedgerExport(client, isCSV: isCSV, from: from, to: to)
        guard let output else {
            _ = try await export.run(to: .standardOutput)
            return
        }
        let entries = try await NewFile(path: output).write { try await export.run(to: $0) }
        say("exported \(entries) entries to \(output)")
    }
}
