import AuthEvents
import SQLite

/// Which tenants have ready rows at a gateway and priority, and when the next of each is due.
///
/// Whatever takes a row out of a lane brings its due time up to date, with one look at the index where the row may have
/// been the next. With it a claim asks the index for nothing but rows it will get, and the standing tells the truth.
struct Lanes: Sendable {
    struct Place: Hashable, Sendable {
        var gateway: Int64
        var priority: Int64
    }

    private struct Tenants: Sendable {
        var nextDue: [Int64: Int64] = [:]
        /// The tenant that was served last; the round goes on after it.
        var last: Int64 = 0
    }

    private var places: [Place: Tenants] = [:]

    /// Takes note of a row that became ready.
    mutating func add(_ tenant: Int64, at place: Place, due: Int64) {
        places[place, default: Tenants()].nextDue[tenant, default: .max] = min(
            due,
            places[place]?.nextDue[tenant] ?? .max
        )
    }

    /// Sets when the next row of a lane is due; `nil` when it has none.
    mutating func set(_ tenant: Int64, at place: Place, nextDue: Int64?) {
        places[place]?.nextDue[tenant] = nextDue
        if places[place]?.nextDue.isEmpty == true { places[place] = nil }
    }

    func nextDue(of tenant: Int64, at place: Place) -> Int64? { places[place]?.nextDue[tenant] }

    /// Tenants with something due, beginning after the one that was served last.
    func due(at place: Place, now: Int64) -> [Int64] {
        guard let tenants = places[place] else { return [] }
        let due = tenants.nextDue.filter { $0.value <= now }.keys.sorted()
        return due.filter { $0 > tenants.last } + due.filter { $0 <= tenants.last }
    }

    mutating func served(_ tenant: Int64, at place: Place) {
        places[place]?.last = tenant
    }

    /// When the next row at one of the gateways is due, `nil` where none waits.
    func earliest(at gateways: Set<Int64>) -> Int64? {
        var earliest: Int64?
        for (place, tenants) in places where gateways.contains(place.gateway) {
            for due in tenants.nextDue.values { earliest = min(earliest ?? due, due) }
        }
        return earliest
    }

    static let next: StaticString = """
        SELECT gateway, priority, tenant, due FROM hot INDEXED BY hot_ready
        WHERE state = 1 AND (gateway, priority, tenant) > (?, ?, ?)
        ORDER BY gateway, priority, tenant, due, id LIMIT 1
        """

    /// Steps from lane to lane through the ready index, one look each, whatever the number of rows.
    mutating func load(from connection: inout Connection) throws(SQLiteError) {
        places = [:]
        var from: (gateway: Int64, priority: Int64, tenant: Int64) = (.min, .min, .min)
        while let next = try connection.first(
            Lanes.next,
            .integer(from.gateway),
            .integer(from.priority),
            .integer(from.tenant),
            read: { (gateway: $0.integer(0), priority: $0.integer(1), tenant: $0.integer(2), due: $0.integer(3)) }
        ) {
            from = (next.gateway, next.priority, next.tenant)
            add(next.tenant, at: Place(gateway: next.gateway, priority: next.priority), due: next.due)
        }
    }
}
