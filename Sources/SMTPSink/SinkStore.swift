private import Synchronization

/// What the sink has taken, shared between its thread and those who ask.
final class SinkStore: Sendable {
    /// What somebody waits for: so many mails, or a command line with some text.
    enum Event: Sendable {
        case mails(Int)
        case command(String)
    }

    private struct State {
        var counters = SinkCounters()
        var mails: [SinkMail] = []
        var commands: [String] = []
        var waiting: [Int: (event: Event, continuation: CheckedContinuation<Void, Never>)] = [:]
        var nextWaiter = 0

        func has(_ event: Event) -> Bool {
            switch event {
            case .mails(let count): counters.taken >= count
            case .command(let text): commands.contains { $0.contains(text) }
            }
        }

        /// Takes out those whose event has come.
        mutating func released() -> [CheckedContinuation<Void, Never>] {
            guard !waiting.isEmpty else { return [] }
            let done = waiting.filter { has($0.value.event) }
            for key in done.keys { waiting[key] = nil }
            return done.values.map(\.continuation)
        }
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

    /// Keeps a command line, if there is room, and lets go of those who waited for it.
    func heard(_ command: String) {
        guard capacity > 0 else { return }
        let released = state.withLock { state in
            if state.commands.count < capacity { state.commands.append(command) }
            return state.released()
        }
        for continuation in released { continuation.resume() }
    }

    /// Counts a mail, keeps it if there is room, and lets go of those who waited for this many.
    func take(_ make: (_ number: Int) -> SinkMail) {
        let released = state.withLock { state in
            state.counters.taken += 1
            if state.mails.count < capacity { state.mails.append(make(state.counters.taken)) }
            return state.released()
        }
        for continuation in released { continuation.resume() }
    }

    func has(_ event: Event) -> Bool { state.withLock { $0.has(event) } }

    /// Returns when the event has come, or when the task is cancelled.
    func wait(for event: Event) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if Task.isCancelled || state.has(event) { return true }
                    state.waiting[number] = (event, continuation)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.continuation.resume()
        }
    }
}
