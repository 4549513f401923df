private import Synchronization

/// What the loop is told by other threads.
enum Command: Sendable {
    case http(HTTPJob)
    case mail(MailJob)

    /// Ends the transfer of this number; a number that is not, or no longer, under way is ignored.
    case cancel(UInt64)
}

/// The one thing that callers and the loop's thread share.
final class Inbox: Sendable {
    private struct State {
        var commands: [Command] = []
        var isClosed = false
        var hasEnded = false
        var waker: Waker?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Passes a command on, and returns false if the loop takes no more.
    @discardableResult
    func post(_ command: Command) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.commands.append(command)
            // A loop that has not yet taken the one before has been woken for it.
            if state.commands.count == 1 { state.waker?.wake() }
            return true
        }
    }

    /// Refuses what comes from now on, and tells the loop to end.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.waker?.wake()
        }
    }

    /// Moves the waiting commands into `commands`, and returns whether the loop shall go on.
    func take(into commands: inout [Command]) -> Bool {
        commands.removeAll(keepingCapacity: true)
        return state.withLock { state in
            swap(&commands, &state.commands)
            return !state.isClosed
        }
    }

    /// Makes further commands wake the loop, or, with nil, leave it alone.
    func wake(by waker: Waker?) {
        state.withLock { $0.waker = waker }
    }

    /// Says that the loop has let go of everything.
    func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns after ``end()``.
    func ended() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiting.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }
}
