private import Foundation

/// A folder of its own for one test, removed with all that is in it when the last owner lets go.
package final class TemporaryFolder: Sendable {
    package let path: String

    /// `inMemory`: Where no disk takes part, if the machine has such a place; nothing in it outlives the machine.
    package init(inMemory: Bool = false) throws {
        let place =
            inMemory && FileManager.default.isWritableFile(atPath: "/dev/shm")
            ? URL(filePath: "/dev/shm") : FileManager.default.temporaryDirectory
        let url = place.appending(path: "gatepost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path(percentEncoded: false)
    }

    deinit {
        // Nothing can be done about a folder that stays, and the test has passed or failed without it.
        _ = try? FileManager.default.removeItem(atPath: path)
    }

    package func file(_ name: String) -> String { path + "/" + name }
}
