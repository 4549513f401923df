import CMicroHTTPD
import Glibc

/// The file of a Unix socket that this process has bound, known by its inode.
struct SocketFile: Sendable {
    private let path: String
    private let inode: ino_t
    private let device: dev_t

    /// Notes which file stands at the path and gives it exactly this mode; nil when there is none.
    init?(path: String, mode: UInt32) {
        // The umask may have taken bits away at bind.
        guard unsafe chmod(path, mode) == 0, let found = Self.status(of: path) else { return nil }
        self.path = path
        inode = found.st_ino
        device = found.st_dev
    }

    /// Removes the file unless another process has put its own in its place.
    func remove() {
        guard let found = Self.status(of: path), found.st_ino == inode, found.st_dev == device else { return }
        unsafe unlink(path)
    }

    /// Removes the socket file of a process that has died; one that answers is in use.
    static func removeStale(at path: String, address: SocketAddress, for endpoint: Endpoint) throws(ListenError) {
        guard let found = status(of: path) else { return }
        guard found.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { throw ListenError(errno, at: endpoint) }
        defer { _ = close(probe) }
        // EAGAIN is a full queue: somebody listens there.
        if unsafe address.withSockaddr({ unsafe connect(probe, $0, $1) }) == 0 || errno == EAGAIN {
            throw .inUse(endpoint)
        }
        guard errno == ECONNREFUSED else {
            if errno == ENOENT { return }
            throw ListenError(errno, at: endpoint)
        }
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw ListenError(errno, at: endpoint) }
    }

    private static func status(of path: String) -> stat? {
        var found = stat()
        return unsafe lstat(path, &found) == 0 ? found : nil
    }
}
