private import Dispatch
private import Glibc
private import Synchronization

/// The signals that ask a program to end: SIGTERM and SIGINT.
package final class EndSignals: Sendable {
    private let latch = Latch()
    private let sources: Mutex<[any DispatchSourceSignal]>

    /// From here on the signals no longer end the process by themselves.
    ///
    /// SIGPIPE is ignored: a peer that went away is an error of the write, not the end of the program.
    package init() {
        _ = signal(SIGPIPE, SIG_IGN)
        var sources: [any DispatchSourceSignal] = []
        for number in [SIGTERM, SIGINT] {
            _ = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [latch] in latch.open() }
            source.activate()
            sources.append(source)
        }
        self.sources = Mutex(sources)
    }

    /// Returns when the first of them has come, or when the task is cancelled.
    package func wait() async { await latch.wait() }
}

/// Closed until it is opened, once and for good.
private final class Latch: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard !state.isOpen, !Task.isCancelled else { return false }
                    state.waiters[id] = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}
