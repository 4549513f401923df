extension Settings {
    /// What one listener of the server grants to those who connect; sizes are bytes.
    package struct Edge: Sendable, Equatable {
        package var maxBody: Int
        package var maxBatchBody: Int
        /// Events.
        package var maxBatch: Int
        package var maxHeader: Int
        package var bufferedBodies: Int
        package var headerDeadline: Duration
        package var bodyDeadline: Duration
        package var answerDeadline: Duration
        /// Bytes a second.
        package var answerRate: Int
        package var idleTimeout: Duration
        package var connections: Int
        package var connectionsPerAddress: Int

        /// What one body may have of all of ``bufferedBodies`` while no other is there.
        private static let share = 8

        init(_ section: SettingsSection) throws(SettingsError) {
            func time(_ key: String, _ standard: Int64, to most: Int64) throws(SettingsError) -> Duration {
                try section.duration(key, default: .seconds(standard), in: .seconds(1)...(.seconds(most)))
            }
            maxBody = try section.integer("max_body", default: 256 << 10, in: 4096...16 << 20)
            maxBatchBody = try section.integer("max_batch_body", default: 4 << 20, in: 4096...64 << 20)
            maxBatch = try section.integer("max_batch", default: 1000, in: 1...10_000)
            maxHeader = try section.integer("max_header", default: 16 << 10, in: 4096...64 << 10)
            bufferedBodies = try section.integer("buffered_bodies", default: 64 << 20, in: 4 << 20...16 << 30)
            headerDeadline = try time("header_deadline", 10, to: 300)
            bodyDeadline = try time("body_deadline", 30, to: 600)
            answerDeadline = try time("answer_deadline", 30, to: 600)
            answerRate = try section.integer("answer_rate", default: 1 << 20, in: 1 << 10...1 << 30)
            idleTimeout = try time("idle_timeout", 75, to: 3600)
            connections = try section.integer("connections", default: 1000, in: 8...100_000)
            connectionsPerAddress = try section.integer("connections_per_address", default: 250, in: 1...100_000)
            guard maxBody <= maxBatchBody else {
                throw section.error("max_batch_body", "must be at least max_body, which is \(maxBody)")
            }
            guard maxBatchBody * Self.share <= bufferedBodies else {
                throw section.error(
                    "buffered_bodies",
                    "must be at least \(Self.share) times max_batch_body, which makes \(maxBatchBody * Self.share)"
                )
            }
        }
    }
}

extension SettingsSection {
    func addressBlocks(_ key: String) throws(SettingsError) -> [AddressBlock] {
        var blocks: [AddressBlock] = []
        for text in try strings(key, default: []) {
            do {
                blocks.append(try AddressBlock(text))
            } catch {
                throw self.error(key, "\(error.reason); \(text.debugDescription) is none")
            }
        }
        return blocks
    }
}
