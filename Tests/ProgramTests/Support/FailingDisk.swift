import Foundation
import Glibc
import Processes
import TestSupport

/// A file system of 64 MB on a loop device that becomes read-only under its open files, as ext4 does after an error of the disk.
final class FailingDisk: Sendable {
    let path: String
    private let folder: TemporaryFolder

    /// Whether this process may mount, and ext4 lets itself be told to fail.
    static func isPermitted() async -> Bool {
        guard let disk = try? await FailingDisk() else { return false }
        return (try? await disk.fail()) != nil
    }

    init() async throws {
        folder = try TemporaryFolder()
        path = folder.file("disk")
        try await shell(
            "truncate -s 64M image && /sbin/mkfs.ext4 -q image && mkdir disk && mount -o loop,errors=remount-ro image disk"
        )
    }

    /// Detached, so that a file which is still open holds nothing up; its loop device goes with it.
    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Nothing more can be written, and what was not synced is lost.
    func fail() async throws {
        try await shell("echo 1 > /sys/fs/ext4/$(basename $(findmnt -no SOURCE disk))/trigger_fs_error")
    }

    /// Comes back as it is on the disk; no file on it may be open.
    func repair() async throws {
        try await shell("umount disk && mount -o loop image disk")
    }

    private func shell(_ script: String) async throws {
        let child = await Child.start("/bin/sh", ["-c", "cd \"$0\" && { \(script); } 2>/dev/null", folder.path])
        guard await child?.exitCode() == 0 else { throw Disappointment("This was not done: \(script)") }
    }
}
