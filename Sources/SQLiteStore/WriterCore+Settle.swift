import AuthEvents
import Clocks
import Deliveries
import SQLite
import Spend
import Store

extension WriterCore {
    /// See ``DeliveryQueue/settle(_:for:)``.
    mutating func settle(
        _ outcomes: [Settlement],
        for gateways: Set<String>?
    ) throws(SQLiteError) -> [SettleResult] {
        var results: [SettleResult] = []
        for outcome in outcomes { results.append(try settle(outcome, for: gateways)) }
        return results
    }

    mutating func settle(
        _ settlement: Settlement,
        for gateways: Set<String>? = nil
    ) throws(SQLiteError) -> SettleResult {
        let token = settlement.token
        guard token.epoch == epoch, try isClaim(token, at: gateways) else { return .stale }
        if let row = try hotRow(token.delivery), row.fence == token.fence {
            switch row.state {
            case .sending: return try settle(row, settlement)
            case .leased: return try settleUnbegun(row, settlement)
            // The same release again, before anybody else has claimed it.
            case .ready, .parked:
                return try attempt(of: token) == nil && settlement.outcome == .released
                    ? .applied : try settleLate(settlement)
            default: return .stale
            }
        }
        if let question = try question(of: token) { return try settle(settlement, of: question) }
        return try settleLate(settlement)
    }

    private mutating func settle(_ sending: HotRow, _ settlement: Settlement) throws(SQLiteError) -> SettleResult {
        try recordFirst(settlement, of: sending)
        try apply(settlement, to: sending)
        return .applied
    }

    /// A release costs nothing.
    ///
    /// Any other outcome of what was never begun was an attempt all the same: it is booked.
    private mutating func settleUnbegun(
        _ leased: HotRow,
        _ settlement: Settlement
    ) throws(SQLiteError) -> SettleResult {
        var row = leased
        guard settlement.outcome == .released else {
            let cost = try outlay(of: row.id).map { ($0, settlement.token.quote?.quote ?? $0.quote) }
            try insertAttempt(&row, cost)
            try recordFirst(settlement, of: row)
            try apply(settlement, to: row)
            return .applied
        }
        try sendOn(&row, due: now + (settlement.retryAfter ?? .zero))
        try update(row, from: .leased)
        return .applied
    }

    /// Brings a row to where its outcome leads.
    mutating func apply(_ settlement: Settlement, to held: HotRow) throws(SQLiteError) {
        var row = held
        if settlement.outcome.counts(code: settlement.code) { row.counted += 1 }
        try observe(settlement.outcome, code: settlement.code, at: row.gateway)
        if row.channel == .sms {
            if settlement.outcome.isSurelyUnsent { try uncommit(row.tried, of: row.id) }
            if let bill = settlement.price { try price(bill, attempt: row.tried, of: row.id) }
        }
        let origin = try origin(of: row.id)
        let situation = AttemptSituation(
            outcome: settlement.outcome,
            code: settlement.code,
            retryAfter: settlement.retryAfter,
            counted: row.counted,
            failures: row.tried,
            sendBefore: row.sendBefore,
            now: now
        )
        switch policy(row.channel, origin.purpose).sequel(to: situation, using: &generator) {
        case .accepted:
            tally(row, createdAt: origin.created)
            try retire(row, to: .accepted)
            try awaitReceipt(of: row.id, from: row.gateway)
        case .dead(let reason): try retire(row, to: .dead, reason: reason)
        case .unknown: try becomeUnknown(row)
        case .again(let due): try sendAgain(row, due: due)
        }
    }

    /// An outcome that comes after its lease: it still decides while nothing else has.
    mutating func settleLate(_ settlement: Settlement) throws(SQLiteError) -> SettleResult {
        let token = settlement.token
        guard let attempt = try attempt(of: token) else { return .stale }
        let receipts = try receipts(of: token.delivery, attempt: attempt.number)
        if let bill = settlement.price, receipts.allSatisfy({ $0.price == nil }) {
            try price(bill, attempt: attempt.number, of: token.delivery)
        }
        if attempt.outcome == settlement.outcome, attempt.isSettled { return attempt.isApplied ? .applied : .recorded }
        guard receipts.isEmpty else {
            try supplement(settlement, attempt.number)
            return .recorded
        }
        guard try unknownDelivery(token.delivery) == attempt.number else {
            // What the carrier said first stands; what only said that nobody knows gives way to whoever knows.
            let isKnown = attempt.isSettled && attempt.outcome != .unknown
            if !isKnown {
                try record(settlement, number: attempt.number, isApplied: false)
                if settlement.outcome.isSurelyUnsent {
                    try uncommit(attempt.number, of: token.delivery, isLate: true)
                    try giveBackSlots(of: token.delivery)
                }
            }
            return .recorded
        }
        // It would only repeat what is assumed already.
        if settlement.outcome == .unknown {
            try record(settlement, number: attempt.number, isApplied: true)
            return .applied
        }
        try record(settlement, number: attempt.number, isApplied: true)
        var row = try revive(token.delivery, fence: token.fence)
        // The attempt was counted when it became unknown.
        row.counted -= 1
        try apply(settlement, to: row)
        return .applied
    }

