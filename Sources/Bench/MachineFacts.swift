import Configuration
import Foundation
package import JSON
import SQLite

/// What the figures were measured on.
package enum MachineFacts {
    /// `folder`: Where the data lay.
    package static func json(of folder: String, seconds: Int) -> JSONValue {
        [
            "gatepost": .string(version), "kernel": .string(firstLine(of: "/proc/sys/kernel/osrelease")),
            "processor": .string(processor),
            "processors": .integer(Int64(ProcessInfo.processInfo.activeProcessorCount)),
            "memory_mb": .integer(Int64(ProcessInfo.processInfo.physicalMemory >> 20)),
            "file_system": .string(fileSystem(of: folder)), "sqlite": .string(sqlite),
            "build": .string(isDebug ? "debug" : "release"), "load": .string(firstLine(of: "/proc/loadavg")),
            "seconds": .integer(Int64(seconds)),
        ]
    }

    private static var isDebug: Bool {
        var isDebug = false
        assert(
            {
                isDebug = true
                return true
            }()
        )
        return isDebug
    }

    private static var sqlite: String {
        let number = Connection.libraryVersion
        return "\(number / 1_000_000).\(number / 1000 % 1000).\(number % 1000)"
    }

    private static var processor: String {
        let lines = text(of: "/proc/cpuinfo").split(separator: "\n")
        return lines.first { $0.hasPrefix("model name") }.flatMap { $0.split(separator: ":").last }?
            .trimmingCharacters(in: .whitespaces) ?? "unknown"
    }

    /// The kind of the mount that holds a path, with its options (proc_pid_mounts(5)).
    private static func fileSystem(of folder: String) -> String {
        let path = URL(filePath: folder).resolvingSymlinksInPath().path(percentEncoded: false)
        var best = (length: -1, words: [Substring]())
        for line in text(of: "/proc/self/mounts").split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 3, words[1] == "/" || path == words[1] || path.hasPrefix(words[1] + "/") else {
                continue
            }
            if words[1].count >= best.length { best = (words[1].count, words) }
        }
        return best.words.count > 3 ? "\(best.words[2]) (\(best.words[3]))" : "unknown"
    }

    private static func firstLine(of path: String) -> String {
        text(of: path).split(separator: "\n").first.map(String.init) ?? "unknown"
    }

    private static func text(of path: String) -> String {
        // Files of /proc have no size, and not every machine has each.
        (try? String(contentsOf: URL(filePath: path), encoding: .utf8)) ?? ""
    }
}
