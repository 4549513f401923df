import Foundation
import Processes

/// Prometheus's own checker of what it reads.
enum Promtool {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: path)
    static let advice = "Debian's package prometheus has promtool; `.ci/setup test` installs it."
    private static let path = "/usr/bin/promtool"

    /// Runs it with a file on its standard input; returns its exit code and all it said.
    static func run(_ arguments: String..., reading file: String = "/dev/null") async throws -> (
        code: Int32, said: String
    ) {
        let script = "file=\"$1\"; shift; exec \(path) \"$@\" <\"$file\" 2>&1"
        guard let child = await Child.start("/bin/sh", ["-c", script, "sh", file] + arguments) else {
            throw Disappointment("promtool could not be started.")
        }
        var lines: [String] = []
        for await line in child.lines { lines.append(line) }
        return (await child.exitCode(), lines.joined(separator: "\n"))
    }
}
