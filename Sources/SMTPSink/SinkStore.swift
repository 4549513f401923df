private import Synchronization

/// What the sink has taken, shared between its thread and those who ask.
final class SinkStore: Sendable {
    private struct State {
        var counters = SinkCounters()
        var mails: [SinkMail] = []
        var commands: [String] = []
        var waiting: [Int: (count: Int, continuation: CheckedContinuation<Void, Never>)] = [:]
        var nextWaiter = 0
    }

    /// How many mails, and command lines, are kept.
    let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) {
        self.capacity = capacity
    }

    var counters: SinkCounters { state.withLock { $0.counters } }
    var mails: [SinkMail] { state.withLock { $0.mails } }
    var commands: [String] { state.withLock { $0.commands } }

    func count(_ change: (inout SinkCounters) -> Void) {
        state.withLock { change(&$0.counters) }
    }

    func heard(_ command: String) {
        guard capacity > 0 else { return }
        state.withLock { state in
            if state.commands.count < capacity { state.commands.append(command) }
        }
    }

    /// Counts a mail, keeps it if there is room, and lets go of those who waited for this many.
    func take(_ make: (_ number: Int) -> SinkMail) {
        let content = state.withLock { state in
            state.counters.taken += 1
            if state.mails.count < capacity { state.mails.append(make(state.counters.taken)) }
            guard !state.waiting.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            let done = state.waiting.filter { $0.value.count <= state.counters.taken }
            for key in done.keys { state.waiting[key] = nil }
            return done.values.map(\.continuation)
        }
        for continuation in content { continuation.resume() }
    }

    /// Returns when so many mails have been taken, or when the task is cancelled.
    func waitUntilTaken(_ count: Int) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if Task.isCancelled || state.counters.taken >= count { return true }
                    state.waiting[number] = (count, continuation)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.continuation.resume()
        }
    }
}
