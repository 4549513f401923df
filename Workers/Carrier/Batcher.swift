private import Synchronization

/// Puts requests of one moment together: while one call is under way the next batch forms.
final class Batcher<Item: Sendable, Answer: Sendable>: Sendable {
    private struct Waiting: Sendable {
        var item: Item
        var continuation: CheckedContinuation<Answer?, Never>
    }

    private struct Line {
        var waiting: [Waiting] = []
        var isMoving = false
        /// Whether what comes waits for more.
        var isGathering = false
    }

    private let limit: Int
    private let call: @Sendable ([Item]) async -> [Answer]
    private let line = Mutex(Line())

    /// - Parameters:
    ///   - limit: The most items in one call.
    ///   - call: Answers each item; a shorter answer leaves the rest without one.
    init(limit: Int = 100, call: @escaping @Sendable ([Item]) async -> [Answer]) {
        (self.limit, self.call) = (limit, call)
    }

    /// The answer for an item, `nil` where the call gave none.
    func submit(_ item: Item) async -> Answer? {
        await withCheckedContinuation { continuation in
            line.withLock { $0.waiting.append(Waiting(item: item, continuation: continuation)) }
            // Behind all that is ready to run, and so perhaps to submit something.
            if mustStart() { Task { await self.drain() } }
        }
    }

    /// Puts all that is submitted by then into one call.
    func gather(_ submits: () -> Void) {
        line.withLock { $0.isGathering = true }
        submits()
        line.withLock { $0.isGathering = false }
        // No other thread has to wake up for it.
        if mustStart() { Task.immediate { await self.drain() } }
    }

    private func mustStart() -> Bool {
        line.withLock { line in
            guard !line.isMoving, !line.isGathering, !line.waiting.isEmpty else { return false }
            line.isMoving = true
            return true
        }
    }

    private func drain() async {
        while true {
            let batch = line.withLock { line in
                let batch = Array(line.waiting.prefix(limit))
                line.waiting.removeFirst(batch.count)
                if batch.isEmpty { line.isMoving = false }
                return batch
            }
            guard !batch.isEmpty else { return }
            let answers = await call(batch.map(\.item))
            for (index, waiting) in batch.enumerated() {
                waiting.continuation.resume(returning: index < answers.count ? answers[index] : nil)
            }
        }
    }
}
