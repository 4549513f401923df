import Clocks
import Dispatch
import SQLite
import Spend
import Store
import Synchronization
import Telemetry

/// Runs every write of the process on one queue, many requests a commit.
///
/// Whoever comes while a commit syncs waits in the next batch, so batches grow with the load and there is no artificial
/// delay. Answers are given after COMMIT has returned. Each request runs in a savepoint; when the commit itself fails, all
/// of its requests fail and the state is read from the file again.
final class Writer: Sendable {
    typealias Finish = @Sendable (StoreError?) -> Void

    fileprivate struct Job: Sendable {
        let run: @Sendable (inout WriterCore) -> Finish
        /// Answers a request that was not tried.
        let refuse: @Sendable (StoreError) -> Void
    }

    /// The most requests in one commit, so that a slow one cannot hold up too many.
    private static let batchLimit = 256
    /// The database's page, SQLite's own default, and so a frame's.
    private static let frameBytes = 4096

    private struct Line {
        var jobs: [Job] = []
        var isMoving = false
    }

    private let line = Mutex(Line())
    private let queue = DispatchQueue(label: "store.writer", qos: .userInitiated)
    private let core: Mutex<WriterCore>
    private let pace = Mutex(CheckpointPace())
    private let metrics: Metrics
    private let committed: @Sendable (WriterState, Set<String>) -> Void
    private let checkpointed: @Sendable (Int64) -> Void

    /// `committed`: Called on the writer's queue after each commit, before the answers, with the state and the gateways
    /// at which rows became ready.
    ///
    /// `checkpointed`: Called on the writer's queue with the sequence after the WAL was copied back.
    init(
        core: consuming sending WriterCore,
        metrics: Metrics = Metrics(),
        committed: @escaping @Sendable (WriterState, Set<String>) -> Void,
        checkpointed: @escaping @Sendable (Int64) -> Void
    ) {
        metrics.set(walBytes: core.connection.walFrames * Writer.frameBytes)
        self.core = Mutex(core)
        self.metrics = metrics
        self.committed = committed
        self.checkpointed = checkpointed
    }

    func perform<Result: Sendable>(
        _ work: @escaping @Sendable (inout WriterCore) throws(SQLiteError) -> Result
    ) async throws(StoreError) -> Result {
        let result: Swift.Result<Result, StoreError> = await withCheckedContinuation { continuation in
            let run: @Sendable (inout WriterCore) -> Finish = { core in
                let result = core.inSavepoint(work)
                return { failure in continuation.resume(returning: failure.map(Swift.Result.failure) ?? result) }
            }
            enqueue(Job(run: run, refuse: { continuation.resume(returning: .failure($0)) }))
        }
        return try result.get()
    }

    /// Requests that wait for the next batch.
    var waiting: Int { line.withLock { $0.jobs.count } }

    /// Commits what waits, copies the WAL back and returns the last sequence.
    func close() async -> Int64 {
        await withCheckedContinuation { continuation in
            queue.async {
                self.drain()
                let sequence = self.core.withLock { core in
                    // A reader may hold the WAL; the next start copies what is left.
                    _ = try? core.connection.checkpoint(truncating: true)
                    return core.state.sequence
                }
                continuation.resume(returning: sequence)
            }
        }
    }

    private func enqueue(_ job: Job) {
        let mustStart = line.withLock { line in
            line.jobs.append(job)
            defer { line.isMoving = true }
            return !line.isMoving
        }
        if mustStart { queue.async { self.drain() } }
    }

    private func take() -> [Job] {
        line.withLock { line in
            let batch = Array(line.jobs.prefix(Writer.batchLimit))
            line.jobs.removeFirst(batch.count)
            if batch.isEmpty { line.isMoving = false }
            return batch
        }
    }

    private func drain() {
        while true {
            let batch = take()
            guard !batch.isEmpty else { return }
            core.withLock { core in
                let (finishes, failure, pause) = core.commit(batch)
                if failure == nil {
                    if let pause { metrics.observe(commit: pause, size: batch.count) }
                    metrics.set(walBytes: core.connection.walFrames * Writer.frameBytes)
                    core.state.tally.add(to: metrics)
                    core.state.tally = BatchTally()
                    committed(core.state, core.wakes)
                }
                for finish in finishes { finish(failure) }
                checkpointIfLarge(&core)
            }
        }
    }

    private func checkpointIfLarge(_ core: inout WriterCore) {
        let frames = core.connection.walFrames
        guard pace.withLock({ $0.isDue(frames) }) else { return }
        // A full disk leaves the WAL as it is; it is tried again after the next commit.
        guard let left = try? core.connection.checkpoint(truncating: false) else { return }
        pace.withLock { $0.tried(left: left) }
        checkpointed(core.state.sequence)
    }
}

extension WriterCore {
    /// Runs a batch as one transaction.
    ///
    /// Returns the answers, the error that voids them all, and how long the commit took where anything was written.
    fileprivate mutating func commit(
        _ batch: [Writer.Job]
    ) -> (finishes: [Writer.Finish], failure: StoreError?, pause: Duration?) {
        var finishes: [Writer.Finish] = []
        wakes = []
        isBroken = false
        let committed = state
        do throws(SQLiteError) {
            try connection.run("BEGIN IMMEDIATE")
            if mustReload { try reload() }
            let before = connection.totalChanges
            for job in batch where connection.isInTransaction && !isBroken { finishes.append(job.run(&self)) }
            guard connection.isInTransaction, !isBroken else {
                throw SQLiteError(code: 13, message: "the transaction was rolled back")
            }
            let isWritten = connection.totalChanges != before
            if isWritten {
                state.sequence += 1
                try connection.run("UPDATE meta SET value = ? WHERE name = 'sequence'", .integer(state.sequence))
                // Tells that the last entries were removed, which the chain alone cannot.
                if state.ledger != committed.ledger {
                    let head = "\(state.ledger.sequence) \(state.ledger.hash)"
                    try connection.setMeta("ledger:" + writerName, .text(head))
                }
            }
            let start = ContinuousClock.now
            try connection.run("COMMIT")
            return (finishes, nil, isWritten ? ContinuousClock.now - start : nil)
        } catch {
            let failure = StoreError(error)
            finishes += batch.dropFirst(finishes.count).map { job in { _ in job.refuse(failure) } }
            // Nothing of the batch may stay; where SQLite has already rolled back there is nothing to do.
            if connection.isInTransaction { _ = try? connection.run("ROLLBACK") }
            // What is said of the file until it is read again, its sequence above all, must not be ahead of it.
            state = committed
            mustReload = true
            return (finishes, failure, nil)
        }
    }

    /// Whoever claimed last is not in the file; all else is read from there.
    private mutating func reload() throws(SQLiteError) {
        let instances = state.instances
        state = try WriterState.load(from: &connection, writer: writerName)
        state.instances = instances
        mustReload = false
    }
}
