extension Settings {
    /// What one listener of the server grants to those who connect; sizes are bytes.
    package struct Edge: Sendable, Equatable {
        package var maxBody = 256 << 10
        package var maxBatchBody = 4 << 20
        /// Events.
        package var maxBatch = 1000
        package var maxHeader = 16 << 10
        package var bufferedBodies = 64 << 20
        package var headerDeadline = Duration.seconds(10)
        package var bodyDeadline = Duration.seconds(30)
        package var answerDeadline = Duration.seconds(30)
        /// Bytes a second.
        package var answerRate = 1 << 20
        package var idleTimeout = Duration.seconds(75)
        package var connections = 1000
        package var connectionsPerAddress = 250

        /// What one body may have of all of ``bufferedBodies`` while no other is there.
        private static let share = 8

        init(_ section: SettingsSection) throws(SettingsError) {
            func number(_ key: String, _ value: inout Int, in bounds: ClosedRange<Int>) throws(SettingsError) {
                let bounds = Int64(bounds.lowerBound)...Int64(bounds.upperBound)
                if let number = try section.integer(key, in: bounds) { value = Int(number) }
            }
            func time(_ key: String, _ value: inout Duration, to most: Duration) throws(SettingsError) {
                value = try section.duration(key, in: .seconds(1)...most) ?? value
            }
            try number("max_body", &maxBody, in: 4096...16 << 20)
            try number("max_batch_body", &maxBatchBody, in: 4096...64 << 20)
            try number("max_batch", &maxBatch, in: 1...10_000)
            try number("max_header", &maxHeader, in: 4096...64 << 10)
            try number("buffered_bodies", &bufferedBodies, in: 4 << 20...16 << 30)
            try time("header_deadline", &headerDeadline, to: .seconds(300))
            try time("body_deadline", &bodyDeadline, to: .seconds(600))
            try time("answer_deadline", &answerDeadline, to: .seconds(600))
            try number("answer_rate", &answerRate, in: 1 << 10...1 << 30)
            try time("idle_timeout", &idleTimeout, to: .seconds(3600))
            try number("connections", &connections, in: 8...100_000)
            try number("connections_per_address", &connectionsPerAddress, in: 1...100_000)
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
        for text in try strings(key) ?? [] {
            do {
                blocks.append(try AddressBlock(text))
            } catch {
                throw self.error(key, "\(error.reason); \(text.debugDescription) is none")
            }
        }
        return blocks
    }
}
