import AuthEvents
import Clocks
import Deliveries
import SQLite

extension WriterCore {
    /// Rows that are looked at for one that is due, where a lane holds some that are past their deadline.
    ///
    /// Beyond so many that are alive and all wait for a later attempt, what lies in the way is buried first.
    private static let looksPerLane = 500

    static let due: StaticString = """
        SELECT id FROM hot INDEXED BY hot_ready
        WHERE gateway = ? AND priority = ? AND tenant = ? AND state = 1 AND due <= ? ORDER BY due, id LIMIT ?
        """

    static let nextDue: StaticString = """
        SELECT due FROM hot INDEXED BY hot_ready
        WHERE gateway = ? AND priority = ? AND tenant = ? AND state = 1 ORDER BY due, id LIMIT 1
        """

    static let alive: StaticString = """
        SELECT due, id FROM hot INDEXED BY hot_live
        WHERE gateway = ? AND priority = ? AND tenant = ? AND state = 1 AND send_before > ?
        ORDER BY send_before, due, id
        """

    /// Rows of a lane that are due, at most so many.
    ///
    /// In the order in which they are due. While rows that are past their deadline lie in the lane, which may be a million,
    /// in the order of their deadlines, which steps over those.
    mutating func due(of tenant: Int64, at place: Lanes.Place, limit: Int) throws(SQLiteError) -> [DeliveryID] {
        if let lane = state.lanes.lane(of: tenant, at: place), lane.firstEnd <= now.milliseconds {
            let found = try alive(of: tenant, at: place, limit: limit)
            if !found.due.isEmpty || found.isAll { return found.due }
        }
        return try connection.all(
            WriterCore.due,
            .integer(place.gateway),
            .integer(place.priority),
            .integer(tenant),
            .integer(now.milliseconds),
            .integer(Int64(limit)),
            read: { DeliveryID(bytes: $0.blob(0)) }
        ).compactMap(\.self)
    }

    /// Brings a lane up to date that a row has left which was ready there.
    mutating func leave(_ row: HotRow) throws(SQLiteError) {
        let place = Lanes.Place(gateway: row.gateway, priority: row.priority)
        guard row.state == .ready,
            state.lanes.lane(of: row.tenant, at: place)?.nextDue == row.due.milliseconds
        else { return }
        try refreshLane(of: row.tenant, at: place)
    }

    /// `isSwept`: Whether what was past its deadline may all have gone, so that the first deadline is another.
    mutating func refreshLane(
        of tenant: Int64,
        at place: Lanes.Place,
        isSwept: Bool = false
    ) throws(SQLiteError) {
        guard var lane = state.lanes.lane(of: tenant, at: place) else { return }
        if isSwept {
            guard let end = try connection.firstEnd(of: tenant, at: place) else {
                return state.lanes.set(tenant, at: place, nil)
            }
            lane.firstEnd = end
        }
        if lane.firstEnd <= now.milliseconds {
            let found = try alive(of: tenant, at: place, limit: 1)
            lane.nextDue = found.nextDue ?? (found.isAll ? .max : now.milliseconds)
            return state.lanes.set(tenant, at: place, lane)
        }
        let next = try connection.first(
            WriterCore.nextDue,
            .integer(place.gateway),
            .integer(place.priority),
            .integer(tenant),
            read: { $0.integer(0) }
        )
        guard let next else { return state.lanes.set(tenant, at: place, nil) }
        lane.nextDue = next
        state.lanes.set(tenant, at: place, lane)
    }

    private struct Found {
        var due: [DeliveryID] = []
        /// Of those that were looked at.
        var nextDue: Int64?
        /// Whether all that are alive were looked at.
        var isAll = true
    }

    /// What of a lane is not past its deadline, that with the nearest deadline first, until so many are due.
    private mutating func alive(of tenant: Int64, at place: Lanes.Place, limit: Int) throws(SQLiteError) -> Found {
        var found = Found()
        var looks = 0
        let now = now.milliseconds
        let values: [Value] = [
            .integer(place.gateway), .integer(place.priority), .integer(tenant), .integer(now),
        ]
        try connection.forEach(WriterCore.alive, values) { row in
            looks += 1
            let due = row.integer(0)
            found.nextDue = min(found.nextDue ?? due, due)
            if due <= now, let id = DeliveryID(bytes: row.blob(1)) { found.due.append(id) }
            found.isAll = found.due.count < limit && looks < WriterCore.looksPerLane
            return found.isAll
        }
        return found
    }
}
