private import Synchronization

/// Puts requests of one moment together: while one call is under way, or while nobody is in a hurry, the next batch forms.
final class Batcher<Item: Sendable, Answer: Sendable>: Sendable {
    private struct Waiting: Sendable {
        var item: Item
        var continuation: CheckedContinuation<Answer?, Never>
    }

    private struct Line {
        var waiting: [Waiting] = []
        /// Whether any of them waits no longer.
        var isDue = false
        /// When the first of those that have patience has none left.
        var due: ContinuousClock.Instant?
        var isMoving = false
        /// Whether what comes waits for more.
        var isGathering = false
    }

    private let limit: Int
    private let courtesy: Courtesy?
    private let priority: TaskPriority?
    private let call: @Sendable ([Item]) async -> [Answer]
    private let line = Mutex(Line())

    /// - Parameters:
    ///   - limit: The most items in one call.
    ///   - courtesy: Bounds a call further.
    ///   - priority: Of the task that calls; `nil` for that of whoever starts it.
    ///   - call: Answers each item; a shorter answer leaves the rest without one.
    init(
        limit: Int = 100,
        courtesy: Courtesy? = nil,
        priority: TaskPriority? = nil,
        call: @escaping @Sendable ([Item]) async -> [Answer]
    ) {
        (self.limit, self.courtesy) = (limit, courtesy)
        (self.priority, self.call) = (priority, call)
    }

    /// The answer for an item, `nil` where the call gave none.
    ///
    /// `patience`: How long it may wait for others.
    func submit(_ item: Item, within patience: Duration = .zero) async -> Answer? {
        await withCheckedContinuation { continuation in
            let mustWatch = line.withLock { line in
                line.waiting.append(Waiting(item: item, continuation: continuation))
                guard patience > .zero else {
                    line.isDue = true
                    return false
                }
                let due = ContinuousClock.now + patience
                guard line.due.map({ due < $0 }) ?? true else { return false }
                line.due = due
                return true
            }
            if mustWatch {
                Task(priority: priority) { await self.hurry(after: patience) }
            } else if mustStart() {
                // Behind all that is ready to run, and so perhaps to submit something.
                Task(priority: priority) { await self.drain() }
            }
        }
    }

    private func hurry(after patience: Duration) async {
        // Nobody cancels it.
        _ = try? await Task.sleep(for: patience)
        line.withLock { $0.isDue = !$0.waiting.isEmpty }
        if mustStart() { await drain() }
    }

    /// Puts all that is submitted by then into one call.
    func gather(_ submits: () -> Void) {
        line.withLock { $0.isGathering = true }
        submits()
        line.withLock { $0.isGathering = false }
        // No other thread has to wake up for it.
        if mustStart() { Task.immediate(priority: priority) { await self.drain() } }
    }

    private func mustStart() -> Bool {
        line.withLock { line in
            guard !line.isMoving, !line.isGathering, line.isDue else { return false }
            line.isMoving = true
            return true
        }
    }

    private func drain() async {
        while true {
            let limit = courtesy?.limit(limit) ?? limit
            let batch = line.withLock { line in
                // Those that have patience go along with one that has none.
                let batch = line.isDue ? Array(line.waiting.prefix(limit)) : []
                line.waiting.removeFirst(batch.count)
                if line.waiting.isEmpty { (line.isDue, line.due) = (false, nil) }
                if batch.isEmpty { line.isMoving = false }
                return batch
            }
            guard !batch.isEmpty else { return }
            guard let courtesy else {
                await answer(batch)
                continue
            }
            await courtesy.resting { await answer(batch) }
        }
    }

    private func answer(_ batch: [Waiting]) async {
        let answers = await call(batch.map(\.item))
        for (index, waiting) in batch.enumerated() {
            waiting.continuation.resume(returning: index < answers.count ? answers[index] : nil)
        }
    }
}
