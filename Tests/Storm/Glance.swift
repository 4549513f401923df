/// What the database says is in flight, at one moment.
struct Glance: Sendable {
    /// A delivery that a carrier has claimed, or begun.
    struct Row: Sendable {
        var delivery: String
        var isClaimed: Bool
        var fence: Int64
        var attempt: String
        var gateway: Int64
        var carrier: String
        var instance: String

        /// Under which name the gateways know the attempt.
        var key: String { carrier == Cast.Channel.mail.carrier ? delivery : attempt }
    }

    private(set) var rows: [Row] = []
    /// How many one worker has begun at one gateway of which nobody knows the outcome yet, at the most.
    var mostBegun: Int {
        Dictionary(grouping: rows.filter { !$0.isClaimed }, by: { "\($0.instance) \($0.gateway)" })
            .values.map(\.count).max() ?? 0
    }
    /// What could be claimed now; what was accepted while the clock went ahead could not.
    private(set) var ready: [Cast.Channel: Int] = [:]

    /// `wall`: What the programs take for the time.
    init(_ path: String, wall: Int64) throws {
        let database = try Database(path)
        rows = try database.rows(
            "SELECT hex(id), state, fence, hex(attempt), gateway, carrier, instance FROM hot WHERE state IN (3, 4)"
        ).map { row in
            Row(
                delivery: row[0].text.lowercased(),
                isClaimed: row[1].integer == 3,
                fence: row[2].integer,
                attempt: row[3].text.lowercased(),
                gateway: row[4].integer,
                carrier: row[5].text,
                instance: row[6].text
            )
        }
        for row in try database.rows(
            "SELECT channel, count(*) FROM hot WHERE state = 1 AND due <= \(wall) GROUP BY channel"
        ) {
            ready[row[0].integer == 1 ? .mail : .sms] = Int(row[1].integer)
        }
    }
}
