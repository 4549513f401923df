/// What one listener grants its peers.
///
/// All deadlines count from a fixed moment, not from the last byte, so that a peer gains nothing by sending slowly.
/// No deadline runs while a handler works on a request.
package struct ServerLimits: Sendable, Equatable {
    /// The largest body of any request, in bytes.
    package var maximumBodyBytes = 1 << 20
    /// What all bodies that are being received or handled may take together, in bytes; one of them at most an eighth of
    /// what the others leave.
    ///
    /// Less than eight times ``maximumBodyBytes`` counts as that, so that a body always fits where it is alone.
    package var maximumBufferedBytes = 64 << 20
    /// The largest request line and header together, in bytes; each connection holds twice this in memory.
    package var maximumHeaderBytes = 16 << 10
    /// From the connection, or on a kept connection from the request line, to the end of the header.
    package var headerDeadline = Duration.seconds(10)
    /// From the end of the header to the end of the body.
    package var bodyDeadline = Duration.seconds(30)
    /// From the answer to the moment when the kernel has taken all of it.
    package var answerDeadline = Duration.seconds(30)
    /// Bytes that a peer must take in a second of an answer that is too large for ``answerDeadline``.
    ///
    /// Each so many bytes make that deadline a second longer.
    package var answerRate = 1 << 20
    /// From one answer to the next request line on a kept connection.
    package var idleTimeout = Duration.seconds(75)
    /// How many connections may be open.
    ///
    /// The one that has waited longest for its next request gives way to a newcomer; where all are at work the newcomer
    /// is closed.
    package var connections = 1000
    /// How many of them may come from one IPv4 address or one IPv6 network of 64 bits, by the same rule.
    ///
    /// The Unix socket has no such limit, and neither has a proxy that the listener was told of.
    package var connectionsPerAddress = 250

    package init() {}

    /// The shortest of the deadlines: what a scan for late connections may sleep at most.
    var shortestDeadline: Duration { min(headerDeadline, bodyDeadline, answerDeadline, idleTimeout) }
}
