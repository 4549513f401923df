import Clocks
private import Synchronization

/// The connections of a gateway, and what was claimed ahead for the next that is free.
///
/// As much is claimed ahead as the connections get done while claims are answered, at most as many as there are: none of them is
/// idle for want of work, and nothing that is urgent comes behind more than that.
final class Places: Sendable {
    /// What a claim is taken to take at the least, for claims of one or two cost as much as claims of many; and at the most.
    private static let shortestTrip: Duration = .milliseconds(5)
    private static let longestTrip: Duration = .milliseconds(25)
    /// What has waited for a connection this long, or half as much again, is given back: well before its lease is over.
    private static let patience: Duration = .seconds(1)

    private struct Waiter {
        var since: BootInstant
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct Contents {
        var free: Int
        var waiting: [Waiter] = []
        /// How long claims took of late.
        var trip = Places.shortestTrip
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

    /// Learns how long a claim took that was answered with all that was asked for, and so at once.
    func answered(after trip: Duration) {
        let trip = min(max(trip, Places.shortestTrip), Places.longestTrip)
        contents.withLock { $0.trip = ($0.trip * 3 + trip) / 4 }
    }

    private func room(in contents: Contents) -> Int {
        let now = time.boot()
        // Half of it is left when more is asked for.
        let ahead = contents.left.count { now - $0 <= contents.trip * 2 }
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
