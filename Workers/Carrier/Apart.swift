private import Synchronization

/// Runs work at a priority of its own, and waits for it; cancelled, it cancels the work.
///
/// A task of a group runs at its parent's priority, and one whose value is waited for at that of who waits.
func apart(at priority: TaskPriority, _ work: @escaping @Sendable () async -> Void) async {
    let handle = Handle()
    await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
            handle.hold(
                Task(priority: priority) {
                    await work()
                    continuation.resume()
                }
            )
        }
    } onCancel: {
        handle.cancel()
    }
}

/// A task that may be cancelled before it is there.
private final class Handle: Sendable {
    private let state = Mutex<(task: Task<Void, Never>?, isCancelled: Bool)>((nil, false))

    func hold(_ task: Task<Void, Never>) {
        let isCancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }
}
