import AuthEvents
import Clocks
import Deliveries
import SQLite

/// A delivery that still moves, as its row in `hot` says.
struct HotRow {
    let id: DeliveryID
    let channel: Channel
    let priority: Int64
    let tenant: Int64
    let sendBefore: Instant
    var state: DeliveryState
    var reason: Reason?
    var gateway: Int64
    var due: Instant
    var fence: Int64
    var lease: BootInstant
    /// The opaque id of the attempt that a claim may lead to.
    var attempt: AttemptID?
    var carrier: String?
    var instance: String?
    /// Attempts made.
    var tried: Int64
    /// Attempts made that count against the limit.
    var counted: Int64
    /// Carriers that died while they held it, since it was last begun.
    var crashes: Int64
    /// It goes to a gateway that is down, to try it.
    var isTrial: Bool
    /// What was read; `nil` for one that is new here.
    var former: Former?
    /// The gateway where it stood when it was read or came back; `nil` where it still is.
    var stoodAt: Int64?
    /// What is behind its next change, where the change does not tell.
    var because: Because?

    var place: Lanes.Place { Lanes.Place(gateway: gateway, priority: priority) }
}

extension WriterCore {
    mutating func hotRow(_ id: DeliveryID) throws(SQLiteError) -> HotRow? {
        let row = try connection.first(
            """
            SELECT state, reason, channel, gateway, priority, tenant, due, send_before, fence, lease, attempt, carrier,
                instance, tried, counted, crashes, trial
            FROM hot WHERE id = ?
            """,
            .id(id),
            read: { row -> HotRow? in
                guard let state = DeliveryState(rawValue: row.integer(0)),
                    let channel = Channel(rawValue: row.integer(2))
                else { return nil }
                return HotRow(
                    id: id,
                    channel: channel,
                    priority: row.integer(4),
                    tenant: row.integer(5),
                    sendBefore: Instant(milliseconds: row.integer(7)),
                    state: state,
                    reason: row.optionalInteger(1).flatMap(Reason.init(rawValue:)),
                    gateway: row.integer(3),
                    due: Instant(milliseconds: row.integer(6)),
                    fence: row.integer(8),
                    lease: BootInstant(milliseconds: row.integer(9)),
                    attempt: row.optionalBlob(10).flatMap(AttemptID.init(bytes:)),
                    carrier: row.optionalText(11),
                    instance: row.optionalText(12),
                    tried: row.integer(13),
                    counted: row.integer(14),
                    crashes: row.integer(15),
                    isTrial: row.integer(16) != 0
                )
            }
        )
        switch row {
        case nil: return nil
        case .some(.some(var row)):
            row.former = HotRow.Former(row)
            row.stoodAt = row.gateway
            return row
        case .some(nil): throw .damage("a hot row has an unknown state or channel")
        }
    }

    mutating func insert(_ row: HotRow) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO hot (id, state, reason, channel, gateway, priority, tenant, due, send_before, fence, lease,
                tried, counted, crashes, trial)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .id(row.id),
            .integer(row.state.rawValue),
            .optional(row.reason?.rawValue),
            .integer(row.channel.rawValue),
            .integer(row.gateway),
            .integer(row.priority),
            .integer(row.tenant),
            .integer(row.due.milliseconds),
            .integer(row.sendBefore.milliseconds),
            .integer(row.fence),
            .integer(row.lease.milliseconds),
            .integer(row.tried),
            .integer(row.counted),
            .integer(row.crashes),
            .integer(row.isTrial ? 1 : 0)
        )
        state.counts.move(row.tenant, row.channel, from: nil, to: row.state)
        if row.state.isInHand { state.hands.add(1, of: row.tenant, at: row.place) }
        note(row)
    }

    /// Writes a row back after its state was `before`.
    mutating func update(_ row: HotRow, from before: DeliveryState) throws(SQLiteError) {
        try connection.run(
            """
            UPDATE hot SET state = ?, reason = ?, gateway = ?, due = ?, fence = ?, lease = ?, attempt = ?, carrier = ?,
                instance = ?, tried = ?, counted = ?, crashes = ?, trial = ?
            WHERE id = ?
            """,
            .integer(row.state.rawValue),
            .optional(row.reason?.rawValue),
            .integer(row.gateway),
            .integer(row.due.milliseconds),
            .integer(row.fence),
            .integer(row.lease.milliseconds),
            .optional(row.attempt?.bytes),
            .optional(row.carrier),
            .optional(row.instance),
            .integer(row.tried),
            .integer(row.counted),
            .integer(row.crashes),
            .integer(row.isTrial ? 1 : 0),
            .id(row.id)
        )
        state.counts.move(row.tenant, row.channel, from: before, to: row.state)
        if before.isInHand {
            let place = Lanes.Place(gateway: row.stoodAt ?? row.gateway, priority: row.priority)
            state.hands.add(-1, of: row.tenant, at: place)
        }
        if row.state.isInHand { state.hands.add(1, of: row.tenant, at: row.place) }
        note(row)
        try noteMove(of: row)
    }

    /// Moves a row out of `hot` into the state where it rests.
    mutating func retire(_ row: HotRow, to end: DeliveryState, reason: Reason? = nil) throws(SQLiteError) {
        try connection.run("DELETE FROM hot WHERE id = ?", .id(row.id))
        try connection.run(
            """
            UPDATE delivery SET state = ?, reason = ?, gateway = ?, fence = ?, tried = ?, counted = ?, ended = ?
            WHERE id = ?
            """,
            .integer(end.rawValue),
            .optional(reason?.rawValue),
            .integer(row.gateway),
            .integer(row.fence),
            .integer(row.tried),
            .integer(row.counted),
            .integer(now.milliseconds),
            .id(row.id)
        )
        try noteEnd(of: row, as: end, reason)
        state.counts.move(row.tenant, row.channel, from: row.state, to: end)
        if row.state.isInHand { state.hands.add(-1, of: row.tenant, at: row.place) }
        try leave(row)
        if row.channel == .sms, end == .dead { try releaseReservation(of: row.id) }
        if end == .dead { try giveBackSlots(of: row.id) }
        if end != .unknown { try eraseBrought(with: row.id) }
    }

    static let erasure: StaticString = """
        UPDATE event SET brought = NULL
        WHERE id = (SELECT event FROM delivery WHERE delivery.id = ?1) AND brought IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM delivery INDEXED BY delivery_event LEFT JOIN hot ON hot.id = delivery.id
            WHERE delivery.event = event.id AND (hot.id IS NOT NULL OR delivery.state = 5))
        """

    /// Erases what the application brought to an event once none of its deliveries can be sent any more.
    mutating func eraseBrought(with delivery: DeliveryID) throws(SQLiteError) {
        try connection.run(WriterCore.erasure, .id(delivery))
    }

    private mutating func note(_ row: HotRow) {
        guard row.state == .ready else { return }
        state.lanes.add(row.tenant, at: row.place, due: row.due.milliseconds, end: row.sendBefore.milliseconds)
        wakes.insert(gatewayName(row.gateway))
        if state.isOpen(row.tenant, at: row.place, below: Hands.few) { quietWakes.insert(gatewayName(row.gateway)) }
    }
}