    mutating func record(
        _ settlement: Settlement,
        number: Int64,
        isApplied: Bool
    ) throws(SQLiteError) {
        try tally(settlement, number: number)
        try write(settlement, number: number, isApplied: isApplied)
    }

    /// Records the first outcome of a row's newest attempt.
    private mutating func recordFirst(_ settlement: Settlement, of row: HotRow) throws(SQLiteError) {
        tally(settlement.outcome, at: row.gateway)
        try write(settlement, number: row.tried, isApplied: true)
    }

    private mutating func write(
        _ settlement: Settlement,
        number: Int64,
        isApplied: Bool
    ) throws(SQLiteError) {
        try connection.run(
            """
            UPDATE attempt SET outcome = ?, applied = ?, code = ?, detail = ?, reference = ?, settled = ?
            WHERE delivery = ? AND number = ?
            """,
            .integer(settlement.outcome.rawValue),
            .integer(isApplied ? 2 : 1),
            .optional(settlement.code),
            .optional(settlement.detail),
            .optional(settlement.gatewayReference),
            .integer(now.milliseconds),
            .id(settlement.token.delivery),
            .integer(number)
        )
    }

    mutating func attempt(
        of token: CarrierToken
    ) throws(SQLiteError) -> (number: Int64, outcome: Outcome?, isSettled: Bool, isApplied: Bool)? {
        try connection.first(
            "SELECT number, outcome, applied FROM attempt WHERE delivery = ? AND fence = ?",
            .id(token.delivery),
            .integer(token.fence),
            read: {
                (
                    number: $0.integer(0), outcome: $0.optionalInteger(1).flatMap(Outcome.init(rawValue:)),
                    isSettled: $0.integer(2) > 0, isApplied: $0.integer(2) == 2
                )
            }
        )
    }

    /// The number of the newest attempt of a delivery that is unknown, `nil` where it is not.
    mutating func unknownDelivery(_ id: DeliveryID) throws(SQLiteError) -> Int64? {
        try connection.first(
            "SELECT tried FROM delivery WHERE id = ? AND state = 5",
            .id(id),
            read: { $0.integer(0) }
        )
    }

    mutating func purpose(of id: DeliveryID) throws(SQLiteError) -> Purpose { try origin(of: id).purpose }

    /// The purpose it is sent for, where what goes to a previous address is a notice; and when it was made.
    private mutating func origin(of id: DeliveryID) throws(SQLiteError) -> (purpose: Purpose, created: Instant) {
        let origin = try connection.first(
            "SELECT purpose, previous, created FROM delivery WHERE id = ?",
            .id(id),
            read: {
                (
                    purpose: $0.integer(1) != 0 ? .notice : Purpose(rawValue: $0.integer(0)),
                    created: Instant(milliseconds: $0.integer(2))
                )
            }
        )
        guard let origin, let purpose = origin.purpose else { throw .damage("a hot row has no delivery") }
        return (purpose, origin.created)
    }

    /// Takes a delivery whose outcome was unknown back into the hot table, as its attempt left it.
    mutating func revive(_ id: DeliveryID, fence: Int64) throws(SQLiteError) -> HotRow {
        let row = try connection.first(
            """
            SELECT purpose, channel, gateway, tenant, send_before, tried, counted, previous FROM delivery WHERE id = ?
            """,
            .id(id),
            read: { row -> HotRow? in
                guard let purpose = Purpose(rawValue: row.integer(0)), let channel = Channel(rawValue: row.integer(1))
                else { return nil }
                return HotRow(
                    id: id,
                    channel: channel,
                    priority: (row.integer(7) != 0 ? .notice : purpose).priority,
                    tenant: row.integer(3),
                    sendBefore: Instant(milliseconds: row.integer(4)),
                    state: .sending,
                    reason: nil,
                    gateway: row.integer(2),
                    due: now,
                    fence: fence,
                    lease: BootInstant(milliseconds: 0),
                    tried: row.integer(5),
                    counted: row.integer(6),
                    crashes: 0,
                    isTrial: false
                )
            }
        )
        guard var row = row?.flatMap(\.self) else { throw .damage("an unknown delivery has no row") }
        row.stoodAt = row.gateway
        try endCourse(of: id)
        try connection.run(
            "UPDATE delivery SET state = ? WHERE id = ?",
            .integer(DeliveryState.ready.rawValue),
            .id(id)
        )
        state.counts.move(row.tenant, row.channel, from: .unknown, to: nil)
        try insert(row)
        return row
    }
}
