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
            let mustStart = line.withLock { line in
                line.waiting.append(Waiting(item: item, continuation: continuation))
                defer { line.isMoving = true }
                return !line.isMoving
            }
            if mustStart { Task { await self.drain() } }
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
