import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

extension WriterCore {
    /// See ``HoldStore/add(_:)``.
    mutating func add(_ new: Hold) throws(SQLiteError) -> Hold {
        var hold = new
        if let known = state.holds.first(where: { $0.isInPlace(of: new) }) {
            hold.id = known.id
        }
        try connection.run(
            "INSERT OR REPLACE INTO hold (id, scope, value, reason, until, owner) VALUES (?, ?, ?, ?, ?, ?)",
            .blob(hold.id.bytes),
            .text(hold.scope.rawValue),
            .text(hold.value),
            .text(hold.reason),
            .integer(hold.until.milliseconds),
            .text(hold.owner?.description ?? "")
        )
        state.holds.removeAll { $0.id == hold.id }
        state.holds.append(hold)
        state.holds.sort { $0.id < $1.id }
        lookAtStopsAnew()
        return hold
    }

    /// See ``HoldStore/removeHold(_:of:)``.
    mutating func removeHold(_ id: HoldID, of tenant: TenantName?) throws(SQLiteError) -> Bool {
        guard let hold = state.holds.first(where: { $0.id == id }), tenant == nil || hold.isOf(tenant) else {
            return false
        }
        try forget(hold)
        return true
    }

    private mutating func forget(_ hold: Hold) throws(SQLiteError) {
        try connection.run("DELETE FROM hold WHERE id = ?", .blob(hold.id.bytes))
        state.holds.removeAll { $0.id == hold.id }
        lookAtStopsAnew()
    }

    /// What waits is looked at from the beginning: what is held now is parked, what is parked may go on.
    mutating func lookAtStopsAnew() {
        state.stopCursor = state.holds.isEmpty && state.pauses.isEmpty ? nil : WriterState.noCursor
        state.stoppedCursors = [.held: WriterState.noCursor, .paused: WriterState.noCursor]
    }

    /// The hold that stops a leg, whatever its gateway; of several the one that ends last.
    func hold(on leg: Submission.Leg, of tenant: TenantName) -> Hold? {
        state.holds.filter { hold in
            hold.until > now && hold.covers(tenant: tenant, country: leg.costs?.country, number: leg.number)
        }.max { $0.until < $1.until }
    }

    /// The hold that stops a delivery, whatever its gateway.
    mutating func hold(on row: HotRow) throws(SQLiteError) -> Hold? {
        let holds = state.holds.filter { $0.scope != .gateway && $0.until > now }
        guard !holds.isEmpty else { return nil }
        let tenant = try tenantName(row.tenant)
        let country = row.channel == .sms ? try outlay(of: row.id)?.country : nil
        let needsNumber = row.channel == .sms && holds.contains { $0.scope == .prefix }
        let number = needsNumber ? try number(of: row.id) : nil
        let hold = holds.first { $0.covers(tenant: tenant, country: country, number: number) }
        if let hold { latestStop = (row.id, hold) }
        return hold
    }

    func isHeld(gateway: String) -> Bool {
        state.holds.contains { $0.scope == .gateway && $0.value == gateway && $0.until > now }
    }

    /// Parks what is ready and stopped.
    mutating func park(_ ready: HotRow, as reason: Reason) throws(SQLiteError) {
        var row = ready
        (row.state, row.reason, row.isTrial) = (.parked, reason, false)
        try update(row, from: .ready)
        try leave(ready)
    }

    private mutating func number(of delivery: DeliveryID) throws(SQLiteError) -> String? {
        let row = try connection.first(
            """
            SELECT event.id, seal_key, sealed, previous FROM delivery JOIN event ON event.id = delivery.event
            WHERE delivery.id = ?
            """,
            .blob(delivery.bytes),
            read: { (event: $0.blob(0), sealed: SealedBytes(key: $0.text(1), bytes: $0.blob(2)), old: $0.integer(3)) }
        )
        guard let row, let event = EventID(bytes: row.event) else { return nil }
        return numbers(event, row.sealed, row.old != 0)
    }

    /// One slice of what holds begin to cover and cease to.
    mutating func sweepHolds() throws(SQLiteError) -> Bool {
        for hold in state.holds where hold.until <= now { try forget(hold) }
        var isMore = try parkReady()
        for reason in [Reason.held, .paused] { isMore = try releaseStopped(reason) || isMore }
        return isMore
    }

    private mutating func parkReady() throws(SQLiteError) -> Bool {
        guard let cursor = state.stopCursor else { return false }
        let ids = try connection.all(
            "SELECT id FROM hot WHERE id > ? ORDER BY id LIMIT ?",
            .blob(cursor),
            .integer(sliceSize),
            read: { DeliveryID(bytes: $0.blob(0)) }
        )
        state.stopCursor = ids.count == sliceSize ? ids.last?.map(\.bytes) : nil
        for id in ids {
            guard let id, let row = try hotRow(id), row.state == .ready else { continue }
            if let reason = try stop(of: row) {
                try park(row, as: reason)
            } else if isHeld(gateway: gatewayName(row.gateway)) {
                var moved = row
                try sendOn(&moved, due: row.due)
                try update(moved, from: .ready)
                try leave(row)
            }
        }
        return state.stopCursor != nil
    }

    private mutating func releaseStopped(_ reason: Reason) throws(SQLiteError) -> Bool {
        guard let cursor = state.stoppedCursors[reason] else { return false }
        let ids = try connection.all(
            WriterCore.parkedFor,
            .integer(reason.rawValue),
            .blob(cursor),
            .integer(sliceSize),
            read: { DeliveryID(bytes: $0.blob(0)) }
        )
        state.stoppedCursors[reason] = ids.count == sliceSize ? ids.last?.map(\.bytes) : nil
        for id in ids {
            guard let id, let row = try hotRow(id) else { continue }
            var next = row
            try sendOn(&next, due: now)
            guard next.reason != reason || next.gateway != row.gateway else { continue }
            try update(next, from: .parked)
        }
        return state.stoppedCursors[reason] != nil
    }
}

extension Hold {
    func isOf(_ tenant: TenantName?) -> Bool { owner != nil && owner == tenant }

    fileprivate func isInPlace(of new: Hold) -> Bool { (scope, value, owner) == (new.scope, new.value, new.owner) }
}

extension Connection {
    mutating func holds() throws(SQLiteError) -> [Hold] {
        try all(
            "SELECT id, scope, value, reason, until, owner FROM hold ORDER BY id",
            read: { row -> Hold? in
                guard let id = HoldID(bytes: row.blob(0)), let scope = Hold.Scope(rawValue: row.text(1)) else {
                    return nil
                }
                let until = Instant(milliseconds: row.integer(4))
                return Hold(
                    id: id,
                    scope: scope,
                    value: row.text(2),
                    reason: row.text(3),
                    until: until,
                    owner: TenantName(row.text(5))
                )
            }
        ).compactMap(\.self)
    }
}
