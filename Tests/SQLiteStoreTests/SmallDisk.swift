import Foundation

/// A file system of 6 MB in memory, mounted in a folder of its own while it is used; only root may do that.
final class SmallDisk: Sendable {
    let path: String

    /// Whether this process may mount; in a container it may be root and not allowed to.
    static let isPermitted: Bool = (try? SmallDisk()) != nil

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatepost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path(percentEncoded: false)
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

    /// Takes up half of the room, and returns the file that does.
    func reserve() throws -> String {
        let file = path + "/reserve"
        try Data(repeating: 0x20, count: 3 << 20).write(to: URL(filePath: file))
        return file
    }
}
