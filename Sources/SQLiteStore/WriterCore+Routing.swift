import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

/// Where a delivery goes now.
struct Placement {
    var gateway: Int64
    /// ``Reason/held`` or ``Reason/gatewayDown`` where it is parked there.
    var reason: Reason?
    var isTrial = false

    var state: DeliveryState { reason == nil ? .ready : .parked }
}

extension WriterCore {
    /// Where something on this channel goes now, or `nil` where no route takes it.
    ///
    /// Books the trial it may be.
    ///
    /// `among`: Those that have a price for the number; where the settings have none of them any more, all of the route's.
    mutating func choose(
        for channel: Channel,
        country: String?,
        among priced: Set<String>?
    ) throws(SQLiteError) -> Placement? {
        let health = state.gateways
        let ids = state.gatewayNames.ids
        let moment = now
        var route = routing.route(for: channel, country: country)
        if let priced, let whole = route {
            let affordable = whole.gateways.filter(priced.contains)
            if !affordable.isEmpty { route?.gateways = affordable }
        }
        let held = Set(route?.gateways.filter { isHeld(gateway: $0) } ?? [])
        let choice = route?.choose { name in
            if held.contains(name) { return false }
            guard let known = ids[name].flatMap({ health[$0] }), known.state == .down else { return nil }
            return known.isTrialDue(at: moment)
        }
        switch choice {
        case nil: return nil
        case .gateway(let name): return Placement(gateway: try gatewayID(name))
        case .park(let name):
            // One that only is down is tried again, so it waits for that.
            let isHeld = held.count == route?.gateways.count
            return Placement(gateway: try gatewayID(name), reason: isHeld ? .held : .gatewayDown)
        case .trial(let name):
            let id = try gatewayID(name)
            state.gateways[id]?.beginTrial(at: now)
            try saveHealth(of: id)
            return Placement(gateway: id, isTrial: true)
        }
    }

    /// Sends a row on its way again: ready at the gateway that its route names now, or parked where none is `ok`.
    ///
    /// What is held is parked where it was, so that it takes no trial from what may go. A channel that has lost its last
    /// gateway leaves the row where it was, parked.
    mutating func sendOn(_ row: inout HotRow, due: Instant) throws(SQLiteError) {
        let stop = try stop(of: row)
        let choice =
            stop != nil
            ? Placement(gateway: row.gateway, reason: stop)
            : try placement(of: row) ?? Placement(gateway: row.gateway, reason: .gatewayDown)
        row.gateway = choice.gateway
        row.state = choice.state
        row.isTrial = choice.isTrial
        row.reason = choice.reason
        row.due = due
        row.lease = BootInstant(milliseconds: 0)
        row.carrier = nil
        row.instance = nil
    }

    private mutating func placement(of row: HotRow) throws(SQLiteError) -> Placement? {
        let outlay = row.channel == .sms ? try outlay(of: row.id) : nil
        return try choose(for: row.channel, country: outlay?.country, among: outlay?.gateways)
    }

    /// Sends what was under way on its way again, unless its challenge has closed or another delivery of it has come in
    /// the meantime: then it dies of what would have ended it had it waited.
    mutating func sendAgain(_ sending: HotRow, due: Instant) throws(SQLiteError) {
        if let (reason, cause) = try obstacle(to: sending.id) {
            return try retire(cause.map(sending.because) ?? sending, to: .dead, reason: reason)
        }
        // What was committed stays so while nobody knows: another attempt needs money of its own.
        if let outlay = try outlay(of: sending.id), outlay.reserved == nil, let obstacle = try reserve(outlay) {
            return try park(sending.because(obstacle), overBudget: outlay)
        }
        var row = sending
        try sendOn(&row, due: due)
        try update(row, from: sending.state)
    }

    static let obstacles: StaticString = """
        SELECT coalesce(challenge.verified, challenge.closed) IS NOT NULL, coalesce(challenge.tries, 1) <= 0,
            delivery.challenge <> x'' AND EXISTS (
                SELECT 1 FROM delivery AS later INDEXED BY delivery_challenge
                WHERE later.challenge = delivery.challenge AND later.id > delivery.id),
            EXISTS (
                SELECT 1 FROM suppressed JOIN suppression ON suppression.id = suppressed.suppression
                WHERE suppressed.person = coalesce(delivery.person, challenge.person)
                    AND suppressed.channel = delivery.channel AND (until IS NULL OR until > ?2)),
            event.seal_key = ''
        FROM delivery JOIN event ON event.id = delivery.event LEFT JOIN challenge ON challenge.id = delivery.challenge
        WHERE delivery.id = ?1
        """

    private mutating func obstacle(
        to delivery: DeliveryID
    ) throws(SQLiteError) -> (reason: Reason, cause: DeliveryNote.Cause?)? {
        let facts = try connection.first(
            WriterCore.obstacles,
            .id(delivery),
            .integer(now.milliseconds),
            read: { row in
                (
                    isVerified: row.integer(0) != 0, isLocked: row.integer(1) != 0, isResent: row.integer(2) != 0,
                    isSuppressed: row.integer(3) != 0, isErased: row.integer(4) != 0
                )
            }
        )
        guard let facts else { return nil }
        if facts.isErased { return (.cancelled, .erased) }
        if facts.isVerified { return (.answered, nil) }
        if facts.isLocked || facts.isSuppressed { return (.cancelled, facts.isLocked ? .locked : .suppressed) }
        return facts.isResent ? (.superseded, nil) : nil
    }

    /// Books what an attempt met.
    mutating func observe(_ outcome: Outcome, code: String?, at gateway: Int64) throws(SQLiteError) {
        guard var health = state.gateways[gateway] else { return }
        let before = health
        // Where a gateway comes back the oldest go first.
        if health.observe(outcome, code: code, at: now) {
            state.parkedCursors = [:]
            state.stoppedCursors[.held] = WriterState.noCursor
        }
        guard health != before else { return }
        state.gateways[gateway] = health
        try saveHealth(of: gateway)
    }

    func saveHealthValues(_ health: GatewayHealth) -> (Value, Value, Value) {
        (
            .integer(health.unreachable), .optional(health.downSince?.milliseconds),
            .optional(health.nextTrial?.milliseconds)
        )
    }

    mutating func saveHealth(of gateway: Int64) throws(SQLiteError) {
        guard let health = state.gateways[gateway] else { return }
        let (unreachable, since, trial) = saveHealthValues(health)
        try connection.run(
            "UPDATE gateway SET unreachable = ?, down_since = ?, next_trial = ? WHERE id = ?",
            unreachable,
            since,
            trial,
            .integer(gateway)
        )
    }
}
