import Clocks
import Deliveries
import Store
import Synchronization

/// Where claims wait for work.
///
/// The writer gives those that wait what became ready in a transaction before it commits; a row that is due later wakes
/// them by a timer.
final class WorkBoard: Sendable {
    struct Waiter: Sendable {
        let request: ClaimRequest
        let isPeerThere: @Sendable () -> Bool
        fileprivate let continuation: CheckedContinuation<[ClaimedDelivery], Never>
        /// How many had begun to wait when it did, itself among them.
        fileprivate let place: UInt64
        fileprivate var timer: Task<Void, Never>?

        /// Ends the wait, with what was claimed for it.
        func wake(with claims: [ClaimedDelivery] = []) {
            timer?.cancel()
            continuation.resume(returning: claims)
        }

        fileprivate func waits(at gateways: Set<String>) -> Bool { request.gateways.contains(where: gateways.contains) }

        /// Whether it waits for what few of are in hand alone.
        fileprivate var isPicky: Bool { request.inHandBelow != nil }
    }

    fileprivate struct Contents {
        var mark: UInt64 = 0
        /// The mark at which each gateway last got something, and something of which few were in hand.
        var latest: [String: UInt64] = [:]
        var latestQuiet: [String: UInt64] = [:]
        var waiters: [UInt64: Waiter] = [:]
        var nextWaiter: UInt64 = 0
        /// How many have begun to wait, and how many had when those who wait for what few of are in hand were last offered some.
        var places: UInt64 = 0
        var offered: UInt64 = 0
        var isClosed = false
    }

    private let contents = Mutex(Contents())

    var isClosed: Bool { contents.withLock { $0.isClosed } }

    /// How many wait.
    var waiting: Int { contents.withLock { $0.waiters.count } }

    func mark() -> WorkMark {
        contents.withLock { WorkMark(count: $0.mark) }
    }

    /// Tells of a commit that brought work to gateways.
    ///
    /// `quiet`: Those of them where it brought something of which few were in hand. Who waits for that alone has been offered it
    /// in the transaction; only who began to wait later, or has not yet, is to look again.
    func signal(_ gateways: Set<String>, quiet: Set<String>) {
        guard !gateways.isEmpty else { return }
        let woken = contents.withLock { contents in
            contents.note(gateways, quiet: quiet)
            return contents.takeWaiters { [offered = contents.offered] waiter in
                waiter.isPicky ? waiter.place > offered && waiter.waits(at: quiet) : waiter.waits(at: gateways)
            }
        }
        for waiter in woken { waiter.wake() }
    }

    /// Ends all waits at gateways.
    func wake(_ gateways: Set<String>) {
        let woken = contents.withLock { contents in
            contents.note(gateways, quiet: gateways)
            return contents.takeWaiters { $0.waits(at: gateways) }
        }
        for waiter in woken { waiter.wake() }
    }

    /// Takes those away that wait for anything at one of the gateways, to be woken by whoever takes them.
    func takeWaiters(at gateways: Set<String>) -> [Waiter] {
        contents.withLock { contents in contents.takeWaiters { !$0.isPicky && $0.waits(at: gateways) } }
    }

    /// Takes one away that waits for what few of are in hand, where there is such work for it.
    ///
    /// `hasWork`: Asked under a lock.
    func takePickyWaiter(at gateways: Set<String>, hasWork: (ClaimRequest) -> Bool) -> Waiter? {
        contents.withLock { contents in
            contents.offered = contents.places
            let found = contents.waiters.first { _, waiter in
                waiter.isPicky && waiter.waits(at: gateways) && hasWork(waiter.request)
            }
            return found.flatMap { contents.waiters.removeValue(forKey: $0.key) }
        }
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
    func wait(
        _ request: ClaimRequest,
        since seen: WorkMark,
        atMost limit: Duration,
        isPeerThere: @escaping @Sendable () -> Bool
    ) async -> [ClaimedDelivery] {
        guard limit > .zero else { return [] }
        let id = contents.withLock { contents in
            contents.nextWaiter += 1
            return contents.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = contents.withLock { contents in
                    let latest = request.inHandBelow == nil ? contents.latest : contents.latestQuiet
                    let isNews = request.gateways.contains { latest[$0, default: 0] > seen.count }
                    guard !isNews, !contents.isClosed, !Task.isCancelled else { return false }
                    contents.places += 1
                    contents.waiters[id] = Waiter(
                        request: request,
                        isPeerThere: isPeerThere,
                        continuation: continuation,
                        place: contents.places
                    )
                    return true
                }
                guard waits else { return continuation.resume(returning: []) }
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

extension WorkBoard.Contents {
    fileprivate mutating func note(_ gateways: Set<String>, quiet: Set<String>) {
        mark += 1
        for gateway in gateways { latest[gateway] = mark }
        for gateway in quiet { latestQuiet[gateway] = mark }
    }

    fileprivate mutating func takeWaiters(_ isWoken: (WorkBoard.Waiter) -> Bool) -> [WorkBoard.Waiter] {
        let ids = waiters.filter { isWoken($0.value) }.keys
        return ids.compactMap { waiters.removeValue(forKey: $0) }
    }
}
