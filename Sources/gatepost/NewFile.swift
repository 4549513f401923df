import Foundation
import Processes

/// A file that is made whole or not at all, and never in the place of another unless that is asked for.
struct NewFile {
    let path: String
    /// Whether another file may lie in the place until this one is whole.
    var isReplacing = false

    /// Has `body` write beside the place and puts it there when it is done.
    func write<Result>(_ body: (FileHandle) async throws -> Result) async throws -> Result {
        try await make { draft in
            let handle = try FileHandle(forWritingTo: URL(filePath: draft))
            let result = try await body(handle)
            try handle.close()
            return result
        }
    }

    /// Has `body` write to a file beside the place, which is there and empty, and puts it there when it is done.
    func make<Result>(_ body: (_ draft: String) async throws -> Result) async throws -> Result {
        let files = FileManager.default
        guard isReplacing || !files.fileExists(atPath: path) else { throw isThere }
        let draft = "\(path).\(CurrentProcess.freshInstance()).part"
        do {
            try Data().write(to: URL(filePath: draft), options: .withoutOverwriting)
            let result = try await body(draft)
            let handle = try FileHandle(forWritingTo: URL(filePath: draft))
            try handle.synchronize()
            try handle.close()
            if isReplacing {
                guard rename(draft, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
            } else {
                guard !files.fileExists(atPath: path) else { throw isThere }
                try files.moveItem(atPath: draft, toPath: path)
            }
            // The name is on disk once its folder is.
            let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
            try FileHandle(forReadingAtPath: folder)?.synchronize()
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
