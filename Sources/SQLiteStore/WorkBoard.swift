import Clocks
import Deliveries
import Store
import Synchronization

/// Where claims wait for work.
///
/// The writer signals after each commit at which gateways rows became ready; a row that is due later wakes by a timer.
final class WorkBoard: Sendable {
    fileprivate struct Waiter {
        var gateways: Set<String>
        var continuation: CheckedContinuation<Void, Never>
        var timer: Task<Void, Never>?
    }

    fileprivate struct Contents {
        var mark: UInt64 = 0
        /// The mark at which each gateway last got something.
        var latest: [String: UInt64] = [:]
        var waiters: [UInt64: Waiter] = [:]
        var nextWaiter: UInt64 = 0
        var isClosed = false
    }

    private let contents = Mutex(Contents())

    var isClosed: Bool { contents.withLock { $0.isClosed } }

    func mark() -> WorkMark {
        contents.withLock { WorkMark(count: $0.mark) }
    }

    func signal(_ gateways: Set<String>) {
        guard !gateways.isEmpty else { return }
        let woken = contents.withLock { contents in
            contents.mark += 1
            for gateway in gateways { contents.latest[gateway] = contents.mark }
            return contents.takeWaiters { !$0.gateways.isDisjoint(with: gateways) }
        }
        for waiter in woken { waiter.wake() }
    }

    /// Ends all waits, now and later.
    func close() {
        let woken = contents.withLock { contents in
            contents.isClosed = true
            return contents.takeWaiters { _ in true }
        }
        for waiter in woken { waiter.wake() }
    }

    /// Waits for a signal that came after `seen`, at most as long as given, or until the task is cancelled.
    func wait(at gateways: [String], since seen: WorkMark, atMost limit: Duration) async {
        guard limit > .zero else { return }
        let id = contents.withLock { contents in
            contents.nextWaiter += 1
            return contents.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = contents.withLock { contents in
                    let isNews = gateways.contains { contents.latest[$0, default: 0] > seen.count }
                    guard !isNews, !contents.isClosed, !Task.isCancelled else { return false }
                    contents.waiters[id] = Waiter(gateways: Set(gateways), continuation: continuation)
                    return true
                }
                guard waits else { return continuation.resume() }
                let timer = Task {
                    // Cancelled means that the wait is over already.
                    guard (try? await Task.sleep(for: limit)) != nil else { return }
                    self.wake(id)
                }
                let isStillThere = contents.withLock { contents in
                    contents.waiters[id]?.timer = timer
                    return contents.waiters[id] != nil
                }
                if !isStillThere { timer.cancel() }
            }
        } onCancel: {
            wake(id)
        }
    }

    private func wake(_ id: UInt64) {
        contents.withLock { $0.waiters.removeValue(forKey: id) }?.wake()
    }
}

extension WorkBoard.Waiter {
    fileprivate func wake() {
        timer?.cancel()
        continuation.resume()
    }
}

extension WorkBoard.Contents {
    fileprivate mutating func takeWaiters(_ isWoken: (WorkBoard.Waiter) -> Bool) -> [WorkBoard.Waiter] {
        let ids = waiters.filter { isWoken($0.value) }.keys
        return ids.compactMap { waiters.removeValue(forKey: $0) }
    }
}
