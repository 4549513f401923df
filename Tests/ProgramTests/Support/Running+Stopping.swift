import Foundation
import Glibc

extension Running {
    /// Makes it sleep until it gets SIGCONT, and returns when none of its threads runs any more.
    func stop() async throws {
        send(SIGSTOP)
        try await eventually("a process whose threads all sleep") {
            let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(processID)/task")
            return tasks.allSatisfy { task in
                // A thread that has ended meanwhile does not run either.
                let status = FileManager.default.contents(atPath: "/proc/\(processID)/task/\(task)/status") ?? Data()
                let state = String(decoding: status, as: UTF8.self).split(separator: "\n").first {
                    $0.hasPrefix("State:")
                }
                return state.map { $0.hasPrefix("State:\tT") } ?? true
            }
        }
    }
}
