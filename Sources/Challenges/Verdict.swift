package import AuthEvents
package import Clocks

/// What becomes of one try at a challenge or a group of them.
package enum Verdict: Sendable, Equatable {
    /// The code is one of this challenge.
    case verified(ChallengeID)
    /// None of their codes. Costs a try.
    case mismatch
    /// A code of theirs that is no longer accepted. Costs a try while one of them is open.
    case expired
    /// One was verified before.
    case used
    /// No tries are left.
    case locked
}

extension Challenge {
    /// Judges a try at a challenge that stands alone; see ``ChallengeGroup/verdict(at:session:isCode:)``.
    package func verdict(at now: Instant, session: [UInt8]?, isCode: (Int64) -> Bool) -> Verdict {
        ChallengeGroup(self).verdict(at: now, session: session) { _, number in isCode(number) }
    }

    /// The numbers of its codes that a try is compared with: the newest and the seven before it.
    var comparedCodes: ClosedRange<Int64> { max(1, codes - 7)...codes }
}
