private import Glibc

/// A lock on a file of its own that one process holds; the kernel lets go of it when the process ends, however it ends.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock (flock(2)); the file is made where there is none and stays.
    ///
    /// `patience`: How long it may take until another process has let go; the thread waits.
    ///
    /// Returns `nil` where another process holds it, or the file cannot be made.
    package init?(path: String, patience: Duration = .zero) {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        let end = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard ContinuousClock.now < end else {
                close(descriptor)
                return nil
            }
            usleep(5000)
        }
    }

    deinit { close(descriptor) }
}
