import AuthEvents
import Clocks
import Deliveries
import SQLite
import Spend
import Store

/// What the writer's thread owns: the one connection that writes, and the state that goes with it.
struct WriterCore: ~Copyable {
    var connection: Connection
    var state: WriterState
    var recent: RecentRows
    let epoch: [UInt8]
    let routing: RoutingTable
    let budgets: [Budget]
    let policy: @Sendable (Channel, Purpose) -> SendingPolicy
    /// Reads the number that an event's delivery goes to, or its previous one; for prefixes that are held.
    let numbers: @Sendable (EventID, SealedBytes, Bool) -> String?
    let time: any TimeSource
    let stories: StoryBounds
    var generator: any RandomNumberGenerator & Sendable
    /// The gateways at which rows became ready in this batch.
    var wakes: Set<String> = []
    /// Those of them at which few of such rows are in hand.
    var quietWakes: Set<String> = []
    /// Where claims wait for them.
    var board: WorkBoard?
    var now = Instant(milliseconds: 0)
    var boot = BootInstant(milliseconds: 0)
    /// The hold that was found last, for the note of what it stops.
    var latestStop: (delivery: DeliveryID, hold: Hold)?

    /// Runs one request of a batch.
    ///
    /// One that fails voids the batch, which then runs again with each request in a savepoint: where one fails then, the
    /// rest goes on as if it had not been there. Failures are rare, and savepoints copy every page that is written.
    mutating func attempt<Result>(
        _ work: (inout WriterCore) throws(SQLiteError) -> Result
    ) -> Swift.Result<Result, StoreError> {
        now = time.now()
        boot = time.boot()
        guard isCareful else {
            do {
                return .success(try work(&self))
            } catch {
                note(error)
                mustBeCareful = true
                return .failure(StoreError(error))
            }
        }
        let before = state
        let mark = recent.mark
        do {
            try connection.run("SAVEPOINT request")
            let result = try work(&self)
            try connection.run("RELEASE request")
            return .success(result)
        } catch {
            state = before
            recent.rollBack(to: mark)
            note(error)
            if connection.isInTransaction {
                do {
                    try connection.run("ROLLBACK TO request")
                    try connection.run("RELEASE request")
                } catch {
                    // Without the savepoint the whole batch is void: the caller sees that the transaction is broken.
                    isBroken = true
                }
            }
            return .failure(StoreError(error))
        }
    }

    private mutating func note(_ error: SQLiteError) {
        if error.isDiskFull, shortage == nil { metFullDisk = true }
        if error.isDamage { metDamage = error }
    }

    /// Whether each request has a savepoint of its own, and whether the next try of the batch must be so.
    var isCareful = false
    var mustBeCareful = false
    /// Set when a batch can no longer be committed.
    var isBroken = false
    /// Set when a request of the batch found the disk full.
    var metFullDisk = false
    /// Set when a request of the batch met a page that cannot be what this program wrote.
    var metDamage: SQLiteError?
    /// Set when a batch failed: the state may say what the file does not.
    var mustReload = false
    /// Why nothing new is taken on, if anything is.
    var shortage: Shortage?

    mutating func nextFence() throws(SQLiteError) -> Int64 {
        if state.fence >= state.fenceCeiling {
            state.fenceCeiling = state.fence + WriterState.fenceBlock
            try connection.setMeta("fence", .integer(state.fenceCeiling))
        }
        state.fence += 1
        return state.fence
    }

    mutating func tenantID(_ tenant: TenantName) throws(SQLiteError) -> Int64 {
        if let id = state.tenants.ids[tenant.description] { return id }
        try connection.run("INSERT INTO tenant (name) VALUES (?)", .text(tenant.description))
        let id = connection.lastInsertedRow
        state.tenants.add(tenant.description, id: id)
        return id
    }

    func tenantName(_ id: Int64) throws(SQLiteError) -> TenantName {
        guard let name = state.tenants.names[id].flatMap(TenantName.init) else {
            throw SQLiteError.damage("a row names tenant \(id), which is not in the table")
        }
        return name
    }

    mutating func gatewayID(_ name: String) throws(SQLiteError) -> Int64 {
        if let id = state.gatewayNames.ids[name] { return id }
        try connection.run("INSERT INTO gateway (name) VALUES (?)", .text(name))
        let id = connection.lastInsertedRow
        state.gatewayNames.add(name, id: id)
        state.gateways[id] = GatewayHealth()
        return id
    }

    func gatewayName(_ id: Int64) -> String { state.gatewayNames.names[id] ?? "gateway-\(id)" }
}

extension SQLiteError {
    static func damage(_ reason: String) -> SQLiteError { SQLiteError(code: 11, message: reason) }
}

extension StoreError {
    init(_ error: SQLiteError) {
        self =
            error.isDamage
            ? .damaged(reason: error.description)
            : .unavailable(reason: error.reason)
    }
}
