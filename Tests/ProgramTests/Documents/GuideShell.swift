import Foundation
import Glibc
import Processes
import Synchronization
import TestSupport

/// A shell that does what a reader types, one command after the other, in a home of its own.
final class GuideShell: Sendable {
    /// What a command came to: what was printed since it began, and its exit code.
    struct Outcome {
        var lines: [String]
        var code: Int
    }

    private struct Record {
        var lines: [String] = []
        var ends: [Int: Int] = [:]
        var isOver = false
    }

    /// Reads names of files from the pipe and does what stands in them; they see neither the pipe nor a terminal.
    private static let script = """
        exec 3<"$0/steps"
        cd "$HOME" || exit
        trap 'kill $(jobs -p) 2>/dev/null' EXIT
        while read -r step <&3; do
            source "$CONTROL/$step" 3<&- </dev/null 2>&1
            printf '\\036%s %s\\n' "$step" "$?"
        done
        """

    private let folder: TemporaryFolder
    private let child: Child
    private let pipe: Int32
    private let record: Shared
    private let reading: Task<Void, Never>
    private let count = Mutex(0)

    private final class Shared: Sendable {
        let state = Mutex(Record())
    }

    var home: String { folder.file("home") }
    var control: String { folder.file("control") }

    /// `variables`: `NAME=VALUE`, beside `PATH` and the few that a login has.
    init(variables: [String]) async throws {
        folder = try TemporaryFolder()
        let (home, control) = (folder.file("home"), folder.file("control"))
        for path in [home, control] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        guard mkfifo(control + "/steps", 0o600) == 0 else { throw Disappointment("There is no pipe.") }
        // Opened for both, it waits for nobody; it ends the shell when this process ends.
        pipe = open(control + "/steps", O_RDWR | O_CLOEXEC)
        let words =
            [
                "-i", "HOME=\(home)", "PATH=\(Programs.folder):/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
                "LANG=C.UTF-8", "TERM=dumb", "CONTROL=\(control)",
            ] + variables + ["/bin/bash", "--noprofile", "--norc", "-c", GuideShell.script, control]
        guard let child = await Child.start("/usr/bin/env", words) else { throw Disappointment("There is no bash.") }
        self.child = child
        let record = Shared()
        self.record = record
        reading = Task {
            for await line in child.lines { GuideShell.hear(line, record) }
            record.state.withLock { $0.isOver = true }
        }
    }

    /// A line is output, or says after a control character which command has ended, and how.
    private static func hear(_ line: String, _ record: Shared) {
        let parts = line.split(separator: "\u{1e}", maxSplits: 1, omittingEmptySubsequences: false)
        record.state.withLock { state in
            if parts.count == 1 || !parts[0].isEmpty { state.lines.append(String(parts[0])) }
            guard parts.count == 2 else { return }
            let words = parts[1].split(separator: " ").compactMap { Int($0) }
            if words.count == 2 { state.ends[words[0]] = words[1] }
        }
    }

    // MARK: Commands

    /// Begins a command; its end is waited for, what it leaves behind goes on.
    ///
    /// `mustSucceed`: Whether the exit code tells of every command in the text, not only of the last.
    ///
    /// - Returns: Where its output begins, for ``output(since:)``.
    func run(_ command: String, mustSucceed: Bool = false) async throws -> (start: Int, code: Int) {
        let step = count.withLock { count in
            count += 1
            return count
        }
        var text = command + "\n"
        if mustSucceed {
            text =
                "failed=\ntrap 'failed=$BASH_COMMAND' ERR\n" + text + "trap - ERR\n"
                + "[ -z \"$failed\" ] || { echo \"this failed: $failed\"; false; }\n"
        }
        try Data(text.utf8).write(to: URL(filePath: control + "/\(step)"))
        let start = record.state.withLock { $0.lines.count }
        let name = Array("\(step)\n".utf8)
        guard write(pipe, name, name.count) == name.count else { throw Disappointment("The shell hears nothing.") }
        let code = try await eventually(
            "the end of `\(command)`, which printed \(output(since: start))",
            within: patience
        ) {
            let (code, isOver) = record.state.withLock { ($0.ends[step], $0.isOver) }
            if code == nil, isOver { throw Disappointment("`\(command)` ended the shell: \(output(since: start))") }
            return code
        }
        return (start, code)
    }

    /// What was printed since, by commands and by what they left running.
    func output(since start: Int) -> [String] { record.state.withLock { Array($0.lines[start...]) } }

    // MARK: The end

    /// Ends the shell and everything that was started from it.
    func end() async {
        close(pipe)
        child.kill()
        _ = await child.exitCode()
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            let rest = processes()
            if rest.isEmpty { break }
            rest.forEach(killHard)
            // Nothing is lost when the wait is cut short.
            _ = try? await Task.sleep(for: .milliseconds(20))
        }
        await reading.value
    }

    /// Processes that have this shell's control folder in their environment, which it hands down.
    private func processes() -> [Int32] {
        let mark = Data("CONTROL=\(control)\0".utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { id in
            FileManager.default.contents(atPath: "/proc/\(id)/environ")?.range(of: mark) != nil
        }
    }
}
