import Clocks
import Glibc

/// Room on the disk that is set aside: freed when the disk is full, it lets outcomes and receipts be recorded until somebody
/// has made room.
///
/// It is used on the writer's queue only.
struct ReserveFile: Sendable {
    /// So long apart are looks whether there is room again.
    private static let pause: Duration = .seconds(1)

    let path: String
    /// Bytes; 0 for none.
    let size: Int
    private var lookedAt = BootInstant(milliseconds: 0)

    init(path: String, size: Int) {
        (self.path, self.size) = (path, size)
    }

    var isThere: Bool {
        var status = stat()
        return stat(path, &status) == 0 && Int(status.st_size) >= size
    }

    /// Gives the room back to the disk; returns whether there was any.
    mutating func free(at now: BootInstant) -> Bool {
        lookedAt = now
        guard size > 0, isThere else { return false }
        return unlink(path) == 0
    }

    /// Takes the room that was freed or could not be had before, once in a while; returns whether it is there now.
    mutating func restore(at now: BootInstant) -> Bool {
        guard size > 0, now - lookedAt >= ReserveFile.pause else { return false }
        lookedAt = now
        return take()
    }

    /// Takes the room, where as much again stays free: a disk that is nearly full would be full at once.
    ///
    /// Returns whether the room is there now.
    @discardableResult
    func take() -> Bool {
        guard size > 0, !isThere else { return size > 0 }
        var disk = statvfs()
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        guard statvfs(folder.isEmpty ? "." : folder, &disk) == 0,
            disk.f_bavail / 2 >= UInt(size) / disk.f_frsize
        else { return false }
        let file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        guard posix_fallocate(file, 0, size) == 0 else {
            // What could be had is not enough: it goes to whoever needs it now.
            unlink(path)
            return false
        }
        return true
    }
}
