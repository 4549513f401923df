import AuthEvents
import Clocks
import SQLite
import Spend
import Store

extension WriterCore {
    /// What became of a batch: the answers, the error that voids them all, and how long the commit took where anything was
    /// written.
    typealias BatchResult = (finishes: [Writer.Finish], error: SQLiteError?, pause: Duration?)

    /// Runs a batch as one transaction.
    mutating func commit(_ batch: [Writer.Job]) -> BatchResult {
        isCareful = false
        let result = run(batch)
        guard mustBeCareful else { return result }
        isCareful = true
        return run(batch)
    }

    private mutating func run(_ batch: [Writer.Job]) -> BatchResult {
        var finishes: [Writer.Finish] = []
        (wakes, quietWakes) = ([], [])
        isBroken = false
        mustBeCareful = false
        metFullDisk = false
        metDamage = nil
        var served: [Writer.Finish] = []
        var committed = state
        do throws(SQLiteError) {
            try connection.run("BEGIN IMMEDIATE")
            if mustReload {
                try reload()
                committed = state
            }
            let before = connection.totalChanges
            for job in batch where connection.isInTransaction && !isBroken && !mustBeCareful {
                finishes.append(job.run(&self))
            }
            served = serveWaiting()
            guard connection.isInTransaction, !isBroken, !mustBeCareful else {
                throw SQLiteError(code: SQLiteError.full, message: "the transaction was rolled back")
            }
            try saveBookings()
            let isWritten = connection.totalChanges != before || recent.isChanged
            if isWritten {
                state.sequence += 1
                try recent.save(to: &connection, at: now)
                try state.counts.save(to: &connection)
                try connection.run("UPDATE meta SET value = ? WHERE name = 'sequence'", .integer(state.sequence))
                // Tells that the last entries were removed, which the chain alone cannot.
                if state.ledger != committed.ledger {
                    let head = "\(state.ledger.sequence) \(state.ledger.hash)"
                    try connection.setMeta("ledger:" + writerName, .text(head))
                }
            }
            let start = ContinuousClock.now
            try connection.run("COMMIT")
            recent.keep(at: now)
            return (finishes + served, nil, isWritten ? ContinuousClock.now - start : nil)
        } catch {
            let failure = StoreError(error)
            for finish in served { finish(failure) }
            finishes += batch.dropFirst(finishes.count).map { job in { _ in job.refuse(failure) } }
            // Nothing of the batch may stay; where SQLite has already rolled back there is nothing to do.
            let isRolledBack = connection.isInTransaction && (try? connection.run("ROLLBACK")) != nil
            // What is said of the file until it is read again, its sequence above all, must not be ahead of it.
            state = committed
            recent.rollBack()
            // One that failed in itself has left the file as the state has it.
            mustReload = mustReload || !(mustBeCareful && isRolledBack)
            return (finishes, error, nil)
        }
    }

    /// Claims for carriers that wait where rows became ready, in the transaction that made them so.
    private mutating func serveWaiting() -> [Writer.Finish] {
        guard !wakes.isEmpty, !isBroken, !mustBeCareful, shortage == nil, connection.isInTransaction, let board
        else { return [] }
        var served = board.takeWaiters(at: wakes).map { serve($0) }
        while let picky = board.takePickyWaiter(at: wakes, hasWork: { hasDue(for: $0) }) { served.append(serve(picky)) }
        return served
    }

    private mutating func serve(_ waiter: WorkBoard.Waiter) -> Writer.Finish {
        // Nothing is given to a carrier that died.
        guard waiter.isPeerThere() else { return { _ in waiter.wake() } }
        let result = attempt { core throws(SQLiteError) in try core.claim(waiter.request) }
        // Without a claim it looks for itself, and meets whatever is in the way.
        return { failure in waiter.wake(with: failure == nil ? (try? result.get()) ?? [] : []) }
    }

    /// Whether there is anything due that a claim may have.
    private func hasDue(for request: ClaimRequest) -> Bool {
        Purpose.priorities.contains { priority in
            request.gateways.contains { name in
                guard let id = state.gatewayNames.ids[name], !isHeld(gateway: name) else { return false }
                let place = Lanes.Place(gateway: id, priority: priority)
                return !state.due(at: place, now: now.milliseconds, below: request.inHandBelow).isEmpty
            }
        }
    }

    /// Whoever claimed last is not in the file; all else is read from there.
    private mutating func reload() throws(SQLiteError) {
        let (instances, clockLead) = (state.instances, state.clockLead)
        state = try WriterState.load(from: &connection, writer: writerName)
        (state.instances, state.clockLead) = (instances, clockLead)
        try recent.load(from: &connection, at: now)
        mustReload = false
    }
}
