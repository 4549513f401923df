package import Clocks

/// Whether a gateway can be reached, judged by what happens to the deliveries that go there.
///
/// Five attempts in a row that met no gateway make it `down`; from then on one delivery tries it every 10 seconds, and
/// the first that reaches it, whatever it answers, makes it `ok` again.
package struct GatewayHealth: Sendable, Equatable {
    package enum State: String, Sendable { case ok, down }

    package static let unreachableLimit: Int64 = 5
    package static let trialInterval: Duration = .seconds(10)

    package private(set) var unreachable: Int64
    package private(set) var downSince: Instant?
    package private(set) var nextTrial: Instant?

    package init(unreachable: Int64 = 0, downSince: Instant? = nil, nextTrial: Instant? = nil) {
        (self.unreachable, self.downSince, self.nextTrial) = (unreachable, downSince, nextTrial)
    }

    package var state: State { downSince == nil ? .ok : .down }

    /// A clock that was set back makes none wait longer than the interval.
    package func isTrialDue(at now: Instant) -> Bool {
        nextTrial.map { $0 <= now || $0 > now + GatewayHealth.trialInterval } ?? false
    }

    /// Books that one delivery goes there to try.
    package mutating func beginTrial(at now: Instant) {
        nextTrial = now + GatewayHealth.trialInterval
    }

    /// Books what an attempt met.
    ///
    /// Returns whether the state changed.
    package mutating func observe(_ outcome: Outcome, code: String?, at now: Instant) -> Bool {
        switch outcome {
        case .retry where code == Outcome.unreachableCode:
            unreachable += 1
            guard unreachable >= GatewayHealth.unreachableLimit, downSince == nil else { return false }
            downSince = now
            nextTrial = now + GatewayHealth.trialInterval
            return true
        // Neither says that the gateway was met: one was not handed over, of the other nothing is known.
        case .released, .unknown: return false
        case .accepted, .refused, .retry, .throttled:
            let wasDown = downSince != nil
            self = GatewayHealth()
            return wasDown
        }
    }
}
