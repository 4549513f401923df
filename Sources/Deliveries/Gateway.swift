package import AuthEvents

/// What the post office knows of a gateway; how to talk to it is the carrier's business.
package struct GatewayTerms: Sendable, Equatable {
    package var name: String
    package var channel: Channel
    package var kind: String
    /// How long one hand-over may take.
    package var timeout: Duration
    /// How long to wait for a receipt after an unknown outcome.
    package var receiptWait: Duration
    /// How long a message that was taken waits for its receipt; `nil` where the gateway sends none.
    package var receiptTimeout: Duration?
    /// What is done about unknown outcomes there, of the purposes that the settings say it for.
    package var unknown: [Purpose: UnknownPolicy] = [:]
    /// How it is asked what became of an attempt.
    package var asking = AskingTerms()

    package init(
        name: String,
        channel: Channel,
        kind: String,
        timeout: Duration,
        receiptWait: Duration = .zero,
        receiptTimeout: Duration? = nil
    ) {
        (self.name, self.channel, self.kind) = (name, channel, kind)
        (self.timeout, self.receiptWait, self.receiptTimeout) = (timeout, receiptWait, receiptTimeout)
    }

    /// What is done about an unknown outcome of a purpose.
    package func unknownPolicy(for purpose: Purpose) -> UnknownPolicy {
        unknown[purpose] ?? .standard(for: channel, purpose: purpose)
    }

    /// The lease of a begun attempt, and of a question: no hand-over runs after it.
    package var sendingLease: Duration { timeout + .seconds(5) }

    /// The most that ``timeout`` may be.
    package static let longestTimeout: Duration = .seconds(300)

    /// Of an attempt whose gateway is no longer in the settings.
    package static let longestSendingLease: Duration = longestTimeout + .seconds(5)

    /// The lease of a claim that was not begun.
    package static let claimLease: Duration = .seconds(5)
}
