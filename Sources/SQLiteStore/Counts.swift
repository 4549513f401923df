import AuthEvents
import Deliveries
import SQLite

/// How many deliveries stand in each state, by tenant and channel.
///
/// The table `standing` has what is committed; a batch adds up its changes here, so that a request that is taken back costs
/// a small copy, and writes each sum that has changed once.
struct Counts: Sendable {
    private struct Place: Sendable, Hashable {
        var tenant: Int64
        var channel: Channel
        var state: DeliveryState
    }

    private var committed: [Place: Int64] = [:]
    private var changes: [Place: Int64] = [:]

    /// Counts one delivery out of a state and into another; `nil` for one that begins or is removed.
    mutating func move(_ tenant: Int64, _ channel: Channel, from: DeliveryState?, to: DeliveryState?) {
        guard from != to else { return }
        if let from { changes[Place(tenant: tenant, channel: channel, state: from), default: 0] -= 1 }
        if let to { changes[Place(tenant: tenant, channel: channel, state: to), default: 0] += 1 }
    }

    /// Of one tenant, or of all together.
    func sums(of tenant: Int64?) -> [Channel: [DeliveryState: Int64]] {
        var sums: [Channel: [DeliveryState: Int64]] = [:]
        for (place, number) in all where tenant == nil || place.tenant == tenant {
            sums[place.channel, default: [:]][place.state, default: 0] += number
        }
        return sums
    }

    private var all: [Place: Int64] {
        committed.merging(changes, uniquingKeysWith: +).filter { $0.value != 0 }
    }
}

extension Counts: Equatable {
    static func == (left: Counts, right: Counts) -> Bool { left.all == right.all }
}

extension Counts {
    static func load(from connection: inout Connection) throws(SQLiteError) -> Counts {
        try read("SELECT tenant, channel, state, number FROM standing", from: &connection)
    }

    /// `sums`: Rows of tenant, channel, state and number.
    static func read(_ sums: StaticString, from connection: inout Connection) throws(SQLiteError) -> Counts {
        var counts = Counts()
        try connection.forEach(sums, []) { row in
            if let channel = Channel(rawValue: row.integer(1)), let state = DeliveryState(rawValue: row.integer(2)) {
                counts.committed[Place(tenant: row.integer(0), channel: channel, state: state)] = row.integer(3)
            }
            return true
        }
        return counts
    }

    /// Writes what has changed since it was written last.
    mutating func save(to connection: inout Connection) throws(SQLiteError) {
        for (place, change) in changes where change != 0 {
            let number = committed[place, default: 0] + change
            committed[place] = number
            try connection.run(
                """
                INSERT INTO standing (tenant, channel, state, number) VALUES (?, ?, ?, ?)
                ON CONFLICT (tenant, channel, state) DO UPDATE SET number = excluded.number
                """,
                .integer(place.tenant),
                .integer(place.channel.rawValue),
                .integer(place.state.rawValue),
                .integer(number)
            )
        }
        changes = [:]
    }
}
