import Clocks
import Dispatch
import Glibc
import SQLite
import Spend
import Store
import Synchronization
import Telemetry

/// Runs every write of the process on one queue, many requests a commit.
///
/// Whoever comes while a commit syncs waits in the next batch, so batches grow with the load; a batch of many is given a
/// moment to become one of more, and nobody who comes alone waits for it. Answers are given after COMMIT has returned. A
/// request that fails is taken back alone; when the commit itself fails, all of its requests fail and the state is read from
/// the file again.
final class Writer: Sendable {
    typealias Finish = @Sendable (StoreError?) -> Void

    /// A request that waits for its batch.
    struct Job: Sendable {
        let run: @Sendable (inout WriterCore) -> Finish
        /// Answers a request that was not tried.
        let refuse: @Sendable (StoreError) -> Void
    }

    /// How much a request matters to whoever waits.
    enum Rank: Sendable {
        /// Waits for no other requests than those in the commit that is under way.
        case urgent
        case request
        /// Housekeeping: runs alone, and after the requests that wait, but never waits for long.
        case errand
    }

    /// The most requests in one commit, so that a slow one cannot hold up too many.
    private static let batchLimit = 256
    /// How long requests may go before an errand: leases are over, and must be seen to be.
    private static let patience: Duration = .milliseconds(50)

    private struct Line {
        var urgent: [Job] = []
        var jobs: [Job] = []
        /// Whether the last batch was of the urgent: then it is the turn of the others.
        var wasUrgent = false
        var errands: [(job: Job, since: ContinuousClock.Instant)] = []
        var isMoving = false

        /// Whether no request waits.
        var isIdle: Bool { urgent.isEmpty && jobs.isEmpty }

        /// The next batch; nothing moves where there is none.
        mutating func takeRequests(atMost limit: Int) -> [Job] {
            wasUrgent = !urgent.isEmpty && (jobs.isEmpty || !wasUrgent)
            let waiting = wasUrgent ? \Line.urgent : \Line.jobs
            let batch = Array(self[keyPath: waiting].prefix(limit))
            self[keyPath: waiting].removeFirst(batch.count)
            if batch.isEmpty { isMoving = false }
            return batch
        }
    }

    private let line = Mutex(Line())
    private let queue = DispatchQueue(label: "store.writer", qos: .userInitiated)
    private let core: Mutex<WriterCore>
    private let log: Mutex<WriteAheadLog>
    private let reserve: Mutex<ReserveFile>
    private let damage: Damage
    private let current = Mutex<Shortage?>(nil)
    private let logBytes = Atomic(0)
    private let seenPages = Atomic(0)
    private let metrics: Metrics
    private let committed: @Sendable (WriterState, _ wakes: Set<String>, _ quiet: Set<String>) -> Void
    private let checkpointed: @Sendable (Int64) -> Void

    /// `damage`: Told of what cannot be read, by whomever.
    ///
    /// `committed`: Called on the writer's queue after each commit, before the answers, with the state and the gateways
    /// at which rows became ready; apart those where few of such rows are in hand.
    ///
    /// `checkpointed`: Called on the writer's queue with the sequence after the WAL was copied back.
    init(
        core: consuming sending WriterCore,
        terms: StoreTerms = StoreTerms(),
        reserve: ReserveFile = ReserveFile(path: "", size: 0),
        damage: Damage = Damage(),
        metrics: Metrics = Metrics(),
        committed: @escaping @Sendable (WriterState, _ wakes: Set<String>, _ quiet: Set<String>) -> Void,
        checkpointed: @escaping @Sendable (Int64) -> Void
    ) {
        metrics.set(walBytes: core.connection.walFrames * WriteAheadLog.frameBytes)
        self.core = Mutex(core)
        log = Mutex(WriteAheadLog(limit: terms.walLimit, reserve: terms.reserve))
        self.reserve = Mutex(reserve)
        self.damage = damage
        self.metrics = metrics
        self.committed = committed
        self.checkpointed = checkpointed
    }

    /// `rank`: Where none is given, as the priority of the task is.
    func perform<Result: Sendable>(
        as rank: Rank? = nil,
        _ work: @escaping @Sendable (inout WriterCore) throws(SQLiteError) -> Result
    ) async throws(StoreError) -> Result {
        let rank = rank ?? (Task.currentPriority > .medium ? .urgent : .request)
        let result: Swift.Result<Result, StoreError> = await withCheckedContinuation { continuation in
            let run: @Sendable (inout WriterCore) -> Finish = { core in
                let result = core.attempt(work)
                return { failure in continuation.resume(returning: failure.map(Swift.Result.failure) ?? result) }
            }
            enqueue(Job(run: run, refuse: { continuation.resume(returning: .failure($0)) }), rank)
        }
        return try result.get()
    }

    /// Requests that wait for the next batch.
    var waiting: Int { line.withLock { $0.urgent.count + $0.jobs.count } }

