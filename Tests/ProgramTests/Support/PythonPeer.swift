import Foundation
import Processes

/// Runs the programs in `Tests/Peers`, with the Python that `make test` makes for them.
enum PythonPeer {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized

    /// Runs one to its end; what it complains of goes to the complaints of the test.
    ///
    /// - Throws: ``Disappointment`` where there is no such Python.
    static func run(_ name: String, _ arguments: [String]) async throws -> (code: Int32, lines: [String]) {
        guard let python = ProcessInfo.processInfo.environment["GATEPOST_TEST_PYTHON"] else {
            throw Disappointment("Set GATEPOST_TEST_PYTHON to .build/venv/bin/python, as `make test` does.")
        }
        let script = root.appending(path: "Tests/Peers/\(name)").path
        guard let child = await Child.start(python, [script] + arguments) else {
            throw Disappointment("\(python) could not be started; `.ci/setup test` makes it.")
        }
        var lines: [String] = []
        for await line in child.lines { lines.append(line) }
        return (await child.exitCode(), lines)
    }
}
