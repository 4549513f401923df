import Carrier
import Deliveries
import Synchronization

/// A gateway that keeps what it is handed, and holds each hand-over until the test lets go.
final class RecordingGateway: Gateway {
    private struct Contents {
        var taken: [String] = []
        var asked: [Question] = []
        var probed: [Duration] = []
        var underWay = 0
        var mostAtOnce = 0
        var isOpen: Bool
        var held: [CheckedContinuation<Void, Never>] = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let contents: Mutex<Contents>
    private let answer: HandOver
    private let taskAnswer: HandOver

    /// `taskAnswer`: To questions and probes.
    init(
        answer: HandOver = HandOver(.accepted),
        taskAnswer: HandOver = HandOver(.accepted),
        isOpen: Bool = true
    ) {
        (self.answer, self.taskAnswer) = (answer, taskAnswer)
        contents = Mutex(Contents(isOpen: isOpen))
    }

    /// The tokens of what was handed over.
    var taken: [String] { contents.withLock { $0.taken } }
    var asked: [Question] { contents.withLock { $0.asked } }
    var probed: [Duration] { contents.withLock { $0.probed } }
    var mostAtOnce: Int { contents.withLock { $0.mostAtOnce } }

    /// Waits until so many hand-overs have started.
    func started(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = contents.withLock { contents in
                if contents.taken.count >= count { return true }
                contents.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Lets go of all hand-overs, now and later.
    func open() {
        let held = contents.withLock { contents in
            contents.isOpen = true
            defer { contents.held = [] }
            return contents.held
        }
        for continuation in held { continuation.resume() }
    }

    func handOver(_ claim: Claim) async -> HandOver {
        await pass(claim.token)
        return answer
    }

    func ask(_ question: Question) async -> HandOver {
        contents.withLock { $0.asked.append(question) }
        await pass(question.token)
        return taskAnswer
    }

    func probe(timeout: Duration) async -> HandOver {
        contents.withLock { $0.probed.append(timeout) }
        await pass("probe")
        return taskAnswer
    }

    private func pass(_ token: String) async {
        let reached = contents.withLock { contents in
            contents.taken.append(token)
            contents.underWay += 1
            contents.mostAtOnce = max(contents.mostAtOnce, contents.underWay)
            let count = contents.taken.count
            defer { contents.watchers.removeAll { $0.count <= count } }
            return contents.watchers.filter { $0.count <= count }
        }
        for watcher in reached { watcher.continuation.resume() }
        await withCheckedContinuation { continuation in
            let isOpen = contents.withLock { contents in
                if !contents.isOpen { contents.held.append(continuation) }
                return contents.isOpen
            }
            if isOpen { continuation.resume() }
        }
        contents.withLock { $0.underWay -= 1 }
    }
}
