import AuthEvents
import SQLite

/// Which tenants have ready rows at a gateway and priority, when the next of each is due, and when the first of them is past
/// its deadline.
///
/// Whatever takes a row out of a lane brings its due time up to date, with one look at the index where the row may have
/// been the next. With it a claim asks the index for nothing but rows it will get, and the standing tells the truth.
struct Lanes: Sendable {
    struct Place: Hashable, Sendable {
        var gateway: Int64
        var priority: Int64
    }

    /// The ready rows of one tenant at one place.
    struct Lane: Sendable, Equatable {
        /// `.max` where all of them are past their deadline.
        var nextDue: Int64
        /// No row's deadline is before this; rows that have left may have had it.
        var firstEnd: Int64
    }

    private struct Tenants: Sendable {
        var lanes: [Int64: Lane] = [:]
        /// The tenant that was served last; the round goes on after it.
        var last: Int64 = 0
    }

    private var places: [Place: Tenants] = [:]

    /// Takes note of a row that became ready.
    mutating func add(_ tenant: Int64, at place: Place, due: Int64, end: Int64) {
        var lane = places[place]?.lanes[tenant] ?? Lane(nextDue: due, firstEnd: end)
        (lane.nextDue, lane.firstEnd) = (min(lane.nextDue, due), min(lane.firstEnd, end))
        places[place, default: Tenants()].lanes[tenant] = lane
    }

    /// Sets what a lane is; `nil` when it has no rows.
    mutating func set(_ tenant: Int64, at place: Place, _ lane: Lane?) {
        places[place]?.lanes[tenant] = lane
        if places[place]?.lanes.isEmpty == true { places[place] = nil }
    }

    func lane(of tenant: Int64, at place: Place) -> Lane? { places[place]?.lanes[tenant] }

    /// Tenants with something due, beginning after the one that was served last.
    func due(at place: Place, now: Int64) -> [Int64] {
        guard let tenants = places[place] else { return [] }
        let due = tenants.lanes.filter { $0.value.nextDue <= now }.keys.sorted()
        return due.filter { $0 > tenants.last } + due.filter { $0 <= tenants.last }
    }

    mutating func served(_ tenant: Int64, at place: Place) {
        places[place]?.last = tenant
    }

    var all: [(place: Place, tenant: Int64)] {
        places.flatMap { place, tenants in tenants.lanes.keys.map { (place, $0) } }
    }

    /// When the next row at one of the gateways is due, `nil` where none waits.
    ///
    /// `isOpen`: Whether the rows of a tenant count.
    func earliest(at gateways: Set<Int64>, _ isOpen: (Int64, Place) -> Bool = { _, _ in true }) -> Int64? {
        var earliest: Int64?
        for (place, tenants) in places where gateways.contains(place.gateway) {
            for (tenant, lane) in tenants.lanes where lane.nextDue != .max && isOpen(tenant, place) {
                earliest = min(earliest ?? lane.nextDue, lane.nextDue)
            }
        }
        return earliest
    }

    /// Where a row may be past its deadline, and where none was before the clock was set back.
    func past(_ now: Int64) -> [(place: Place, tenant: Int64)] {
        var past: [(place: Place, tenant: Int64)] = []
        for (place, tenants) in places {
            for (tenant, lane) in tenants.lanes where lane.firstEnd <= now || lane.nextDue == .max {
                past.append((place, tenant))
            }
        }
        return past
    }

    static let next: StaticString = """
        SELECT gateway, priority, tenant, due FROM hot INDEXED BY hot_ready
        WHERE state = 1 AND (gateway, priority, tenant) > (?, ?, ?)
        ORDER BY gateway, priority, tenant, due, id LIMIT 1
        """

    static let firstEnd: StaticString = """
        SELECT send_before FROM hot INDEXED BY hot_live
        WHERE gateway = ? AND priority = ? AND tenant = ? AND state = 1 ORDER BY send_before, due, id LIMIT 1
        """

    /// Steps from lane to lane through the ready index, two looks each, whatever the number of rows.
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
            let place = Place(gateway: next.gateway, priority: next.priority)
            let end = try connection.firstEnd(of: next.tenant, at: place)
            add(next.tenant, at: place, due: next.due, end: end ?? .max)
        }
    }
}

extension Connection {
    /// The first deadline of the ready rows of a lane, `nil` where it has none.
    mutating func firstEnd(of tenant: Int64, at place: Lanes.Place) throws(SQLiteError) -> Int64? {
        try first(
            Lanes.firstEnd,
            .integer(place.gateway),
            .integer(place.priority),
            .integer(tenant),
            read: { $0.integer(0) }
        )
    }
}
