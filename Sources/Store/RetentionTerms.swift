/// How long is kept what has come to its end.
package struct RetentionTerms: Sendable, Equatable {
    /// Deliveries with what belongs to them: events, challenges, attempts, receipts; and replays. From their acceptance.
    package var deliveries: Duration
    /// Tokens, from their end or revocation.
    package var tokens: Duration

    package init(deliveries: Duration = .seconds(30 * 86_400), tokens: Duration = .seconds(30 * 86_400)) {
        (self.deliveries, self.tokens) = (deliveries, tokens)
    }
}
