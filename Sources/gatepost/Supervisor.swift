private import Clocks
import Configuration
import Foundation
import Processes
import Synchronization

/// Starts the programs of one machine, starts them again when they die, and ends them in order.
final class Supervisor: Sendable {
    /// What is under way when the end is asked for has this long.
    private static let grace: Duration = .seconds(20)
    private static let firstPause: Duration = .milliseconds(100)
    private static let longestPause: Duration = .seconds(5)
    /// A child that lived this long is no longer on the way of falling over and over.
    private static let settled: Duration = .seconds(10)
    /// The server says with it that it cannot start however often: settings, keys or database cannot be used.
    private static let hopeless: Int32 = 78

    private let config: String
    private let log: Log
    private let children = Mutex<[String: Child]>([:])
    private let isEnding = Mutex(false)

    init(config: String, log: Log) {
        (self.config, self.log) = (config, log)
    }

    /// Returns the exit code: 0 after an end in order, else that of the program that ended before it was ready, or of a server
    /// that cannot start again.
    func run(server: String, workers: [String], until signals: EndSignals) async -> Int32 {
        var started: [(String, Child)] = []
        for program in [server] + workers {
            switch await firstStart(program, until: signals) {
            case .ready(let child): started.append((program, child))
            case .ended(let code):
                await end([])
                return code
            }
        }
        say("ready")
        return await withTaskGroup(of: Int32.self) { group in
            for (program, child) in started {
                // Without a worker events are kept at least.
                group.addTask { await self.keep(child, program, isVital: program == server) }
            }
            group.addTask {
                await signals.wait()
                return 0
            }
            let code = await group.next() ?? 0
            await end(workers + [server])
            group.cancelAll()
            return code
        }
    }

    private enum Start {
        case ready(Child)
        case ended(Int32)
    }

    /// Starts a program and waits until it is ready, has ended, or the end is asked for.
    private func firstStart(_ program: String, until signals: EndSignals) async -> Start {
        guard let child = await start(program) else {
            log(.error, "\(program) cannot be started; is it beside gatepost?")
            return .ended(1)
        }
        let stop = Task {
            await signals.wait()
            if !Task.isCancelled { child.terminate() }
        }
        defer { stop.cancel() }
        for await line in child.lines {
            if line == "ready" {
                pass(on: child)
                return .ready(child)
            }
            say(line)
        }
        let code = await child.exitCode()
        children.withLock { $0[program] = nil }
        return .ended(code)
    }

    /// Starts a program again whenever it ends, after a pause that doubles while it does not stay up.
    ///
    /// Returns 0 when the end was asked for, and the exit code of one that is vital and would only end again.
    private func keep(_ first: Child, _ program: String, isVital: Bool) async -> Int32 {
        var child = first
        var pause = Supervisor.firstPause
        while true {
            let begun = ContinuousClock.now
            let code = await child.exitCode()
            if isEnding.withLock({ $0 }) { return 0 }
            if isVital, code == Supervisor.hopeless {
                log(.error, "\(program) ended with code \(code), and would again; everything ends with it")
                return code
            }
            if ContinuousClock.now - begun > Supervisor.settled { pause = Supervisor.firstPause }
            log(.error, "\(program) ended with code \(code); it is started again in \(pause.milliseconds) ms")
            // Cancelled means that the end was asked for, which is looked at next.
            _ = try? await Task.sleep(for: pause)
            pause = min(pause * 2, Supervisor.longestPause)
            if isEnding.withLock({ $0 }) { return 0 }
            guard let next = await start(program) else { continue }
            pass(on: next)
            child = next
        }
    }

    private func start(_ program: String) async -> Child? {
        let child = await Child.start(
            CurrentProcess.programFolder + "/" + program,
            ["--config", config, "--parent", String(CurrentProcess.id)]
        )
        if let child { children.withLock { $0[program] = child } }
        return child
    }

    /// Reads what a child says, so that it never waits for a reader.
    private func pass(on child: Child) {
        Task {
            for await _ in child.lines {}
        }
    }

    /// Ends the children, workers first, so that what they have in hand is settled; kills what takes too long.
    private func end(_ order: [String]) async {
        isEnding.withLock { $0 = true }
        let running = children.withLock { $0 }
        let deadline = Task {
            guard (try? await Task.sleep(for: Supervisor.grace)) != nil else { return }
            for child in running.values { child.kill() }
        }
        for program in order + running.keys.filter({ !order.contains($0) }) {
            guard let child = running[program] else { continue }
            child.terminate()
            _ = await child.exitCode()
        }
        deadline.cancel()
    }
}
