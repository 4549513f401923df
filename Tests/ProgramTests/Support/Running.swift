import Foundation
import Processes
import Synchronization

/// A program under test that runs, with what it has said so far.
final class Running: Sendable {
    private let child: Child
    private let spoken = Mutex<[String]>([])
    private let errorFile: String
    private let reading: Mutex<Task<Void, Never>?>
    private let hasEnded = Atomic(false)

    /// Starts a program; it ends with this process at the latest.
    ///
    /// What it writes on standard error goes to the file; variables are `NAME=VALUE` and are added to the environment.
    ///
    /// - Throws: ``Disappointment`` where it cannot be started.
    init(_ program: String, _ arguments: [String], in folder: String, errorFile: String, variables: [String] = [])
        async throws
    {
        let words = ["env"] + variables + ["setpriv", "--pdeathsig", "KILL", Programs.path(program)] + arguments
        let script = "cd \"$1\"; exec 2>>\"$2\"; shift 2; exec \"$@\""
        guard let child = await Child.start("/bin/sh", ["-c", script, "sh", folder, errorFile] + words) else {
            throw Disappointment("\(program) could not be started.")
        }
        self.child = child
        self.errorFile = errorFile
        reading = Mutex(nil)
        reading.withLock { reading in
            reading = Task {
                for await line in child.lines { self.spoken.withLock { $0.append(line) } }
                self.hasEnded.store(true, ordering: .releasing)
            }
        }
    }

    var processID: Int32 { child.processID }

    /// Lines of its standard output so far.
    var lines: [String] { spoken.withLock { $0 } }

    /// What stands in the file of its standard error.
    var complaints: String {
        String(decoding: FileManager.default.contents(atPath: errorFile) ?? Data(), as: UTF8.self)
    }

    /// Waits until it has said a line that begins so, and returns that line.
    func line(_ start: String) async throws -> String {
        try await eventually("a line that begins with \(start); it complains: \(complaints)") {
            let isOver = hasEnded.load(ordering: .acquiring)
            let line = lines.first { $0.hasPrefix(start) }
            if line == nil, isOver {
                throw Disappointment("It ended and never said \(start); it complains: \(complaints)")
            }
            return line
        }
    }

    func send(_ signal: Int32) { child.send(signal) }
    func kill() { child.kill() }
    func terminate() { child.terminate() }

    /// Waits for its end, and for all that it has said.
    @discardableResult
    func exitCode() async -> Int32 {
        let code = await child.exitCode()
        await reading.withLock { $0 }?.value
        return code
    }
}
