import JSON

extension Installation {
    /// Waits until no delivery of a channel is in any of these states, all seen at one moment.
    ///
    /// One after the other would miss what goes from the last of them back to the first.
    func none(_ states: [String], of channel: String) async throws {
        var last: [Int64] = []
        try await eventually("nothing of \(channel) \(states), there are \(last)") {
            let channels = try await call("GET", "/v1/status").body["channels"]?.array ?? []
            let counts = channels.first { $0["channel"] == .string(channel) }
            last = states.map { counts?[$0]?.int ?? -1 }
            return last.allSatisfy { $0 == 0 }
        }
    }

    /// Waits until everything of a channel has come to an end.
    func rest(of channel: String) async throws {
        try await none(["ready", "parked", "leased", "sending", "unknown"], of: channel)
    }
}
