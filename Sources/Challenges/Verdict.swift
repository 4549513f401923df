package import Clocks

/// What becomes of one try at a challenge.
package enum Verdict: Sendable, Equatable {
    case verified
    /// None of its codes. Costs a try.
    case mismatch
    /// A code of this challenge that is no longer accepted. Costs a try while the challenge is open.
    case expired
    /// It was verified before.
    case used
    /// No tries are left.
    case locked
}

extension Challenge {
    /// Judges a try.
    ///
    /// Changes nothing; the caller books what it cost.
    ///
    /// `session`: Keyed hash of the session that the try names; one that differs is a wrong code.
    ///
    /// `isCode`: Whether the given text is the code of a number.
    package func verdict(at now: Instant, session: [UInt8]?, isCode: (Int64) -> Bool) -> Verdict {
        switch state(at: now) {
        case .verified: return .used
        case .locked: return .locked
        case .expired: return .expired
        case .open: break
        }
        // Every number is compared whatever the first answers, so that the time tells nothing.
        let accepted = acceptedCodes(at: now)
        let newest = max(1, codes - 7)
        let matching = (newest...codes).filter(isCode)
        if let session, session != self.session { return .mismatch }
        if matching.contains(where: accepted.contains) { return .verified }
        return matching.isEmpty ? .mismatch : .expired
    }
}
