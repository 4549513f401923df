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
    /// The last timer that was brought along, `nil` where all were.
    var timer: (due: Int64, delivery: [UInt8])?

    var isDone: Bool { lanes.isEmpty && timer == nil }
}

extension WriterCore {
    /// Less is what corrects a clock's pace, and delays nobody that matters.
    private static let smallestStep: Int64 = 1000

    static let dueLater: StaticString = """
        SELECT due, id FROM hot INDEXED BY hot_ready
        WHERE gateway = ? AND priority = ? AND tenant = ? AND state = 1 AND (due, id) > (?, ?) ORDER BY due, id LIMIT ?
        """

    static let timersLater: StaticString = """
        SELECT due, delivery FROM timer WHERE (due, delivery) > (?, ?) ORDER BY due, delivery LIMIT ?
        """

    /// Brings what waits along with a wall clock that was set back: one slice of messages, and one of timers.
    ///
    /// Messages are due by the wall clock, as is the next step about an unknown outcome and the end of the wait for a
    /// receipt, so that those of before would wait as long again as it was set back. Deadlines stay what was promised, and
    /// leases go by another clock. A clock that was set back while no server ran is not noticed.
    ///
    /// Returns whether there is more, or what may be over now.
    mutating func sweepSetBack() throws(SQLiteError) -> Bool {
        noticeSetBack()
        guard var work = state.setBack else { return false }
        try bringTimers(&work)
        try bringLane(&work)
        state.setBack = work.isDone ? nil : work
        return true
    }

    private mutating func bringTimers(_ work: inout SetBack) throws(SQLiteError) {
        guard let last = work.timer else { return }
        let rows = try connection.all(
            WriterCore.timersLater,
            .integer(last.due),
            .blob(last.delivery),
            .integer(sliceSize),
            read: { (due: $0.integer(0), delivery: $0.blob(1)) }
        )
        for row in rows {
            try connection.run(
                "UPDATE timer SET due = due - ?1, ends = ends - ?1 WHERE due = ?2 AND delivery = ?3",
                .integer(work.by),
                .integer(row.due),
                .blob(row.delivery)
            )
        }
        work.timer = rows.count < Int(sliceSize) ? nil : rows.last
    }

    private mutating func bringLane(_ work: inout SetBack) throws(SQLiteError) {
        guard let lane = work.lanes.first else { return }
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
    }

    /// Compares the two clocks with how they stood at the last look.
    private mutating func noticeSetBack() {
        let lead = now.milliseconds - boot.milliseconds
        defer { state.clockLead = lead }
        guard let before = state.clockLead, before - lead >= WriterCore.smallestStep else { return }
        state.setBack = SetBack(
            by: before - lead,
            lanes: state.lanes.all,
            due: now.milliseconds,
            timer: (now.milliseconds, WriterState.noCursor)
        )
    }
}
