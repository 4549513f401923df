import AuthEvents
import Clocks
import Deliveries
import SQLite
import Spend

/// What the writer keeps in memory about the file; a value, so that a batch decides on a copy.
struct WriterState: Sendable {
    /// The last fence that was given out.
    var fence: Int64
    /// The fence up to which the file has reserved numbers.
    var fenceCeiling: Int64
    /// Counts commits; see ``LifeFile``.
    var sequence: Int64
    var tenants: Names
    var gateways: [Int64: GatewayHealth]
    var gatewayNames: Names
    var lanes = Lanes()
    var hands = Hands()
    /// How many questions wait for a carrier at each gateway.
    var questions: [Int64: Int64] = [:]
    /// How many of the unknown are asked about.
    var asked = Asked()
    /// Small claims that found questions, so that one of four gets one.
    var questionTurns: Int64 = 0
    var counts = Counts()
    /// The end of this life's chain.
    var ledger = LedgerHead.none
    /// What the requests of the batch that runs have done.
    var tally = BatchTally()
    /// What this batch has booked and not written yet.
    var bookings: [SpendPlace: BudgetUse] = [:]
    /// What is used of budgets, as far as it was asked for.
    var budgetUses: [BudgetPlace: BudgetUse] = [:]
    /// The last delivery parked over a budget that was looked at.
    var overBudgetCursor = noCursor
    /// At each gateway, the last SMS parked for want of it that was looked at, where there are more.
    var parkedCursors: [Int64: [UInt8]] = [:]
    /// Those that have not ended, oldest first.
    var holds: [Hold] = []
    /// The last row that was looked at for what holds begin to cover, and of those parked for what they cease to; `nil`
    /// where nothing has changed since all were.
    var stopCursor: [UInt8]?
    var stoppedCursors: [Reason: [UInt8]] = [:]
    /// Channels from which nothing is handed out, and since when.
    var pauses: [Channel: Instant] = [:]
    /// The last bucket that was looked at, and when its slice was.
    var bucketCursor: [UInt8] = []
    var forgotAt = Instant(milliseconds: 0)
    /// Whether there has been any suppression.
    var hasSuppressions = false
    /// Refused events that are kept.
    var refusals: Int64 = 0
    var retention = RetentionRound()
    /// The part of the sweep that comes first the next time.
    var sweepTurn = 0
    /// Before every id.
    static let noCursor = [UInt8](repeating: 0, count: 16)
    /// By how many milliseconds the wall clock was ahead of the boot's at the last look.
    var clockLead: Int64?
    var setBack: SetBack?
    var instances = Instances()
    /// When carriers of each channel died of late.
    var deaths: [Channel: Deaths] = [:]
    /// Claimed alone because two carriers died with them, and not begun as far as is known.
    var suspects: Set<DeliveryID> = []
    /// Processes that must have begun all that they hold before they claim one more of these.
    var emptying: [String: Lonely] = [:]
}

/// Names and the small numbers that rows have in their place.
struct Names: Sendable {
    private(set) var ids: [String: Int64] = [:]
    private(set) var names: [Int64: String] = [:]

    mutating func add(_ name: String, id: Int64) {
        ids[name] = id
        names[id] = name
    }
}

extension WriterState {
    /// Fences that are reserved at once: after a crash the rest of a block is skipped, so that none is given out twice.
    static let fenceBlock: Int64 = 1 << 20

    /// Reads everything from the file.
    ///
    /// The fence starts at the end of what was reserved.
    static func load(from connection: inout Connection, writer: String) throws(SQLiteError) -> WriterState {
        let ceiling = try connection.meta("fence") ?? 0
        var state = WriterState(
            fence: ceiling,
            fenceCeiling: ceiling,
            sequence: try connection.meta("sequence") ?? 0,
            tenants: Names(),
            gateways: [:],
            gatewayNames: Names()
        )
        try connection.forEach("SELECT id, name FROM tenant", []) { row in
            state.tenants.add(row.text(1), id: row.integer(0))
            return true
        }
        let columns: StaticString = "SELECT id, name, unreachable, down_since, next_trial FROM gateway"
        try connection.forEach(columns, []) { row in
            state.gatewayNames.add(row.text(1), id: row.integer(0))
            state.gateways[row.integer(0)] = GatewayHealth(
                unreachable: row.integer(2),
                downSince: row.optionalInteger(3).map(Instant.init),
                nextTrial: row.optionalInteger(4).map(Instant.init)
            )
            return true
        }
        state.counts = try Counts.load(from: &connection)
        try state.loadQuestions(from: &connection)
        try state.lanes.load(from: &connection)
        state.hands = try Hands.load(from: &connection)
        state.ledger = try connection.ledgerHead(of: writer)
        state.suspects = try connection.heldSuspects()
        state.deaths = try connection.deaths()
        state.refusals = try connection.countOfRefusals()
        state.holds = try connection.holds()
        state.hasSuppressions = try connection.first("SELECT 1 FROM suppression LIMIT 1", read: { _ in true }) ?? false
        state.pauses = try connection.pauses()
        // A hold may have begun or ended just before the end.
        state.stopCursor = state.holds.isEmpty && state.pauses.isEmpty ? nil : noCursor
        state.stoppedCursors = [.held: noCursor, .paused: noCursor]
        return state
    }
}

extension Connection {
    mutating func meta(_ name: String) throws(SQLiteError) -> Int64? {
        try first("SELECT value FROM meta WHERE name = ?", .text(name)) { $0.integer(0) }
    }

    mutating func setMeta(_ name: String, _ value: Value) throws(SQLiteError) {
        try run("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", .text(name), value)
    }
}
