import AuthEvents
import Clocks
import Deliveries
import SQLite
import Spend
import Store

/// Where a delivery stands when a receipt comes.
struct ReceivingDelivery {
    var state: DeliveryState
    var reason: Reason?
    /// The number of its newest attempt.
    var tried: Int64
    var gateway: Int64
    var channel: Channel
    var tenant: Int64
    /// While it still moves.
    var hot: HotRow?
}

extension WriterCore {
    mutating func standing(of delivery: DeliveryID) throws(SQLiteError) -> ReceivingDelivery {
        if let row = try hotRow(delivery) {
            return ReceivingDelivery(
                state: row.state,
                reason: row.reason,
                tried: row.tried,
                gateway: row.gateway,
                channel: row.channel,
                tenant: row.tenant,
                hot: row
            )
        }
        let found = try connection.first(
            "SELECT state, reason, tried, gateway, channel, tenant FROM delivery WHERE id = ?",
            .id(delivery),
            read: { row -> ReceivingDelivery? in
                guard let state = DeliveryState(rawValue: row.integer(0)),
                    let channel = Channel(rawValue: row.integer(4))
                else { return nil }
                return ReceivingDelivery(
                    state: state,
                    reason: row.optionalInteger(1).flatMap(Reason.init(rawValue:)),
                    tried: row.integer(2),
                    gateway: row.integer(3),
                    channel: channel,
                    tenant: row.integer(5)
                )
            }
        )
        guard let found = found?.flatMap(\.self) else { throw .damage("an attempt has no delivery") }
        return found
    }

    /// Brings a delivery to where a receipt says it is.
    mutating func move(
        _ delivery: DeliveryID,
        from standing: ReceivingDelivery,
        to next: DeliveryState
    ) throws(SQLiteError) {
        if let row = standing.hot {
            // The carrier has not reported yet; what it says later adds the gateway's name for the message.
            try connection.run(
                "UPDATE attempt SET outcome = ? WHERE delivery = ? AND number = ? AND outcome IS NULL",
                .integer(Outcome.accepted.rawValue),
                .id(delivery),
                .integer(row.tried)
            )
            try observe(.accepted, code: nil, at: row.gateway)
            try retire(row, to: next)
        } else {
            if standing.state == .unknown {
                try endCourse(of: delivery)
            } else {
                try connection.run("DELETE FROM timer WHERE delivery = ?", .id(delivery))
            }
            try connection.run(
                "UPDATE delivery SET state = ?, reason = NULL, ended = ? WHERE id = ?",
                .integer(next.rawValue),
                .integer(now.milliseconds),
                .id(delivery)
            )
            state.counts.move(standing.tenant, standing.channel, from: standing.state, to: next)
            if standing.state == .unknown { try eraseBrought(with: delivery) }
        }
        if next == .accepted { try awaitReceipt(of: delivery, from: standing.gateway) }
    }

    /// Waits for what the gateway will say of a message that it took, if it ever says anything.
    mutating func awaitReceipt(of delivery: DeliveryID, from gateway: Int64) throws(SQLiteError) {
        guard let wait = routing.terms(of: gatewayName(gateway))?.receiptTimeout else { return }
        try connection.run(
            "INSERT OR REPLACE INTO timer (due, delivery, lease) VALUES (?, ?, 0)",
            .integer((now + wait).milliseconds),
            .id(delivery)
        )
    }

    /// Ends the wait for a receipt that has not come.
    mutating func endWaitForReceipt(of delivery: DeliveryID) throws(SQLiteError) {
        try connection.run("DELETE FROM timer WHERE delivery = ?", .id(delivery))
        try connection.run(
            "UPDATE delivery SET reason = ?, ended = ? WHERE id = ?",
            .integer(Reason.noReceipt.rawValue),
            .integer(now.milliseconds),
            .id(delivery)
        )
    }

    /// Takes from a report what a receipt that came before it did not tell; that the message was taken is settled.
    ///
    /// A carrier that has said before that it surely was not taken is not believed now: its money has gone back.
    mutating func supplement(_ settlement: Settlement, _ number: Int64) throws(SQLiteError) {
        guard settlement.outcome == .accepted else { return }
        try connection.run(
            """
            UPDATE attempt SET outcome = ?1, applied = 1, code = ?2, detail = ?3, reference = coalesce(reference, ?4),
                settled = ?7
            WHERE delivery = ?5 AND number = ?6 AND coalesce(outcome, 1) IN (1, 5)
            """,
            .integer(settlement.outcome.rawValue),
            .optional(settlement.code),
            .optional(settlement.detail),
            .optional(settlement.gatewayReference),
            .id(settlement.token.delivery),
            .integer(number),
            .integer(now.milliseconds)
        )
    }
}
