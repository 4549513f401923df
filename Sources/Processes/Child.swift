private import CLinux
private import Dispatch
private import Foundation
private import Glibc
private import Synchronization

/// A program that this one started.
///
/// Children are started from one thread that lives as long as the process: PR_SET_PDEATHSIG fires when the *thread* that
/// made the child ends (prctl(2)).
package final class Child: Sendable {
    package let processID: Int32
    /// Lines of its standard output.
    package let lines: AsyncStream<String>
    private let end: Mutex<(status: Int32?, waiters: [CheckedContinuation<Int32, Never>])>

    private init(processID: Int32, lines: AsyncStream<String>) {
        (self.processID, self.lines) = (processID, lines)
        end = Mutex((nil, []))
    }

    /// Starts a program; its standard error is this one's.
    package static func start(_ path: String, _ arguments: [String]) async -> Child? {
        await withCheckedContinuation { continuation in
            Nursery.shared.run { continuation.resume(returning: spawn(path, arguments)) }
        }
    }

    private static func spawn(_ path: String, _ arguments: [String]) -> Child? {
        var ends: [Int32] = [-1, -1]
        guard unsafe shim_pipe(&ends) == 0 else { return nil }
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        // What another thread has just opened and not marked yet, such as a connection, would stay open as long as the child.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        // What this program ignores its children would ignore from birth on.
        var defaults = sigset_t()
        unsafe sigemptyset(&defaults)
        for number in [SIGTERM, SIGINT, SIGPIPE] { unsafe sigaddset(&defaults, number) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
        // Threads of Dispatch block most signals, and a child inherits what the thread that starts it blocks.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([path] + arguments).map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer { for index in unsafe words.indices { unsafe free(words[index]) } }
        var id: pid_t = 0
        let code = unsafe posix_spawn(&id, path, &actions, &attributes, words, environ)
        close(ends[1])
        guard code == 0 else {
            close(ends[0])
            return nil
        }
        let (lines, continuation) = AsyncStream<String>.makeStream()
        let child = Child(processID: id, lines: lines)
        let output = ends[0]
        Thread.detachNewThread {
            readLines(of: output) { continuation.yield($0) }
            continuation.finish()
            close(output)
        }
        Thread.detachNewThread { child.reap() }
        return child
    }

    package func send(_ signal: Int32) {
        // A child that has ended and was waited for has no number any more.
        end.withLock { end in
            if end.status == nil { _ = Glibc.kill(processID, signal) }
        }
    }

    package func terminate() { send(SIGTERM) }
    package func kill() { send(SIGKILL) }

    /// Its exit code, or 128 and the number of the signal that ended it.
    package func exitCode() async -> Int32 {
        await withCheckedContinuation { continuation in
            let known = end.withLock { end in
                if end.status == nil { end.waiters.append(continuation) }
                return end.status
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    private func reap() {
        var status: Int32 = 0
        while unsafe waitpid(processID, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
        let waiters = end.withLock { end in
            end.status = code
            defer { end.waiters = [] }
            return end.waiters
        }
        for waiter in waiters { waiter.resume(returning: code) }
    }
}

private func readLines(of descriptor: Int32, _ take: (String) -> Void) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    var line: [UInt8] = []
    while true {
        let count = unsafe read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        for byte in buffer[..<count] {
            if byte == 0x0a {
                take(String(decoding: line, as: UTF8.self))
                line = []
            } else {
                line.append(byte)
            }
        }
    }
    if !line.isEmpty { take(String(decoding: line, as: UTF8.self)) }
}

/// The thread that children are started from.
private final class Nursery: Sendable {
    static let shared = Nursery()

    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let waiting = DispatchSemaphore(value: 0)

    private init() {
        Thread.detachNewThread {
            while true {
                self.waiting.wait()
                self.jobs.withLock { $0.removeFirst() }()
            }
        }
    }

    func run(_ job: @escaping @Sendable () -> Void) {
        jobs.withLock { $0.append(job) }
        waiting.signal()
    }
}
