import Configuration
import Foundation
import JSON
import Processes

/// The crash storm.
@main
enum Main {
    private static let usage = """
        usage: gatepost-storm [--seconds N] [--seed N] [--folder DIR] [--swallow-syncs]

        Kills the real programs under load, and checks what is left. The last line is JSON; the exit code is 0 only if
        nothing was lost, everything that was taken is in the ledger, and nothing is unexplained.
        --swallow-syncs tries the storm itself: the server's syncs do nothing, so that a loss of power loses events.
        """

    static func main() async {
        var arguments = ProgramArguments(Array(ProcessInfo.processInfo.arguments.dropFirst()))
        do {
            guard !arguments.flag("help") else { return say(usage) }
            let terms = StormTerms(
                seed: UInt64(clamping: try number("seed", in: &arguments) ?? 1),
                length: .seconds(try number("seconds", in: &arguments) ?? 60),
                folder: try arguments.option("folder") ?? FileManager.default.currentDirectoryPath + "/.build/storm",
                swallowsSyncs: arguments.flag("swallow-syncs")
            )
            try arguments.finish()
            let verdict = try await Storm(terms).run()
            for line in verdict.lines { say(line) }
            say(String(decoding: verdict.line.serialized(), as: UTF8.self))
            CurrentProcess.end(verdict.isGood ? 0 : 1)
        } catch let error as UsageError {
            say("\(error); see `gatepost-storm --help`")
            CurrentProcess.end(2)
        } catch {
            say("The storm broke off: \(error)")
            CurrentProcess.end(1)
        }
    }

    private static func number(_ name: String, in arguments: inout ProgramArguments) throws -> Int? {
        guard let text = try arguments.option(name) else { return nil }
        guard let number = Int(text), number >= 0 else { throw UsageError("--\(name) needs a number") }
        return number
    }
}
