import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

/// A wall clock that was set back while the server ran, and how far what waits has been brought along.
struct SetBack: Sendable {
    /// In milliseconds.
    var by: Int64
    /// The lanes that are still to be done, and where the first of them stands.
    var lanes: [(place: Lanes.Place, tenant: Int64)]
    var due: Int64
    var id = WriterState.noCursor
}

extension WriterCore {
    /// Less is what corrects a clock's pace, and delays nobody that matters.
    private static let smallestStep: Int64 = 1000

    static let dueLater: StaticString = """
        SELECT due, id FROM hot INDEXED BY hot_ready
        WHERE gateway = ? AND priority = ? AND tenant = ? AND state = 1 AND (due, id) > (?, ?) ORDER BY due, id LIMIT ?
        """

    /// Brings what waits along with a wall clock that was set back: one slice.
    ///
    /// Messages are due by the wall clock, so that those of before would wait as long again as it was set back. Deadlines
    /// stay what was promised. A clock that was set back while no server ran is not noticed.
    ///
    /// Returns whether there is more.
    mutating func sweepSetBack() throws(SQLiteError) -> Bool {
        noticeSetBack()
        guard var work = state.setBack, let lane = work.lanes.first else { return false }
        let rows = try connection.all(
            WriterCore.dueLater,
            .integer(lane.place.gateway),
            .integer(lane.place.priority),
            .integer(lane.tenant),
            .integer(work.due),
            .blob(work.id),
            .integer(sliceSize),
            read: { (due: $0.integer(0), id: $0.blob(1)) }
        )
        for row in rows {
            // It goes to where the scan has been, so none is brought along twice.
            try connection.run("UPDATE hot SET due = ? WHERE id = ?", .integer(row.due - work.by), .blob(row.id))
            (work.due, work.id) = (row.due, row.id)
        }
        if rows.count < Int(sliceSize) {
            work.lanes.removeFirst()
            (work.due, work.id) = (now.milliseconds, WriterState.noCursor)
        }
        if !rows.isEmpty {
            try refreshLane(of: lane.tenant, at: lane.place)
            wakes.insert(gatewayName(lane.place.gateway))
        }
        state.setBack = work.lanes.isEmpty ? nil : work
        return state.setBack != nil
    }

    /// Compares the two clocks with how they stood at the last look.
    private mutating func noticeSetBack() {
        let lead = now.milliseconds - boot.milliseconds
        defer { state.clockLead = lead }
        guard let before = state.clockLead, before - lead >= WriterCore.smallestStep else { return }
        state.setBack = SetBack(by: before - lead, lanes: state.lanes.all, due: now.milliseconds)
    }
}
