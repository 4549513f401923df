import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

extension WriterCore {
    static let parkedPastDeadline: StaticString = """
        SELECT id FROM hot INDEXED BY hot_deadline WHERE state = 2 AND send_before <= ? ORDER BY send_before, id LIMIT ?
        """

    static let readyPastDeadline: StaticString = """
        SELECT id FROM hot INDEXED BY hot_live
        WHERE gateway = ? AND priority = ? AND tenant = ? AND state = 1 AND send_before <= ?
        ORDER BY send_before, due, id LIMIT ?
        """

    /// Buries one slice of what waits and is past its deadline.
    mutating func sweepDeadlines() throws(SQLiteError) -> Bool {
        var slice = Slice()
        try bury(
            slice: &slice,
            of: try connection.all(
                WriterCore.parkedPastDeadline,
                .integer(now.milliseconds),
                .integer(slice.room),
                read: { DeliveryID(bytes: $0.blob(0)) }
            )
        )
        for (place, tenant) in state.lanes.past(now.milliseconds) {
            guard !slice.isFull else { return true }
            try bury(
                slice: &slice,
                of: try connection.all(
                    WriterCore.readyPastDeadline,
                    .integer(place.gateway),
                    .integer(place.priority),
                    .integer(tenant),
                    .integer(now.milliseconds),
                    .integer(slice.room),
                    read: { DeliveryID(bytes: $0.blob(0)) }
                )
            )
            try refreshLane(of: tenant, at: place, isSwept: true)
        }
        return slice.isFull
    }

    private mutating func bury(slice: inout Slice, of ids: [DeliveryID?]) throws(SQLiteError) {
        for id in ids {
            guard !slice.isFull else { return }
            slice.take()
            guard let id, let row = try hotRow(id) else { continue }
            try retire(row, to: .dead, reason: row.state == .parked ? row.reason?.atDeadline : .expired)
        }
    }
}

/// What one step of housekeeping may take of the writer, so that whoever waits for it waits a few milliseconds.
struct Slice: ~Copyable {
    /// However fast the machine is or slow: looked at after each row.
    private static let longest: Duration = .milliseconds(8)

    private let end = ContinuousClock.now + Slice.longest
    private(set) var room = sliceSize

    mutating func take(_ rows: Int64 = 1) { room -= rows }

    /// A slice takes one row at the least: it must come to an end some day.
    var isFull: Bool { room <= 0 || room < sliceSize && ContinuousClock.now >= end }
}
