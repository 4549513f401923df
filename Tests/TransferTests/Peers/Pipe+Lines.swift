import Foundation

extension Pipe {
    /// Returns the first line read from the pipe that begins with `start`, or nil if none comes before its end.
    func firstLine(startingWith start: String = "") async -> String? {
        await withCheckedContinuation { continuation in
            Thread {
                var text = ""
                while true {
                    let data = self.fileHandleForReading.availableData
                    text += String(decoding: data, as: UTF8.self)
                    let complete = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                    if let line = complete.first(where: { $0.hasPrefix(start) }) {
                        return continuation.resume(returning: String(line))
                    }
                    if data.isEmpty { return continuation.resume(returning: nil) }
                }
            }.start()
        }
    }
}
