import AuthEvents
import Clocks
import Deliveries
import SQLite
import Spend
import Store

extension WriterCore {
    /// See ``DeliveryQueue/begin(_:behind:for:)``.
    mutating func begin(_ item: BeginItem, for gateways: Set<String>? = nil) throws(SQLiteError) -> BeginResult {
        let token = item.token
        guard token.epoch == epoch, try isClaim(token, at: gateways) else { return .stale }
        guard let row = try hotRow(token.delivery) else { return try beginOfEnded(token) }
        guard row.fence == token.fence else { return .stale }
        if row.state == .leased { try needDisk() }
        switch row.state {
        case .leased where row.lease <= boot: return .stale
        case .leased: return try begin(row, item.spend)
        case .sending: return row.lease > boot ? .go : .stale
        case .parked where row.reason == .overBudget: return .overBudget
        case .parked where row.reason == .paused || row.reason == .held: return .paused
        default: return .stale
        }
    }

    private mutating func begin(_ leased: HotRow, _ spend: BeginItem.Spend) throws(SQLiteError) -> BeginResult {
        guard now < leased.sendBefore else {
            try retire(leased, to: .dead, reason: .expired)
            return .expired
        }
        guard let terms = routing.terms(of: gatewayName(leased.gateway)) else { return .stale }
        let stop = try stop(of: leased)
        if stop != nil || isHeld(gateway: terms.name) {
            var row = leased
            try sendOn(&row, due: now)
            try update(row, from: .leased)
            return .paused
        }
        let outlay = leased.channel == .sms ? try outlay(of: leased.id) : nil
        let quote: AttemptQuote?
        switch spend {
        case .quote(let counted) where outlay != nil: quote = counted
        case .none where leased.channel != .sms, .quote where leased.channel != .sms: quote = nil
        case .none, .quote, .mismatch:
            try retire(leased.because(.mismatch), to: .dead, reason: .refused)
            return .mismatch
        }
        if let outlay, let quote, let budget = try obstacle(toBeginning: quote.amount, outlay) {
            try park(leased.because(budget), overBudget: outlay)
            return .overBudget
        }
        var row = leased
        row.state = .sending
        row.lease = boot + terms.sendingLease
        row.crashes = 0
        try insertAttempt(&row, outlay.flatMap { outlay in quote.map { (outlay, $0) } })
        try update(row, from: .leased)
        return .go
    }

    /// Gives the reservation back; the delivery needs a new one to leave.
    mutating func park(_ held: HotRow, overBudget outlay: Outlay) throws(SQLiteError) {
        var row = held
        (row.state, row.reason) = (.parked, .overBudget)
        row.lease = BootInstant(milliseconds: 0)
        (row.carrier, row.instance) = (nil, nil)
        try update(row, from: held.state)
        try leave(held)
        try releaseReservation(of: outlay.delivery)
    }

    /// Writes the next attempt of a row; of one that costs something the reservation becomes its commitment.
    mutating func insertAttempt(
        _ row: inout HotRow,
        _ cost: (outlay: Outlay, quote: AttemptQuote)?
    ) throws(SQLiteError) {
        row.tried += 1
        guard let attempt = row.attempt else { throw .damage("a claimed row has no attempt") }
        var period: Instant?
        if let cost { period = try commit(cost.quote, attempt: row.tried, at: row.gateway, cost.outlay) }
        try connection.run(
            """
            INSERT INTO attempt (delivery, number, id, at, gateway, fence, receipts, carrier,
                segments, amount, currency, price_version, committed, period)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?10, ?13)
            """,
            .id(row.id),
            .integer(row.tried),
            .blob(attempt.bytes),
            .integer(now.milliseconds),
            .integer(row.gateway),
            .integer(row.fence),
            .optional(routing.terms(of: gatewayName(row.gateway))?.receiptTimeout.map { _ in 1 }),
            .optional(row.carrier),
            .optional(cost?.quote.segments),
            .optional(cost?.quote.amount.micros),
            .optional(cost?.quote.amount.currency.description),
            .optional(cost?.quote.priceVersion),
            .optional(period?.milliseconds)
        )
    }

    /// The answer for what has left the hot table, by what it died of under this very claim.
    private mutating func beginOfEnded(_ token: CarrierToken) throws(SQLiteError) -> BeginResult {
        let ended = try connection.first(
            "SELECT state, reason, fence, tried FROM delivery WHERE id = ?",
            .id(token.delivery),
            read: { (state: $0.integer(0), reason: $0.integer(1), fence: $0.integer(2), tried: $0.integer(3)) }
        )
        guard let ended, ended.fence == token.fence, ended.state == DeliveryState.dead.rawValue else { return .stale }
        switch Reason(rawValue: ended.reason) {
        case .expired: return .expired
        case .cancelled, .superseded, .answered: return .cancelled
        case .refused where try attempt(of: token) == nil: return .mismatch
        default: return .stale
        }
    }

    /// See ``DeliveryQueue/refuse(_:)``.
    mutating func refuse(_ token: CarrierToken) throws(SQLiteError) {
        guard token.epoch == epoch, let row = try hotRow(token.delivery), row.fence == token.fence, row.state == .leased
        else { return }
        try retire(row.because(.unwritable), to: .dead, reason: .refused)
    }
}
