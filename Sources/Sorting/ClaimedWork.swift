package import Challenges
package import Composition
package import Deliveries
package import Spend
package import Store

/// A claim that is ready to be handed out: the lease and the message.
package struct WrittenClaim: Sendable {
    package var claim: ClaimedDelivery
    package var message: ComposedMessage
    /// For an SMS: what a segment costs at the gateway.
    package var price: UnitPrice?
    /// For gateways of kind `sandbox` only.
    package var code: Code?
    /// From now until the claim goes back.
    package var lease: Duration
    /// From now until the send deadline.
    package var sendWithin: Duration
    /// From now until the code expires.
    package var validFor: Duration
}

/// A question that is ready to be handed out: what became of an attempt.
package struct WrittenQuestion: Sendable {
    package var question: ClaimedQuestion
    /// The address that the message went to.
    package var to: String
    /// From now until the question is put again.
    package var lease: Duration
}

/// What one claim hands out.
package struct ClaimedWork: Sendable {
    package var claims: [WrittenClaim] = []
    package var questions: [WrittenQuestion] = []

    package init() {}

    init(_ claims: [WrittenClaim]) { self.claims = claims }

    package var isEmpty: Bool { claims.isEmpty && questions.isEmpty }
    package var tokens: [CarrierToken] { claims.map(\.claim.token) + questions.map(\.question.token) }
}
