import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

extension WriterCore {
    /// Takes note of an outcome that is about to be recorded.
    ///
    /// One that only says again what is known of the attempt is not counted again. A delivery is timed when `accepted`
    /// decides it, which happens once.
    mutating func tally(_ settlement: Settlement, number: Int64, isApplied: Bool) throws(SQLiteError) {
        let attempt = try connection.first(
            """
            SELECT attempt.gateway, attempt.outcome, delivery.channel, delivery.created
            FROM attempt JOIN delivery ON delivery.id = attempt.delivery
            WHERE attempt.delivery = ? AND attempt.number = ?
            """,
            .blob(settlement.token.delivery.bytes),
            .integer(number),
            read: { row in
                (
                    gateway: row.integer(0), outcome: row.optionalInteger(1).flatMap(Outcome.init(rawValue:)),
                    channel: Channel(rawValue: row.integer(2)), created: Instant(milliseconds: row.integer(3))
                )
            }
        )
        guard let attempt, attempt.outcome != settlement.outcome else { return }
        state.tally.attempts.append((gatewayName(attempt.gateway), settlement.outcome))
        guard isApplied, settlement.outcome == .accepted, let channel = attempt.channel else { return }
        state.tally.deliveries.append((channel, now - attempt.created))
    }
}