    var waitingErrands: Int { line.withLock { $0.errands.count } }

    /// Commits what waits, copies the WAL back and returns the last sequence.
    func close() async -> Int64 {
        await withCheckedContinuation { continuation in
            queue.async {
                self.drain()
                let sequence = self.core.withLock { core in
                    // A reader may hold the WAL; the next start copies what is left.
                    _ = try? core.connection.checkpoint(.truncate)
                    return core.state.sequence
                }
                continuation.resume(returning: sequence)
            }
        }
    }

    /// Copies the WAL back and empties it, where no reader is in the way.
    func checkpoint() async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.core.withLock { core in
                    // What was not copied now is copied when nobody writes.
                    if (try? core.connection.checkpoint(.truncateUnlessBusy)) == 0 {
                        self.checkpointed(core.state.sequence)
                    }
                }
                continuation.resume()
            }
        }
    }

    private func enqueue(_ job: Job, _ rank: Rank) {
        let mustStart = line.withLock { line in
            switch rank {
            case .urgent: line.urgent.append(job)
            case .request: line.jobs.append(job)
            case .errand: line.errands.append((job, .now))
            }
            defer { line.isMoving = true }
            return !line.isMoving
        }
        if mustStart { queue.async { self.drain() } }
    }

    /// Gives the next batch time to grow, unless somebody urgent waits for it.
    private func gather(behind last: Int) {
        var gathering = Gathering(behind: last)
        while gathering.goesOn(waiting: line.withLock { $0.urgent.isEmpty ? $0.jobs.count : .max }) {
            usleep(Gathering.pause)
        }
    }

    private func take() -> [Job] {
        line.withLock { line in
            if let errand = line.errands.first,
                line.isIdle || ContinuousClock.now - errand.since >= Writer.patience
            {
                line.errands.removeFirst()
                return [errand.job]
            }
            return line.takeRequests(atMost: Writer.batchLimit)
        }
    }

    private func refuseWaiting(_ failure: StoreError) {
        let refused = line.withLock { line in
            defer { (line.urgent, line.jobs, line.errands) = ([], [], []) }
            return line.urgent + line.jobs + line.errands.map(\.job)
        }
        for job in refused { job.refuse(failure) }
    }

    private func drain() {
        var last = 0
        while true {
            gather(behind: last)
            let batch = take()
            last = batch.count
            guard !batch.isEmpty else { return }
            core.withLock { core in
                // Others may have met it since.
                core.shortage = damage.shortage ?? core.shortage
                var result = core.commit(batch)
                // What is under way comes to its end with what was set aside for it; nothing new is taken on.
                if result.error?.isDiskFull == true || core.metFullDisk, reserve.withLock({ $0.free(at: core.boot) }) {
                    core.shortage = .disk
                    if result.error != nil { result = core.commit(batch) }
                }
                if result.error == nil {
                    if let pause = result.pause { metrics.observe(commit: pause, size: batch.count) }
                    core.state.tally.add(to: metrics)
                    core.state.tally = BatchTally()
                    committed(core.state, core.wakes, core.quietWakes)
                }
                for error in [result.error, core.metDamage].compactMap(\.self) { damage.note(error) }
                let failure = result.error.map { StoreError($0) }
                for finish in result.finishes { finish(failure) }
                // Somebody else's lock has been waited for as long as it may be, by all that wait.
                if let failure, result.error?.isBusy == true { refuseWaiting(failure) }
                lookAfter(&core, isWritten: result.pause != nil)
            }
        }
    }

    /// Copies the WAL back where it is time, and sees whether there is room again.
    private func lookAfter(_ core: inout WriterCore, isWritten: Bool) {
        let isIdle = line.withLock { $0.isIdle }
        let isCopied = log.withLock { $0.look(at: &core.connection, isWritten: isWritten, isIdle: isIdle) }
        let bytes = core.connection.walFrames * WriteAheadLog.frameBytes
        logBytes.store(bytes, ordering: .relaxed)
        metrics.set(walBytes: bytes)
        // SQLite counts in 31 bits and begins anew.
        let pages = core.connection.pageReads
        metrics.count(pageReads: (pages - seenPages.exchange(pages, ordering: .relaxed)) & 0x7fff_ffff)
        if isCopied { checkpointed(core.state.sequence) }
        if reserve.withLock({ $0.restore(at: core.boot) }), core.shortage == .disk { core.shortage = nil }
        if core.shortage != .disk {
            core.shortage = log.withLock { log in log.isFull(core.connection) ? .log(limit: log.limit) : nil }
        }
        core.shortage = damage.shortage ?? core.shortage
        let shortage = core.shortage
        current.withLock { $0 = shortage }
    }

    /// Bytes of the write-ahead log, as of the last batch.
    var walBytes: Int { logBytes.load(ordering: .relaxed) }

    /// Why nothing new is taken on, as of the last batch.
    var shortage: Shortage? { current.withLock { $0 } }
}
