import Deliveries
import SQLite

/// How many deliveries of each tenant and priority carriers have in hand at each gateway, claimed or begun.
struct Hands: Sendable, Equatable {
    private struct Lane: Sendable, Hashable {
        var place: Lanes.Place
        var tenant: Int64
    }

    /// Work that comes where so many are in hand is no news to a claim for who has few, if that had looked and did not wait
    /// yet: it would look again after nearly each commit of a large load, and find nothing.
    static let few = 8

    private var counts: [Lane: Int] = [:]

    func count(of tenant: Int64, at place: Lanes.Place) -> Int {
        counts[Lane(place: place, tenant: tenant), default: 0]
    }

    mutating func add(_ number: Int, of tenant: Int64, at place: Lanes.Place) {
        let lane = Lane(place: place, tenant: tenant)
        let count = counts[lane, default: 0] + number
        counts[lane] = count == 0 ? nil : count
    }

    static let all: StaticString = """
        SELECT gateway, priority, tenant, count(*) FROM hot INDEXED BY hot_lease WHERE state IN (3, 4) GROUP BY 1, 2, 3
        """

    static func load(from connection: inout Connection) throws(SQLiteError) -> Hands {
        var hands = Hands()
        try connection.forEach(all, []) { row in
            let place = Lanes.Place(gateway: row.integer(0), priority: row.integer(1))
            hands.add(Int(row.integer(3)), of: row.integer(2), at: place)
            return true
        }
        return hands
    }
}

extension DeliveryState {
    /// Whether a carrier has it.
    var isInHand: Bool { self == .leased || self == .sending }
}

extension WriterState {
    /// Whether a claim may have what a tenant has ready at a place.
    func isOpen(_ tenant: Int64, at place: Lanes.Place, below limit: Int?) -> Bool {
        limit.map { hands.count(of: tenant, at: place) < $0 } ?? true
    }

    /// Tenants with something due there that a claim may have, beginning after the one that was served last.
    func due(at place: Lanes.Place, now: Int64, below limit: Int?) -> [Int64] {
        let tenants = lanes.due(at: place, now: now)
        return limit == nil ? tenants : tenants.filter { isOpen($0, at: place, below: limit) }
    }

    /// When the next row that a claim may have is due.
    func earliest(at gateways: Set<Int64>, below limit: Int?) -> Int64? {
        lanes.earliest(at: gateways) { tenant, place in isOpen(tenant, at: place, below: limit) }
    }
}
