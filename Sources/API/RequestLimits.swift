private import AuthEvents
package import HTTPServer

/// How much one request may carry.
package struct RequestLimits: Sendable, Equatable {
    /// What carriers may always send, so that no setting stops them from telling what they did.
    private static let carrierBytes = 256 << 10

    /// The largest body of any request but a batch, in bytes; the largest event of a batch too.
    package var bodyBytes: Int
    /// The largest body of a batch, in bytes.
    package var batchBytes: Int
    /// The most events of a batch.
    package var batchEvents: Int

    package init(bodyBytes: Int, batchBytes: Int, batchEvents: Int) {
        (self.bodyBytes, self.batchBytes, self.batchEvents) = (bodyBytes, batchBytes, batchEvents)
    }

    /// The largest body that any request may have, in bytes.
    package var largestBytes: Int { max(bodyBytes, batchBytes, Self.carrierBytes) }

    /// The largest body of a request with this head, in bytes.
    package func bytes(of head: RequestHead) -> Int {
        guard head.method == "POST" else { return bodyBytes }
        if head.target.path.hasPrefix("/v1/carriers/") { return max(bodyBytes, Self.carrierBytes) }
        guard head.target.path == "/v1/events" else { return bodyBytes }
        let mode = EventMode(headers: head.headers.fields.map { (name: $0.name, value: $0.value) })
        return mode == .batched ? batchBytes : bodyBytes
    }
}
