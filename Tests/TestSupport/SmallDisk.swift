private import Foundation

/// A file system of 6 MB in memory, mounted in a folder of its own while it is used; only root may do that.
package final class SmallDisk: Sendable {
    package let path: String
    private let ballast: String

    /// Whether this process may mount; in a container it may be root and not allowed to.
    package static let isPermitted: Bool = (try? SmallDisk()) != nil

    package init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatepost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path(percentEncoded: false)
        ballast = path + "/ballast"
        guard mount("tmpfs", path, "tmpfs", 0, "size=6m") == 0 else {
            rmdir(path)
            throw CocoaError(.fileWriteNoPermission)
        }
    }

    /// Detached, so that a file which is still open holds nothing up.
    deinit {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }

    /// Takes up all room that is left.
    package func fill() throws {
        try Data().write(to: URL(filePath: ballast))
        let handle = try FileHandle(forWritingTo: URL(filePath: ballast))
        defer { _ = try? handle.close() }  // Nothing depends on it.
        for size in [65_536, 4096, 1] {
            let block = Data(repeating: 0x20, count: size)
            while (try? handle.write(contentsOf: block)) != nil {}
        }
    }

    /// Gives back what ``fill()`` took.
    package func free() throws { try free(ballast) }

    /// Gives back what a file takes, also where a child of this process has inherited it open.
    package func free(_ file: String) throws {
        truncate(file, 0)
        try FileManager.default.removeItem(atPath: file)
    }

    /// Takes up half of the room, and returns the file that does.
    package func reserve() throws -> String {
        let file = path + "/reserve"
        try Data(repeating: 0x20, count: 3 << 20).write(to: URL(filePath: file))
        return file
    }
}
