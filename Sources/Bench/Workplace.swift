private import Configuration
private import Foundation
import Processes
private import Synchronization

/// A temporary folder on the file system that is measured, and the programs that run in it.
package final class Workplace: Sendable {
    package let path: String
    let stop: Stop
    package var isStopped: Bool { stop.isSet }
    private let programs = Mutex<[Child]>([])
    private let offices = Mutex(0)

    /// `folder`: On the file system to be measured; a folder of its own is made in it.
    ///
    /// - Throws: ``BenchFailure`` where it lies in memory, or where too little is free.
    package init(in folder: String, room: Int64, stop: Stop) throws {
        guard let isInMemory = Machine.isInMemory(folder) else {
            throw BenchFailure("there is no folder \(folder); name settings whose data folder is there")
        }
        guard !isInMemory else {
            throw BenchFailure(
                "\(folder) lies in memory (tmpfs), where a sync costs nothing; measure where the data shall lie: go there, or "
                    + "name settings whose data folder is on a disk"
            )
        }
        let free = Machine.freeBytes(at: folder) ?? 0
        guard free >= room else {
            throw BenchFailure(
                "\(room >> 30) GiB must be free in \(folder), \(free >> 30) are; make room, or go elsewhere"
            )
        }
        self.stop = stop
        path = folder + "/.gatepost-bench-\(CurrentProcess.id)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// A new folder in it, with a short name: a socket's path may have 107 bytes.
    func newFolder() throws -> String {
        let number = offices.withLock { offices in
            offices += 1
            return offices
        }
        let folder = "\(path)/\(number)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: nil)
        return folder
    }

    /// Starts a program that lies beside this one, and waits until it is ready; returns what it said before.
    func start(_ program: String, config: String) async throws -> (child: Child, lines: [String]) {
        try stop.check()
        let words = ["--config", config, "--parent", String(CurrentProcess.id)]
        guard let child = await Child.start(CurrentProcess.programFolder + "/" + program, words) else {
            throw BenchFailure("\(program) cannot be started; is it beside gatepost?")
        }
        programs.withLock { $0.append(child) }
        var lines: [String] = []
        for await line in child.lines {
            if line == "ready" {
                Task { for await _ in child.lines {} }
                return (child, lines)
            }
            lines.append(line)
        }
        try stop.check()
        throw BenchFailure("\(program) ended with code \(await child.exitCode()) before it was ready")
    }

    /// Ends what was started and removes all that was written.
    package func end() async {
        for child in programs.withLock({ $0 }) {
            child.kill()
            _ = await child.exitCode()
        }
        // What cannot be removed lies in a folder whose name tells what it is.
        _ = try? FileManager.default.removeItem(atPath: path)
    }
}
