import AuthEvents
import Clocks
import Deliveries
import SQLite
import Spend
import Store

/// A receipt as it is kept.
struct StoredReceipt: Equatable {
    var state: ReceiptState
    var code: String?
    var price: Money?
}

extension WriterCore {
    static let attemptByID: StaticString = """
        SELECT delivery, number, gateway, reference, coalesce(segments, 1) FROM attempt INDEXED BY attempt_id
        WHERE receipts = 1 AND id = ?
        """
    static let attemptByReference: StaticString = """
        SELECT delivery, number, gateway, reference, coalesce(segments, 1) FROM attempt INDEXED BY attempt_reference
        WHERE receipts = 1 AND gateway = ? AND reference = ? ORDER BY delivery DESC, number DESC LIMIT 1
        """

    /// The most receipts that one attempt keeps: each state, and a few bills.
    private static let mostReceipts = 16

    private struct Place {
        var delivery: DeliveryID
        var number: Int64
        var gateway: Int64
        var reference: String?
        var segments: Int64

        init?(_ row: borrowing Row) {
            guard let delivery = DeliveryID(bytes: row.blob(0)) else { return nil }
            (self.delivery, number, gateway) = (delivery, row.integer(1), row.integer(2))
            (reference, segments) = (row.optionalText(3), row.integer(4))
        }
    }

    /// See ``ReceiptStore/receive(_:of:at:)``.
    mutating func receive(
        _ receipt: Receipt,
        of gateway: String,
        at address: AttemptID?
    ) throws(SQLiteError) -> ReceiptResult {
        let missing: ReceiptResult = address == nil ? .notOurs : .noAttempt
        guard let id = state.gatewayNames.ids[gateway], let place = try place(of: receipt, at: address, id) else {
            return missing
        }
        let bill = receipt.bill(of: place.segments)
        let fact = StoredReceipt(state: receipt.state, code: receipt.code, price: bill)
        let before = try receipts(of: place.delivery, attempt: place.number)
        guard !before.contains(fact), before.count < WriterCore.mostReceipts else { return .known }
        let standing = try standing(of: place.delivery)
        var next = place.number == standing.tried ? standing.state.after(receipt.state, reason: standing.reason) : nil
        // What its carrier has reported since as surely not sent has given its money and its slots back.
        if standing.state == .dead, next != nil, try isSurelyUnsent(place) { next = nil }
        // That a message is on its way says nothing once it is known; gateways tell it twice and three times.
        if receipt.state == .accepted, next == nil, bill == nil { return .known }
        try insert(fact, of: place.delivery, attempt: place.number, number: Int64(before.count + 1))
        if let bill { try price(bill, attempt: place.number, of: place.delivery) }
        guard let next else { return .recorded }
        try move(place.delivery, from: standing, to: next)
        return .applied
    }

    /// The attempt that a receipt is for.
    ///
    /// An address that was not signed with the receipt counts only where nothing else in it says otherwise: a copy of a
    /// receipt sent to the address of another attempt must not speak for that.
    private mutating func place(
        of receipt: Receipt,
        at address: AttemptID?,
        _ gateway: Int64
    ) throws(SQLiteError) -> Place? {
        if let address, let named = receipt.attempt, address != named { return nil }
        let byReference = try receipt.reference.flatMap { reference throws(SQLiteError) in
            try connection.first(
                WriterCore.attemptByReference,
                .integer(gateway),
                .text(reference),
                read: Place.init
            )?.flatMap(\.self)
        }
        guard let name = address ?? receipt.attempt else { return byReference }
        let found = try connection.first(WriterCore.attemptByID, .blob(name.bytes), read: Place.init)?.flatMap(\.self)
        guard let found, found.gateway == gateway else { return nil }
        if receipt.coversAddress || receipt.attempt != nil { return found }
        if let byReference {
            return byReference.delivery == found.delivery && byReference.number == found.number ? found : nil
        }
        return found.reference == nil && receipt.reference != nil ? found : nil
    }

    private mutating func isSurelyUnsent(_ place: Place) throws(SQLiteError) -> Bool {
        let outcome = try connection.first(
            "SELECT outcome FROM attempt WHERE delivery = ? AND number = ?",
            .blob(place.delivery.bytes),
            .integer(place.number),
            read: { $0.optionalInteger(0).flatMap(Outcome.init(rawValue:)) }
        )
        return outcome?.flatMap(\.self)?.isSurelyUnsent ?? false
    }

    mutating func receipts(of delivery: DeliveryID, attempt: Int64) throws(SQLiteError) -> [StoredReceipt] {
        try connection.all(
            "SELECT state, code, price, currency FROM receipt WHERE delivery = ? AND attempt = ?",
            .blob(delivery.bytes),
            .integer(attempt),
            read: { row in
                ReceiptState(rawValue: row.integer(0)).map {
                    StoredReceipt(state: $0, code: row.optionalText(1), price: Money(row, from: 2))
                }
            }
        ).compactMap(\.self)
    }

    private mutating func insert(
        _ fact: StoredReceipt,
        of delivery: DeliveryID,
        attempt: Int64,
        number: Int64
    ) throws(SQLiteError) {
        try connection.run(
            "INSERT INTO receipt (delivery, attempt, number, at, state, code, price, currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            .blob(delivery.bytes),
            .integer(attempt),
            .integer(number),
            .integer(now.milliseconds),
            .integer(fact.state.rawValue),
            .optional(fact.code),
            .optional(fact.price?.micros),
            .optional(fact.price?.currency.description)
        )
    }
}

extension Receipt {
    /// What the whole message is billed; `nil` where that is beyond what can be counted.
    fileprivate func bill(of segments: Int64) -> Money? {
        guard let price, isPricePerSegment else { return price }
        let (micros, isOver) = price.micros.multipliedReportingOverflow(by: segments)
        return isOver || micros > Money.limit ? nil : Money(micros: micros, currency: price.currency)
    }
}
