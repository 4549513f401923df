package import Deliveries
package import Spend

/// What became of one hand-over, question or probe, for the server.
package struct HandOver: Sendable, Equatable {
    package var outcome: Outcome
    package var gatewayReference: String?
    /// `unreachable`, a reply code, or a gateway's error code.
    package var code: String?
    /// The gateway's words, persons struck out.
    package var detail: String?
    package var retryAfter: Duration?
    /// What the gateway says that it bills.
    package var price: Money?

    package init(
        _ outcome: Outcome,
        gatewayReference: String? = nil,
        code: String? = nil,
        detail: String? = nil,
        retryAfter: Duration? = nil,
        price: Money? = nil
    ) {
        (self.outcome, self.gatewayReference, self.code) = (outcome, gatewayReference, code)
        (self.detail, self.retryAfter, self.price) = (detail, retryAfter, price)
    }
}

/// What became of a claim, for the server to store.
package struct Report: Sendable, Equatable {
    package var token: String
    package var handOver: HandOver

    package init(token: String, handOver: HandOver) {
        (self.token, self.handOver) = (token, handOver)
    }
}

/// Something that takes messages.
package protocol Gateway: Sendable {
    /// Hands one message over, once. Returns within the claim's timeout, whatever the peer does.
    ///
    /// ``Outcome/unknown`` is for what the peer may have taken; every other failure says that it surely has not.
    func handOver(_ claim: Claim) async -> HandOver

    /// Asks what became of an attempt, and changes nothing there. Returns within the question's timeout.
    ///
    /// | Outcome | The gateway |
    /// |---|---|
    /// | `accepted` | has the message |
    /// | `refused` | has it, and will not deliver it |
    /// | `retry` | surely does not have it |
    /// | `unknown` | cannot say, now or later |
    /// | `throttled`, `released` | was not asked, or did not answer; ask again later |
    func ask(_ question: Question) async -> HandOver

    /// Tries the connection as a hand-over would make it, and sends nothing. Returns within the timeout.
    ///
    /// `accepted` where it stood, `retry` with the code `unreachable` where nobody was met, `refused` where TLS or login
    /// failed.
    func probe(timeout: Duration) async -> HandOver
}

/// A gateway with what the carrier must hold to there.
package struct GatewaySlot: Sendable {
    package var name: String
    package var gateway: any Gateway
    /// Hand-overs at once.
    package var connections: Int
    package var limit: RateLimit?

    package init(name: String, gateway: any Gateway, connections: Int, limit: RateLimit?) {
        (self.name, self.gateway, self.connections, self.limit) = (name, gateway, connections, limit)
    }
}
