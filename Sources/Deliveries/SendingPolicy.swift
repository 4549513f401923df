package import AuthEvents

/// How often and how fast a channel tries.
package struct SendingPolicy: Sendable, Equatable {
    package var attempts: Int64
    package var backoff: Backoff

    package init(attempts: Int64, backoff: Backoff) {
        (self.attempts, self.backoff) = (attempts, backoff)
    }

    package static func standard(for channel: Channel, purpose: Purpose) -> SendingPolicy {
        switch channel {
        case .email: SendingPolicy(attempts: 12, backoff: Backoff(ceiling: .seconds(1800)))
        case .sms: SendingPolicy(attempts: 6, backoff: Backoff(ceiling: .seconds(60)))
        }
    }
}
