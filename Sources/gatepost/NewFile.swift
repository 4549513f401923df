import Foundation
import Processes

/// A file that is made whole or not at all, and never in the place of another.
struct NewFile {
    let path: String

    /// Has `body` write beside the place and puts it there when it is done.
    func write<Result>(_ body: (FileHandle) async throws -> Result) async throws -> Result {
        let files = FileManager.default
        guard !files.fileExists(atPath: path) else { throw isThere }
        let draft = "\(path).\(CurrentProcess.freshInstance()).part"
        do {
            try Data().write(to: URL(filePath: draft), options: .withoutOverwriting)
            let handle = try FileHandle(forWritingTo: URL(filePath: draft))
            let result = try await body(handle)
            try handle.synchronize()
            try handle.close()
            guard !files.fileExists(atPath: path) else { throw isThere }
            try files.moveItem(atPath: draft, toPath: path)
            return result
        } catch {
            // What is not whole is of no use to anybody.
            _ = try? files.removeItem(atPath: draft)
            if error is CommandFailure { throw error }
            throw CommandFailure(1, "\(path) cannot be written; nothing was made")
        }
    }

    private var isThere: CommandFailure { CommandFailure(1, "\(path) is there already; nothing was made") }
}
