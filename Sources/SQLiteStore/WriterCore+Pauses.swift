import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

extension WriterCore {
    /// See ``HoldStore/pause(_:)``.
    mutating func pause(_ channel: Channel) throws(SQLiteError) {
        guard state.pauses[channel] == nil else { return }
        try connection.setMeta("paused:\(channel.name)", .integer(now.milliseconds))
        state.pauses[channel] = now
        lookAtStopsAnew()
    }

    /// See ``HoldStore/resume(_:)``.
    mutating func resume(_ channel: Channel) throws(SQLiteError) {
        guard state.pauses[channel] != nil else { return }
        try connection.setMeta("paused:\(channel.name)", .integer(0))
        state.pauses[channel] = nil
        lookAtStopsAnew()
    }

    /// Why a delivery may not go anywhere now: its channel is paused, or a hold covers it.
    mutating func stop(of row: HotRow) throws(SQLiteError) -> Reason? {
        if state.pauses[row.channel] != nil { return .paused }
        return try hold(on: row) == nil ? nil : .held
    }

    /// See ``DeliveryQueue/cancel(_:of:)``.
    mutating func cancel(_ id: DeliveryID, of tenant: String?) throws(SQLiteError) -> Bool? {
        let owner = try connection.first(
            "SELECT tenant.name FROM delivery JOIN tenant ON tenant.id = delivery.tenant WHERE delivery.id = ?",
            .blob(id.bytes),
            read: { $0.text(0) }
        )
        guard let owner, tenant ?? owner == owner else { return nil }
        guard let row = try hotRow(id), row.state != .sending else { return false }
        try retire(row.because(.byHand), to: .dead, reason: .cancelled)
        return true
    }
}

extension Connection {
    /// The channels that are paused, and since when.
    mutating func pauses() throws(SQLiteError) -> [Channel: Instant] {
        var pauses: [Channel: Instant] = [:]
        for channel in Channel.allCases {
            guard let since = try meta("paused:\(channel.name)"), since > 0 else { continue }
            pauses[channel] = Instant(milliseconds: since)
        }
        return pauses
    }
}
