import Carrier
import Clocks
import Link
import Synchronization

/// A post office that hands out what a test puts there, answers begins as the test says, and keeps what it is told.
final class StubPostOffice: PostOffice {
    /// What a call that gets no answer throws.
    static let silence = LinkFailure(mayHaveRun: true, reason: "no answer")

    private struct Contents {
        /// For any claim, and for those of what few of are in hand alone.
        var waiting: [Bool: [CarrierTask]] = [:]
        var claimants: [Bool: CheckedContinuation<Void, Never>] = [:]
        var claimLimits: [Int] = []
        var keptLimits: Set<[Int]> = []
        var claimPriorities: [Bool: TaskPriority] = [:]
        var sayFew: [Bool] = []
        var haveOthersFew = false
        var beginPriorities: [String: TaskPriority] = [:]
        var settlePriorities: [String: TaskPriority] = [:]
        var begun: [BeginItem] = []
        var outcomes: [Report] = []
        /// What was let go and of which nobody knows what became, and the most of it at a time.
        var open: Set<String> = []
        var mostOpen = 0
        var beginSizes: [Int] = []
        var settleBatches: [[String]] = []
        var settleCalls = 0
        var isClosed = false
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let contents = Mutex(Contents())
    private let answer: @Sendable ([String]) -> [String]?
    private let unansweredSettles: Int
    private let refused: Set<String>
    private let refusedWithWords: Set<String>

    /// - Parameters:
    ///   - unansweredSettles: So many settles are lost before the first is answered.
    ///   - refused: Tokens whose outcomes are never taken, and with them all that come with them.
    ///   - refusedWithWords: Tokens whose outcomes are not taken with a detail.
    ///   - answer: The results of a begin, `nil` where no answer comes.
    init(
        unansweredSettles: Int = 0,
        refused: Set<String> = [],
        refusedWithWords: Set<String> = [],
        answer: @escaping @Sendable ([String]) -> [String]? = { $0.map { _ in "go" } }
    ) {
        self.unansweredSettles = unansweredSettles
        (self.refused, self.refusedWithWords, self.answer) = (refused, refusedWithWords, answer)
    }

    func put(_ claims: [Claim]) { put(claims.map(CarrierTask.send)) }

    /// `isQuiet`: Whether few of the like are in hand, and only such claims are to get them.
    func put(_ tasks: [CarrierTask], isQuiet: Bool = false) {
        contents.withLock { contents in
            contents.waiting[isQuiet, default: []] += tasks
            return contents.claimants.removeValue(forKey: isQuiet)
        }?.resume()
    }

    /// What claims are told from now on.
    func tellOfFewElsewhere() { contents.withLock { $0.haveOthersFew = true } }

    /// Hands out nothing more; a claim that waits is answered with nothing.
    func close() {
        let claimants = contents.withLock { contents in
            contents.isClosed = true
            defer { contents.claimants = [:] }
            return contents.claimants.values.map(\.self)
        }
        for claimant in claimants { claimant.resume() }
    }

    var claimLimits: [Int] { contents.withLock { $0.claimLimits } }
    /// Of claims of what few of are in hand: how few, and how many were asked for.
    var keptLimits: Set<[Int]> { contents.withLock { $0.keptLimits } }
    /// What claims ran at, those of what few of are in hand and others; and the begin and the report of each token.
    var claimPriorities: [Bool: TaskPriority] { contents.withLock { $0.claimPriorities } }
    var beginPriorities: [String: TaskPriority] { contents.withLock { $0.beginPriorities } }
    var settlePriorities: [String: TaskPriority] { contents.withLock { $0.settlePriorities } }
    /// Whether each claim for anything said that somebody has few in hand.
    var sayFew: [Bool] { contents.withLock { $0.sayFew } }
    var begun: [String] { beginItems.map(\.token) }
    var beginItems: [BeginItem] { contents.withLock { $0.begun } }
    /// How many went in each call, with few in hand or many; and which.
    var beginSizes: [Int] { contents.withLock { $0.beginSizes } }
    var settleBatches: [[String]] { contents.withLock { $0.settleBatches } }
    var settleCalls: Int { contents.withLock { $0.settleCalls } }

