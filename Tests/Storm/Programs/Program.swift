import Foundation
import Processes

/// One of the real programs, which runs.
final class Program: Sendable {
    let name: String
    private let child: Child

    private init(_ name: String, _ child: Child) {
        (self.name, self.child) = (name, child)
    }

    /// Starts it; it ends with this process at the latest.
    ///
    /// `variables`: `NAME=VALUE`, for its environment. What it complains of is appended to the file.
    static func start(
        _ name: String,
        _ words: [String],
        variables: [String],
        errors: String
    ) async throws -> Program {
        let path = CurrentProcess.programFolder + "/" + name
        let line = ["env"] + variables + ["setpriv", "--pdeathsig", "KILL", path] + words
        guard let child = await Child.start("/bin/sh", ["-c", "exec 2>>\"$0\"; exec \"$@\"", errors] + line) else {
            throw Disappointment("\(name) could not be started.")
        }
        return Program(name, child)
    }

    /// Returns once it says that it is ready.
    func ready() async throws {
        for await line in child.lines where line == "ready" {
            // What nobody reads would hold it up.
            Task { for await _ in child.lines {} }
            return
        }
        throw Disappointment("\(name) ended with \(await child.exitCode()) before it was ready.")
    }

    /// What it says until its end, and its exit code.
    func output() async -> (text: String, code: Int32) {
        var lines: [String] = []
        for await line in child.lines { lines.append(line) }
        return (lines.joined(separator: "\n"), await child.exitCode())
    }

    func send(_ signal: Int32) { child.send(signal) }

    /// Kills it and returns when it has gone.
    func kill() async {
        child.kill()
        _ = await child.exitCode()
    }

    /// Asks it to end, and returns its exit code.
    func end() async -> Int32 {
        child.terminate()
        return await child.exitCode()
    }
}
