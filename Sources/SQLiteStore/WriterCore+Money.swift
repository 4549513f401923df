import AuthEvents
import Clocks
import Deliveries
import SQLite
import Spend
import Store

// Every change of money goes through here: the ledger's entry, the sums that budgets are judged by, and the outlay's or
// attempt's own figure change together.
extension WriterCore {
    /// Opens the reservation of what an SMS was accepted with, or says which budget has no room for it.
    mutating func reserve(_ outlay: Outlay) throws(SQLiteError) -> Obstacle? {
        if let refusal = try budgetRefusal(of: outlay.demand) { return refusal }
        var outlay = outlay
        outlay.reserved = outlay.amount
        outlay.period = now
        try save(outlay)
        try accountForReservation(outlay)
        return nil
    }

    /// Books a reservation that an outlay was written with.
    mutating func accountForReservation(_ outlay: Outlay) throws(SQLiteError) {
        try account(.reserved, outlay, amount: outlay.amount, gateway: outlay.gateway)
        book(BudgetUse(reserved: outlay.amount.micros), outlay, outlay.amount.currency)
    }

    /// Moves the reservation to an attempt that is about to be written, at the attempt's own price.
    ///
    /// Returns the period to which it belongs.
    mutating func commit(
        _ quote: AttemptQuote,
        attempt: Int64,
        at gateway: Int64,
        _ reserving: Outlay
    ) throws(SQLiteError) -> Instant {
        var outlay = reserving
        let amount = quote.amount
        let name = gatewayName(gateway)
        if outlay.reserved?.currency != amount.currency {
            try releaseReservation(outlay)
            (outlay.reserved, outlay.period) = (nil, now)
        }
        if outlay.reserved != amount {
            try account(outlay.reserved == nil ? .reserved : .adjusted, outlay, quote: quote, gateway: name)
            let change = amount.micros - (outlay.reserved?.micros ?? 0)
            book(BudgetUse(reserved: change), outlay, amount.currency)
        }
        try account(.committed, outlay, quote: quote, attempt: attempt, gateway: name)
        book(BudgetUse(reserved: -amount.micros, committed: amount.micros), outlay, amount.currency)
        outlay.reserved = nil
        try save(outlay)
        return outlay.period
    }

    /// Turns the commitment of an attempt that surely was not sent back into a reservation.
    ///
    /// Late, or where the delivery has a reservation of its own by now, nothing needs it any more: it is released.
    mutating func uncommit(_ attempt: Int64, of delivery: DeliveryID, isLate: Bool = false) throws(SQLiteError) {
        guard let commitment = try commitment(of: attempt, delivery), let held = commitment.held,
            var outlay = try outlay(of: delivery)
        else { return }
        try connection.run(
            "UPDATE attempt SET committed = NULL WHERE delivery = ? AND number = ?",
            .id(delivery),
            .integer(attempt)
        )
        let (reserved, period) = (outlay.reserved, outlay.period)
        outlay.period = commitment.period
        try account(.released, outlay, commitment, amount: held, attempt: attempt)
        let use = BudgetUse(reserved: held.micros, committed: -held.micros, over: commitment.excessOnceReleased)
        book(use, outlay, held.currency)
        guard isLate || reserved != nil else {
            outlay.reserved = held
            return try save(outlay)
        }
        book(BudgetUse(reserved: -held.micros), outlay, held.currency)
        outlay.period = period
        if let reserved {
            try account(.adjusted, outlay, amount: reserved, gateway: outlay.gateway)
        } else {
            try account(.released, outlay, amount: held, gateway: nil)
        }
    }

    /// Closes what is reserved for a delivery, if anything is.
    mutating func releaseReservation(of delivery: DeliveryID) throws(SQLiteError) {
        guard let outlay = try outlay(of: delivery) else { return }
        try releaseReservation(outlay)
    }

    private mutating func releaseReservation(_ outlay: Outlay) throws(SQLiteError) {
        guard let reserved = outlay.reserved else { return }
        try account(.released, outlay, amount: reserved, gateway: nil)
        book(BudgetUse(reserved: -reserved.micros), outlay, reserved.currency)
        var closed = outlay
        closed.reserved = nil
        try save(closed)
    }

    /// Books what a gateway bills for an attempt, in full; a later bill takes the place of an earlier one.
    mutating func price(_ bill: Money, attempt: Int64, of delivery: DeliveryID) throws(SQLiteError) {
        guard let commitment = try commitment(of: attempt, delivery), var outlay = try outlay(of: delivery),
            commitment.bill != bill
        else { return }
        try connection.run(
            "UPDATE attempt SET price = ?, price_currency = ? WHERE delivery = ? AND number = ?",
            .integer(bill.micros),
            .text(bill.currency.description),
            .id(delivery),
            .integer(attempt)
        )
        outlay.period = commitment.period
        try account(.priced, outlay, commitment, amount: bill, attempt: attempt)
        let change = commitment.excess(of: bill) - (commitment.bill.map(commitment.excess) ?? 0)
        if change != 0 { book(BudgetUse(over: change), outlay, commitment.amount.currency) }
    }

    private mutating func account(
        _ kind: LedgerKind,
        _ outlay: Outlay,
        _ commitment: Commitment,
        amount: Money,
        attempt: Int64
    ) throws(SQLiteError) {
        try account(
            kind,
            outlay,
            amount: amount,
            segments: commitment.segments,
            version: commitment.priceVersion,
            attempt: attempt,
            gateway: commitment.gateway
        )
    }

    /// What was committed to an attempt, `nil` where nothing ever was.
    private mutating func commitment(of attempt: Int64, _ delivery: DeliveryID) throws(SQLiteError) -> Commitment? {
        let names = state.gatewayNames.names
        return try connection.first(
            """
            SELECT amount, currency, committed, segments, price_version, period, gateway, price, price_currency
            FROM attempt WHERE delivery = ? AND number = ? AND amount IS NOT NULL
            """,
            .id(delivery),
            .integer(attempt),
            read: { row -> Commitment? in
                Money(row, from: 0).map { amount in
                    Commitment(
                        amount: amount,
                        isHeld: row.optionalInteger(2) != nil,
                        segments: row.integer(3),
                        priceVersion: row.text(4),
                        period: Instant(milliseconds: row.integer(5)),
                        gateway: names[row.integer(6)] ?? "",
                        bill: Money(row, from: 7)
                    )
                }
            }
        )?.flatMap(\.self)
    }

    private mutating func save(_ outlay: Outlay) throws(SQLiteError) {
        try connection.run(
            "UPDATE outlay SET reserved = ?, reserved_currency = ?, period = ? WHERE delivery = ?",
            .optional(outlay.reserved?.micros),
            .optional(outlay.reserved?.currency.description),
            .integer(outlay.period.milliseconds),
            .id(outlay.delivery)
        )
    }
}

/// What begin committed to an attempt, and what of it came.
private struct Commitment {
    var amount: Money
    /// Whether it has not been released.
    var isHeld: Bool
    var segments: Int64
    var priceVersion: String
    var period: Instant
    var gateway: String
    var bill: Money?

    var held: Money? { isHeld ? amount : nil }

    /// How much more its bill is above what is held when nothing is.
    var excessOnceReleased: Int64 {
        var released = self
        released.isHeld = false
        return bill.map { released.excess(of: $0) - excess(of: $0) } ?? 0
    }

    /// How much a bill is above what is held, in the currency of both.
    func excess(of bill: Money) -> Int64 {
        bill.currency == amount.currency ? max(0, bill.micros - (isHeld ? amount.micros : 0)) : 0
    }
}
