/// What the database says is in flight, at one moment.
struct Glance: Sendable {
    /// A delivery that a carrier has claimed, or begun.
    struct Row: Sendable {
        var delivery: String
        var isClaimed: Bool
        var fence: Int64
        var attempt: String
        var carrier: String
        var instance: String

        /// Under which name the gateways know the attempt.
        var key: String { carrier == Cast.Channel.mail.carrier ? delivery : attempt }
    }

    private(set) var rows: [Row] = []
    /// What could be claimed now; what was accepted while the clock went ahead could not.
    private(set) var ready: [Cast.Channel: Int] = [:]

    /// `wall`: What the programs take for the time.
    init(_ path: String, wall: Int64) throws {
        let database = try Database(path)
        rows = try database.rows(
            "SELECT hex(id), state, fence, hex(attempt), carrier, instance FROM hot WHERE state IN (3, 4)"
        ).map { row in
            Row(
                delivery: row[0].text.lowercased(),
                isClaimed: row[1].integer == 3,
                fence: row[2].integer,
                attempt: row[3].text.lowercased(),
                carrier: row[4].text,
                instance: row[5].text
            )
        }
        for row in try database.rows(
            "SELECT channel, count(*) FROM hot WHERE state = 1 AND due <= \(wall) GROUP BY channel"
        ) {
            ready[row[0].integer == 1 ? .mail : .sms] = Int(row[1].integer)
        }
    }
}
