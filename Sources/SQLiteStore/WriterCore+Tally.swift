import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

extension WriterCore {
    /// Takes note of an outcome that is about to be recorded of an attempt that may have had one.
    ///
    /// One that only says again what is known of the attempt is not counted again.
    mutating func tally(_ settlement: Settlement, number: Int64) throws(SQLiteError) {
        let attempt = try connection.first(
            "SELECT gateway, outcome FROM attempt WHERE delivery = ? AND number = ?",
            .id(settlement.token.delivery),
            .integer(number),
            read: { (gateway: $0.integer(0), outcome: $0.optionalInteger(1).flatMap(Outcome.init(rawValue:))) }
        )
        guard let attempt, attempt.outcome != settlement.outcome else { return }
        tally(settlement.outcome, at: attempt.gateway)
    }

    mutating func tally(_ outcome: Outcome, at gateway: Int64) {
        state.tally.attempts.append((gatewayName(gateway), outcome))
    }

    /// Times a delivery, once, when a gateway has taken it.
    mutating func tally(_ accepted: HotRow, createdAt created: Instant) {
        state.tally.deliveries.append((accepted.channel, now - created))
    }
}
