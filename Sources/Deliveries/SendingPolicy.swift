package import AuthEvents

/// How often and how fast a channel tries, and what it does when nobody knows.
package struct SendingPolicy: Sendable, Equatable {
    /// What follows when an unknown outcome stays unknown after the gateway's wait for a receipt.
    package enum AfterUnknown: Sendable, Equatable { case sendAgain, giveUp }

    package var attempts: Int64
    package var backoff: Backoff
    package var afterUnknown: AfterUnknown

    package init(attempts: Int64, backoff: Backoff, afterUnknown: AfterUnknown) {
        (self.attempts, self.backoff, self.afterUnknown) = (attempts, backoff, afterUnknown)
    }

    /// A mail twice is better than never; a second SMS costs money and trust.
    ///
    /// Nobody waits for a notice.
    package static func standard(for channel: Channel, purpose: Purpose) -> SendingPolicy {
        let after: AfterUnknown = channel == .email && purpose != .notice ? .sendAgain : .giveUp
        return switch channel {
        case .email: SendingPolicy(attempts: 12, backoff: Backoff(ceiling: .seconds(1800)), afterUnknown: after)
        case .sms: SendingPolicy(attempts: 6, backoff: Backoff(ceiling: .seconds(60)), afterUnknown: after)
        }
    }
}
