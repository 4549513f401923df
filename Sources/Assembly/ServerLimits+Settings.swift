import Configuration
import HTTPServer

extension ServerLimits {
    /// - Parameters:
    ///   - edge: what the settings say.
    ///   - largestBody: the most that any request may carry, in bytes.
    init(_ edge: Settings.Edge, largestBody: Int) {
        self.init()
        maximumBodyBytes = largestBody
        maximumBufferedBytes = edge.bufferedBodies
        maximumHeaderBytes = edge.maxHeader
        (headerDeadline, bodyDeadline) = (edge.headerDeadline, edge.bodyDeadline)
        (answerDeadline, idleTimeout) = (edge.answerDeadline, edge.idleTimeout)
        answerRate = edge.answerRate
        (connections, connectionsPerAddress) = (edge.connections, edge.connectionsPerAddress)
    }
}
