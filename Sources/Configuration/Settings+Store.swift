extension Settings {
    /// `[store]`: where the data lie, and what of the disk they may take beside themselves.
    package struct Store: Sendable {
        package var database: String
        /// From this size of the write-ahead log on no event is accepted; bytes.
        package var walLimit: Int
        /// What is set aside for when the disk is full; bytes, 0 for nothing.
        package var reserve: Int
        /// Rows that are gathered in memory before they are merged into their tables.
        package var recentRows: Int

        init(_ store: SettingsSection, base: String) throws(SettingsError) {
            let url = try store.string("url", default: "sqlite:data/gatepost.db")
            guard url.hasPrefix("sqlite:"), url.count > 7 else { throw store.error("url", "must be sqlite:PATH") }
            database = resolved(String(url.dropFirst(7)), base)
            walLimit = try store.integer("wal_limit", default: 256 << 20, in: 8 << 20...64 << 30)
            reserve = try store.integer("reserve", default: 16 << 20, in: 0...1 << 30)
            recentRows = try store.integer("recent_rows", default: 250_000, in: 1000...10_000_000)
            try store.refuseUnknown()
        }
    }

    /// `[retention]`: how long is kept what has come to its end.
    package struct Retention: Sendable {
        private static let bounds: ClosedRange<Duration> = .seconds(86_400)...(.seconds(400 * 86_400))
        private static let standard: Duration = .seconds(30 * 86_400)

        /// Deliveries and what belongs to them, from their acceptance.
        package var deliveries: Duration
        /// Tokens, from their end or revocation.
        package var tokens: Duration

        init(_ section: SettingsSection) throws(SettingsError) {
            deliveries = try section.duration("deliveries", default: Retention.standard, in: Retention.bounds)
            tokens = try section.duration("tokens", default: Retention.standard, in: Retention.bounds)
            try section.refuseUnknown()
        }
    }
}
