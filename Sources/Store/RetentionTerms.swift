/// How long is kept what has come to its end.
package struct RetentionTerms: Sendable, Equatable {
    /// From their acceptance, deliveries with what belongs to them, their events, challenges, attempts and receipts too.
    ///
    /// Replays as long.
    package var deliveries: Duration
    /// Tokens, from their end or revocation.
    package var tokens: Duration

    package init(deliveries: Duration = .seconds(30 * 86_400), tokens: Duration = .seconds(30 * 86_400)) {
        (self.deliveries, self.tokens) = (deliveries, tokens)
    }
}
