/// A mail that the sink took.
package struct SinkMail: Sendable, Equatable {
    /// Counted from 1 in the order in which final dots came, over all connections.
    package var number: Int

    /// The connection it came over, counted from 1.
    package var connection: Int

    package var from: String

    /// What followed the sender in MAIL, such as `SIZE=300 SMTPUTF8`.
    package var parameters: String
    package var recipients: [String]

    /// Header fields and bodies as they were before dots were doubled; empty where only counts are kept.
    package var data: [UInt8]
}

/// What the sink has seen since it started.
package struct SinkCounters: Sendable, Equatable {
    package var connections = 0

    /// Connections that said QUIT.
    package var farewells = 0

    /// Mails whose final dot came and were not refused there, answered or not.
    package var taken = 0

    /// Commands and mails answered by a rule or the sink itself with 4xx or 5xx.
    package var refused = 0
}
