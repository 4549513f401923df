import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

extension WriterCore {
    static let overLeases: StaticString = """
        SELECT id FROM hot INDEXED BY hot_lease WHERE state IN (3, 4) AND lease <= ? ORDER BY lease, id LIMIT ?
        """
    static let parked: StaticString = """
        SELECT id FROM hot INDEXED BY hot_parked
        WHERE reason = ? AND gateway = ? AND state = 2 AND id > ? ORDER BY id LIMIT ?
        """
    static let parkedFor: StaticString = """
        SELECT id FROM hot INDEXED BY hot_parked_id WHERE reason = ? AND state = 2 AND id > ? ORDER BY id LIMIT ?
        """
    static let waitingAtGateway: StaticString =
        "SELECT id FROM hot INDEXED BY hot_ready WHERE gateway = ? AND state = 1 AND trial = 0 LIMIT ?"

    /// See ``Housekeeping/sweep()``.
    ///
    /// What has a carrier or a person waiting comes first, in each slice. Of the rest the first part that has more than a
    /// slice ends the look, and the next begins behind it: so a slice stays short, and no part waits for another's end.
    mutating func sweep() throws(SQLiteError) -> Bool {
        // Timers first: an outcome that becomes unknown now can be seen as that until the next look.
        var isMore = try sweepTimers()
        isMore = try sweepLeases() || isMore
        isMore = try sweepSetBack() || isMore
        let count = WriterCore.sweepParts
        for turn in 0..<count where !isMore {
            let part = (state.sweepTurn + turn) % count
            guard try sweep(part: part) else { continue }
            isMore = true
            state.sweepTurn = (part + 1) % count
        }
        return isMore
    }

    private static let sweepParts = 6

    /// Does one slice of a part, and says whether there is more.
    private mutating func sweep(part: Int) throws(SQLiteError) -> Bool {
        switch part {
        case 0: return try sweepDeadlines()
        case 1: return try sweepHolds()
        case 2: return try moveFromBadGateways()
        case 3: return try moveParked()
        case 4: try moveOverBudget()
        default: try forgetWhatHasEnded()
        }
        return false
    }

    /// One slice a second of what no longer says anything.
    private mutating func forgetWhatHasEnded() throws(SQLiteError) {
        guard now < state.forgotAt || now >= state.forgotAt + .seconds(1) else { return }
        state.forgotAt = now
        recent.moveOn(at: now)
        state.instances.forget(at: boot)
        try forgetFullBuckets()
        try forgetEndedSuppressions()
    }

    private mutating func sweepLeases() throws(SQLiteError) -> Bool {
        let ids = try connection.all(
            WriterCore.overLeases,
            .integer(boot.milliseconds),
            .integer(sliceSize),
            read: { DeliveryID(bytes: $0.blob(0)) }
        )
        for id in ids {
            guard let id, let row = try hotRow(id) else { continue }
            guard row.state == .sending else {
                try rescue(row)
                continue
            }
            var lost = row
            lost.counted += 1
            lost.lease = BootInstant(milliseconds: 0)
            // Nobody has settled it: a late settle still finds it open.
            try connection.run(
                "UPDATE attempt SET outcome = ?, code = 'no_answer' WHERE delivery = ? AND number = ?",
                .integer(Outcome.unknown.rawValue),
                .blob(row.id.bytes),
                .integer(row.tried)
            )
            state.tally.attempts.append((gatewayName(row.gateway), .unknown))
            try becomeUnknown(lost)
        }
        return ids.count == Int(sliceSize)
    }

    /// Takes what waits at gateways that are down, or no longer in the settings, to where its route leads now.
    private mutating func moveFromBadGateways() throws(SQLiteError) -> Bool {
        var isMore = false
        for (gateway, health) in state.gateways
        where (health.state == .down || routing.terms(of: gatewayName(gateway)) == nil)
            && state.lanes.earliest(at: [gateway]) != nil
        {
            let ids = try connection.all(
                WriterCore.waitingAtGateway,
                .integer(gateway),
                .integer(sliceSize),
                read: { DeliveryID(bytes: $0.blob(0)) }
            )
            for id in ids {
                guard let id, let row = try hotRow(id) else { continue }
                var moved = row
                try sendOn(&moved, due: row.due)
                try update(moved, from: .ready)
                try leave(row)
            }
            isMore = isMore || ids.count == Int(sliceSize)
        }
        return isMore
    }

    /// Makes what was parked for want of a gateway ready again, where its route has one; one of them tries where it is time.
    ///
    /// SMS that wait at one gateway may go by other routes and prices, so each is looked at: one slice a look, round and
    /// round.
    private mutating func moveParked() throws(SQLiteError) -> Bool {
        var isMore = false
        for gateway in state.gateways.keys.sorted() {
            let ids = try connection.all(
                WriterCore.parked,
                .integer(Reason.gatewayDown.rawValue),
                .integer(gateway),
                .blob(state.parkedCursors[gateway] ?? WriterState.noCursor),
                .integer(sliceSize),
                read: { DeliveryID(bytes: $0.blob(0)) }
            )
            state.parkedCursors[gateway] = nil
            var moved = 0
            for id in ids {
                guard let id, let row = try hotRow(id) else { continue }
                var next = row
                try sendOn(&next, due: now)
                if row.channel == .sms, ids.count == sliceSize { state.parkedCursors[gateway] = id.bytes }
                if next.state == .parked, next.gateway == gateway, next.reason == row.reason {
                    if row.channel == .sms { continue }
                    // Still nowhere to go, and so for all mails that wait here.
                    break
                }
                try update(next, from: .parked)
                moved += 1
            }
            isMore = isMore || moved == Int(sliceSize)
        }
        return isMore
    }

    /// Reserves anew for what was parked over a budget, where there is room again: one slice a look, round and round.
    private mutating func moveOverBudget() throws(SQLiteError) {
        let ids = try connection.all(
            WriterCore.parkedFor,
            .integer(Reason.overBudget.rawValue),
            .blob(state.overBudgetCursor),
            .integer(sliceSize),
            read: { DeliveryID(bytes: $0.blob(0)) }
        )
        state.overBudgetCursor = ids.last?.map(\.bytes) ?? WriterState.noCursor
        for id in ids {
            guard let id, let row = try hotRow(id), let outlay = try outlay(of: id), try reserve(outlay) == nil else {
                continue
            }
            var next = row
            try sendOn(&next, due: now)
            try update(next, from: .parked)
        }
    }
}
