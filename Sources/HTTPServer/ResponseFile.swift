private import CMicroHTTPD
private import Dispatch
private import Glibc
private import Synchronization

/// A body that is too large for memory: a file without a name, which goes away with the last reference to it.
package final class ResponseFile: Sendable {
    package struct Failure: Error, Equatable {
        /// The number of the system's error, such as ENOSPC.
        package let code: Int32
    }

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "response-file")
    private let written = Atomic<UInt64>(0)

    /// Makes the file in a folder, whose disk it fills: O_TMPFILE of open(2).
    package init(in folder: String) throws(Failure) {
        let opened = unsafe cmhd_open_nameless(folder)
        guard opened >= 0 else { throw Failure(code: errno) }
        descriptor = opened
    }

    /// Takes a whole file over, which loses its name at once.
    package init(taking path: String) throws(Failure) {
        let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
        let code = errno
        unsafe unlink(path)
        guard opened >= 0 else { throw Failure(code: code) }
        descriptor = opened
        written.store(UInt64(max(lseek(opened, 0, Int32(SEEK_END)), 0)), ordering: .releasing)
    }

    deinit { close(descriptor) }

    /// So many bytes have been added.
    package var count: UInt64 { written.load(ordering: .acquiring) }

    /// Adds bytes at the end; not from two tasks at once.
    package func append(_ bytes: [UInt8]) async throws(Failure) {
        let code: Int32 = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.write(bytes)) }
        }
        guard code == 0 else { throw Failure(code: code) }
    }

    private func write(_ bytes: [UInt8]) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : ENOSPC }
            rest = rest.dropFirst(count)
            written.add(UInt64(count), ordering: .releasing)
        }
        return 0
    }

    /// A descriptor of its own for the library, which closes it with the answer.
    func duplicate() -> Int32 { dup(descriptor) }
}
