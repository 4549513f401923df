private import Foundation
private import Glibc
private import Synchronization

/// An SMTP server on the loopback interface that takes every mail and delivers none, or misbehaves by its script.
///
/// It runs on one thread of its own, which ends with ``stop()`` or some time after the last reference has gone.
package final class SMTPSink: Sendable {
    /// The port on 127.0.0.1.
    package let port: UInt16

    private let store: SinkStore

    /// The end of a pipe whose closing stops the thread.
    private let stopSignal: Mutex<Int32?>
    private let running = AsyncStream<Never>.makeStream()

    /// Opens the port and starts.
    ///
    /// - Parameters:
    ///   - port: 0 for one that is free.
    ///   - script: takes everything by default.
    ///   - capacity: how many mails are kept with their content, and how many command lines; 0 only counts.
    /// - Throws: ``SinkError/socket(call:errno:)`` when the port is not free; nothing runs then.
    package init(port: UInt16 = 0, script: SinkScript = SinkScript(), keeping capacity: Int = 10_000) throws(SinkError)
    {
        let listener = try LoopbackListener(port: port)
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else {
            close(listener.socket)
            throw .socket(call: "pipe", errno: errno)
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        self.port = listener.port
        stopSignal = Mutex(ends[1])
        let store = SinkStore(capacity: capacity)
        self.store = store
        let (socket, readable, ended) = (listener.socket, ends[0], running.continuation)
        let thread = Thread {
            SinkLoop(listener: socket, stopSignal: readable, desk: SinkDesk(script: script, store: store)).run()
            close(socket)
            close(readable)
            ended.finish()
        }
        thread.name = "smtp-sink"
        thread.start()
    }

    deinit { signalStop() }

    /// Closes the port and all connections, and returns when they are closed.
    package func stop() async {
        signalStop()
        for await _ in running.stream {}
    }

    private func signalStop() {
        if let end = stopSignal.withLock({ $0.take() }) { close(end) }
    }

    /// The mails taken so far, as far as they are kept, in their order.
    package var mails: [SinkMail] { store.mails }

    /// The command lines heard so far, as far as they are kept, over all connections.
    package var commands: [String] { store.commands }

    package var counters: SinkCounters { store.counters }

    /// Waits until so many mails have been taken since the start, and returns those that are kept.
    package func mails(count: Int, within limit: Duration) async throws -> [SinkMail] {
        guard await waits(for: .mails(count), within: limit) else {
            throw SinkError.fewerMails(expected: count, taken: counters.taken)
        }
        return mails
    }

    /// Waits until a command line with this text has been heard and kept.
    package func command(containing text: String, within limit: Duration) async throws {
        guard await waits(for: .command(text), within: limit) else { throw SinkError.noCommand(text) }
    }

    private func waits(for event: SinkStore.Event, within limit: Duration) async -> Bool {
        let store = store
        await withTaskGroup { group in
            group.addTask { await store.wait(for: event) }
            // The sleep only ends early, by the cancellation below.
            group.addTask { _ = try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
        return store.has(event)
    }
}
