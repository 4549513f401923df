package import Clocks
package import Limits
private import Synchronization

/// So many in so much time, and how many of them at once.
package typealias RateLimit = Rate

/// The last check before a message leaves: in time and within rate, by the carrier's own clock and own counts.
///
/// It trusts nobody: whatever a server hands out, nothing passes after its deadline and no phone or mailbox is flooded.
package final class Gate: Sendable {
    package enum Verdict: Sendable, Equatable {
        case pass
        /// Past its send deadline.
        case tooLate
        /// The gateway or the recipient has had enough for so long.
        case tooFast(Duration)
    }

    /// A hand-over starts at most this long after its begin was sent, so that none runs after the lease of it.
    package static let beginLimit: Duration = .seconds(5)
    /// Recipients that are remembered: sixteen bytes each.
    static let memory = 90_000

    fileprivate struct Buckets {
        var gateways: [String: TokenBucket] = [:]
        /// When the bucket of each will be full again, by the hash of the address; the hash is another in each process.
        var recipients: [Int: Int64] = [:]
    }

    private let gatewayRates: [String: Rate]
    private let perRecipient: Rate
    private let time: any TimeSource
    private let buckets = Mutex(Buckets())

    package init(gatewayRates: [String: Rate], perRecipient: Rate, time: any TimeSource) {
        (self.gatewayRates, self.perRecipient, self.time) = (gatewayRates, perRecipient, time)
    }

    /// Judges a claim and, where it passes, counts it.
    package func admit(_ claim: Claim) -> Verdict {
        let now = time.boot()
        guard now < claim.sendBefore else { return .tooLate }
        let nanoseconds = now.milliseconds * 1_000_000
        let recipient = Gate.hash(claim.message.to)
        let rate = gatewayRates[claim.gateway]
        return buckets.withLock { buckets in
            buckets.forget(at: nanoseconds, above: Gate.memory)
            var toGateway = buckets.gateways[claim.gateway] ?? TokenBucket()
            var toRecipient = TokenBucket(fullAt: buckets.recipients[recipient] ?? .min)
            // All or none: what one refuses the other must not count.
            let wait = max(
                rate.map { toGateway.wait(at: nanoseconds, rate: $0) } ?? .zero,
                toRecipient.wait(at: nanoseconds, rate: perRecipient)
            )
            guard wait == .zero else { return .tooFast(wait) }
            if let rate { _ = toGateway.take(at: nanoseconds, rate: rate) }
            _ = toRecipient.take(at: nanoseconds, rate: perRecipient)
            buckets.gateways[claim.gateway] = toGateway
            buckets.recipients[recipient] = toRecipient.fullAt
            return .pass
        }
    }

    /// Takes back the count of a claim that passed and surely was not handed over.
    package func giveBack(_ claim: Claim) {
        let rate = gatewayRates[claim.gateway]
        buckets.withLock { buckets in
            if let rate { buckets.gateways[claim.gateway]?.giveBack(rate: rate) }
            let recipient = Gate.hash(claim.message.to)
            guard let fullAt = buckets.recipients[recipient] else { return }
            var bucket = TokenBucket(fullAt: fullAt)
            bucket.giveBack(rate: perRecipient)
            buckets.recipients[recipient] = bucket.fullAt
        }
    }

    /// How many recipients are remembered.
    var remembered: Int { buckets.withLock { $0.recipients.count } }

    private static func hash(_ recipient: String) -> Int { recipient.lowercased().hashValue }

    /// Whether the irreversible call may start now: the last look, after the server said go.
    package func mayStart(_ claim: Claim, begunAt begun: BootInstant) -> Bool {
        let now = time.boot()
        return now - begun <= Gate.beginLimit && now < claim.sendBefore
    }
}

extension Gate.Buckets {
    /// Makes room: a bucket that is full again says nothing, and one that soon will be says little.
    ///
    /// Half of what there is goes at least, so that it is seldom looked for.
    fileprivate mutating func forget(at now: Int64, above limit: Int) {
        guard recipients.count > limit else { return }
        let middle = recipients.values.sorted()[recipients.count / 2]
        recipients = recipients.filter { $0.value > max(now, middle) }
    }
}
