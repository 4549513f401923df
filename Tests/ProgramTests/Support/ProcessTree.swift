import Foundation
import Glibc

/// The processes that another has started, by the names of their programs (proc(5)).
func children(of parent: Int32) -> [String: Int32] {
    var found: [String: Int32] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
        guard let id = Int32(name),
            // A process may end while it is looked at.
            let status = FileManager.default.contents(atPath: "/proc/\(id)/status"),
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/exe"),
            let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first(where: {
                $0.hasPrefix("PPid:")
            }),
            line.split(separator: "\t").last.flatMap({ Int32($0) }) == parent
        else { continue }
        found[URL(filePath: program).lastPathComponent] = id
    }
    return found
}

/// Whether a process still runs; one that has ended and was not waited for does not.
func isRunning(_ id: Int32) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/exe")) != nil
}

/// Ends a process as `kill -9` does.
func killHard(_ id: Int32) { _ = kill(id, SIGKILL) }
