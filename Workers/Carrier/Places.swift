import Clocks
private import Synchronization

/// The connections of a gateway, and what was claimed ahead for the next that is free.
///
/// As much is claimed ahead as the connections got done a moment ago, at most as many as there are: a gateway that is slow gets
/// nothing that another carrier could hand over sooner.
final class Places: Sendable {
    /// What was done within this time tells how much is claimed ahead.
    private static let moment: Duration = .milliseconds(50)
    /// What has waited for a connection this long, or half as much again, is given back: well before its lease is over.
    private static let patience: Duration = .seconds(1)

    private struct Waiter {
        var since: BootInstant
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct Contents {
        var free: Int
        var waiting: [Waiter] = []
        /// When the last places were left, of as many as there are.
        var left: [BootInstant] = []
        var next = 0
        var claimant: CheckedContinuation<Void, Never>?
        var isClosed = false
        var isWatched = false
    }

    private let count: Int
    private let time: any TimeSource
    private let contents: Mutex<Contents>

    init(_ count: Int, time: any TimeSource) {
        (self.count, self.time) = (count, time)
        contents = Mutex(Contents(free: count))
    }

    /// Waits until something may be claimed, and returns how much.
    ///
    /// One task at a time may ask, when all that it has claimed before has come to ``take()``.
    func room() async -> Int {
        while true {
            let (free, isClosed) = contents.withLock { (room(in: $0), $0.isClosed) }
            if free > 0 || isClosed { return free }
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let mustWait = contents.withLock { contents in
                    guard !contents.isClosed, room(in: contents) == 0 else { return false }
                    contents.claimant = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        }
    }

    private func room(in contents: Contents) -> Int {
        let now = time.boot()
        let ahead = contents.left.count { now - $0 <= Places.moment }
        // Claims for one at a time would cost as much as claims for many.
        guard contents.free > 0 || contents.waiting.count <= ahead / 2 else { return 0 }
        return max(0, min(contents.free + ahead - contents.waiting.count, count))
    }

    /// Takes a place as soon as one is free; `false` where none will be soon.
    func take() async -> Bool {
        await withCheckedContinuation { continuation in
            let (isFree, mustWatch) = contents.withLock { contents -> (Bool?, Bool) in
                if contents.isClosed { return (false, false) }
                if contents.free > 0 {
                    contents.free -= 1
                    return (true, false)
                }
                contents.waiting.append(Waiter(since: time.boot(), continuation: continuation))
                defer { contents.isWatched = true }
                return (nil, !contents.isWatched)
            }
            if let isFree { continuation.resume(returning: isFree) }
            if mustWatch { Task { await watch() } }
        }
    }

    /// Leaves a place to who has waited longest for one.
    func leave() {
        let (waiter, claimant) = contents.withLock { contents in
            if contents.left.count < count {
                contents.left.append(time.boot())
            } else {
                contents.left[contents.next] = time.boot()
                contents.next = (contents.next + 1) % count
            }
            let waiter = contents.waiting.isEmpty ? nil : contents.waiting.removeFirst()
            if waiter == nil { contents.free += 1 }
            let claimant = room(in: contents) > 0 ? contents.claimant.take() : nil
            return (waiter?.continuation, claimant)
        }
        waiter?.resume(returning: true)
        claimant?.resume()
    }

    /// Ends all waits, now and later.
    func close() {
        let (waiting, claimant) = contents.withLock { contents in
            contents.isClosed = true
            defer { contents.waiting = [] }
            return (contents.waiting, contents.claimant.take())
        }
        for waiter in waiting { waiter.continuation.resume(returning: false) }
        claimant?.resume()
    }

    /// Sends away who has waited too long, as long as anybody waits.
    private func watch() async {
        while true {
            // Nobody cancels it.
            _ = try? await Task.sleep(for: Places.patience / 2)
            let limit = time.boot()
            let (late, isOver) = contents.withLock { contents in
                let late = contents.waiting.prefix { limit - $0.since >= Places.patience }
                contents.waiting.removeFirst(late.count)
                contents.isWatched = !contents.waiting.isEmpty
                return (late, !contents.isWatched)
            }
            for waiter in late { waiter.continuation.resume(returning: false) }
            if isOver { return }
        }
    }
}
