import Bench
import Configuration
import Foundation
import JSON
import Processes
import Synchronization

extension Command {
    static let bench = Command(
        name: "bench",
        usage: """
            [--only NAME[,NAME]] [--all] [--seconds N]

            Runs the programs that lie beside this one in a temporary folder where the data of the settings lie, or here
            where there are no settings, and removes it afterwards. --seconds is how long each row is measured, 1 to 600,
            5 by default. The rows:

            \(names(where: { $0.isUsual }))

            Those that take long or much room run with --all or --only:

            \(names(where: { !$0.isUsual }))
            """,
        summary: "this machine's figures beside its raw limits, on the file system of the data; needs no server"
    ) { invocation in
        let only = try invocation.arguments.option("only")
        let wantsAll = invocation.arguments.flag("all")
        let seconds = try seconds(&invocation.arguments)
        try invocation.arguments.finish()
        let selected = try selection(only, wantsAll)
        CurrentProcess.keepFilesPrivate()
        let folder = try folder(for: invocation)
        // They would stand in for the settings of the installation that is measured: its database above all.
        CurrentProcess.forgetVariables(beginning: "GATEPOST_")
        let signals = EndSignals()
        let stop = Stop()
        let workplace: Workplace
        do {
            let room = selected.map(\.room).max() ?? 0
            workplace = try Workplace(in: folder, room: room, stop: stop)
        } catch let failure as BenchFailure {
            throw CommandFailure(1, failure.description)
        }
        let ending = Task {
            await signals.wait()
            if !Task.isCancelled { stop.set() }
        }
        let machine = MachineFacts.json(of: folder, seconds: seconds)
        let result = await measured(selected, in: workplace, seconds: seconds)
        ending.cancel()
        await workplace.end()
        show(try result.get(), machine, isJSON: invocation.isJSON)
    }

    private static func names(where isWanted: (Benchmark) -> Bool) -> String {
        var lines = [""]
        for name in Benchmark.allCases.filter(isWanted).map(\.rawValue) {
            if let line = lines.last, line.count + name.count > 100 { lines.append("") }
            let last = lines.removeLast()
            lines.append(last.isEmpty ? name : last + " " + name)
        }
        return lines.joined(separator: "\n")
    }

    private static func seconds(_ arguments: inout ProgramArguments) throws -> Int {
        guard let word = try arguments.option("seconds") else { return BenchRun.seconds }
        guard let seconds = Int(word), BenchRun.secondsBounds.contains(seconds) else {
            throw UsageError("--seconds takes a whole number from 1 to 600, not \(word)")
        }
        return seconds
    }

    private static func selection(_ only: String?, _ wantsAll: Bool) throws -> [Benchmark] {
        guard let only else { return Benchmark.allCases.filter { wantsAll || $0.isUsual } }
        guard !wantsAll else { throw UsageError("--only and --all do not go together") }
        let wanted = try only.split(separator: ",").map { name in
            guard let benchmark = Benchmark(rawValue: String(name)) else {
                let known = Benchmark.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError("there is no benchmark \(name); known are \(known)")
            }
            return benchmark
        }
        guard !wanted.isEmpty else { throw UsageError("--only needs a name") }
        return Benchmark.allCases.filter(wanted.contains)
    }

    /// The folder of the database, or of its folders the first that is there; without settings the current one.
    private static func folder(for invocation: Invocation) throws -> String {
        let path = SettingsPlace.path(invocation.config, environment: invocation.environment)
        let isNamed = invocation.config != nil || invocation.environment["GATEPOST_CONFIG"] != nil
        guard isNamed || FileManager.default.fileExists(atPath: path) else {
            return FileManager.default.currentDirectoryPath
        }
        var folder = directory(of: try Settings(file: path, environment: invocation.environment).database)
        while folder != "/", !FileManager.default.fileExists(atPath: folder) { folder = directory(of: folder) }
        return folder
    }

    private static func measured(
        _ selected: [Benchmark],
        in workplace: Workplace,
        seconds: Int
    ) async -> Result<[BenchRow], any Error> {
        let place = Mutex<(name: String, done: Int, of: Int)>(("", 0, 0))
        let bar = Task {
            while !Task.isCancelled {
                let (name, done, whole) = place.withLock { $0 }
                var progress = Progress("measuring \(name)".padding(toLength: 27, withPad: " ", startingAt: 0))
                while !Task.isCancelled, place.withLock({ $0.done == done && $0.name == name }) {
                    progress.show(done, of: whole)
                    // Cancelled means that all is measured, which the loop sees.
                    _ = try? await Task.sleep(for: .milliseconds(100))
                }
                progress.end()
            }
        }
        let result: Result<[BenchRow], any Error>
        do {
            let run = BenchRun(selected, in: workplace, seconds: seconds) { name, done, whole in
                place.withLock { $0 = (name, done, whole) }
            }
            result = .success(try await run.rows())
        } catch {
            // Whoever stops it at a terminal stops its programs too, which is no failure of theirs.
            let failure = workplace.isStopped ? BenchFailure.stopped : error
            result = .failure(CommandFailure(1, "\(failure)"))
        }
        bar.cancel()
        await bar.value
        return result
    }

    private static func show(_ rows: [BenchRow], _ machine: JSONValue, isJSON: Bool) {
        guard !isJSON else { return Output.print(BenchRun.json(machine: machine, rows)) }
        Output.facts((machine.object?.members ?? []).map { ($0.name, Output.text($0.value)) })
        say("")
        Output.table(BenchRow.head, rows.map(\.cells), numbers: BenchRow.numbers)
        say("")
        for row in rows where !row.notes.isEmpty {
            say("\(row.name): " + row.notes.map { "\($0.name) \(Output.text($0.value))" }.joined(separator: ", "))
        }
    }
}