    /// What was settled, in the order in which it came.
    var outcomes: [Report] { contents.withLock { $0.outcomes } }

    /// Waits until so many have been settled.
    func outcomes(_ count: Int) async -> [Report] {
        await withCheckedContinuation { continuation in
            let isThere = contents.withLock { contents in
                if contents.outcomes.count >= count { return true }
                contents.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
        return outcomes
    }

    func outcome(of token: String) -> HandOver? { outcomes.first { $0.token == token }?.handOver }

    var mostOpen: Int { contents.withLock { $0.mostOpen } }

    /// Answers once something is there, cancelled or not: an answer may be on its way when a carrier is asked to end.
    func claim(
        at gateways: [String],
        limit: Int,
        inHandBelow: Int?,
        hasFew: Bool,
        wait: Duration
    ) async throws(LinkFailure) -> ClaimAnswer {
        let (isQuiet, priority) = (inHandBelow != nil, Task.currentPriority)
        await withCheckedContinuation { continuation in
            let isThere = contents.withLock { contents in
                contents.claimPriorities[isQuiet] = priority
                if let inHandBelow {
                    contents.keptLimits.insert([inHandBelow, limit])
                } else {
                    contents.claimLimits.append(limit)
                    contents.sayFew.append(hasFew)
                }
                if contents.waiting[isQuiet]?.isEmpty == false || contents.isClosed { return true }
                contents.claimants[isQuiet] = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
        let answer = contents.withLock { contents -> ClaimAnswer? in
            let tasks = Array(contents.waiting[isQuiet, default: []].prefix(limit))
            contents.waiting[isQuiet]?.removeFirst(tasks.count)
            guard !tasks.isEmpty || !contents.isClosed else { return nil }
            return ClaimAnswer(tasks: tasks, haveOthersFew: contents.haveOthersFew)
        }
        guard let answer else { throw StubPostOffice.silence }
        return answer
    }

    func begin(_ items: [BeginItem]) async throws(LinkFailure) -> [String] {
        contents.withLock { contents in
            contents.begun += items
            contents.beginSizes.append(items.count)
            for item in items { contents.beginPriorities[item.token] = Task.currentPriority }
        }
        guard let results = answer(items.map(\.token)) else { throw StubPostOffice.silence }
        try store(items.compactMap(\.behind))
        contents.withLock { contents in
            contents.open.formUnion(zip(items, results).filter { $0.1 == "go" }.map(\.0.token))
            contents.mostOpen = max(contents.mostOpen, contents.open.count)
        }
        return results
    }

    func settle(_ outcomes: [Report]) async throws(LinkFailure) {
        let priority = Task.currentPriority
        let isLost = contents.withLock { contents in
            contents.settleCalls += 1
            for outcome in outcomes { contents.settlePriorities[outcome.token] = priority }
            contents.settleBatches.append(outcomes.map(\.token))
            return contents.settleCalls <= unansweredSettles
        }
        if isLost { throw StubPostOffice.silence }
        try store(outcomes)
    }

    private func store(_ outcomes: [Report]) throws(LinkFailure) {
        let isRefused = outcomes.contains { outcome in
            refused.contains(outcome.token)
                || refusedWithWords.contains(outcome.token) && outcome.handOver.detail != nil
        }
        if isRefused { throw LinkFailure(mayHaveRun: false, reason: "not so", isFinal: true) }
        let reached = contents.withLock { contents in
            contents.outcomes += outcomes
            contents.open.subtract(outcomes.map(\.token))
            let count = contents.outcomes.count
            defer { contents.watchers.removeAll { $0.count <= count } }
            return contents.watchers.filter { $0.count <= count }
        }
        for watcher in reached { watcher.continuation.resume() }
    }
}
