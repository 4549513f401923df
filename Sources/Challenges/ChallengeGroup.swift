import AuthEvents
package import Clocks

/// The challenges of one event of which any will do, one for each channel; a challenge that stands alone is a group of one.
///
/// They share their tries: each carries the number that the group has left.
package struct ChallengeGroup: Sendable, Equatable {
    /// Never empty.
    package let members: [Challenge]

    /// `first`: Where one code should be that of two members, it counts as this one's; take the one that was asked for.
    package init(_ first: Challenge, _ others: [Challenge] = []) {
        members = [first] + others
    }

    /// Verified once one member is, locked without tries, and open as long as one member is.
    package func state(at now: Instant) -> Challenge.State {
        let states = members.map { $0.state(at: now) }
        return [.verified, .locked, .open].first(where: states.contains) ?? .expired
    }

    /// The tries that the group has left.
    package var triesLeft: Int64 {
        members.reduce(.max) { min($0, $1.triesLeft) }
    }

    /// Judges a try.
    ///
    /// Changes nothing; the caller books what it cost. While one member is open, the code of one that has expired is
    /// `expired` like an earlier code of an open one, and costs a try as that does.
    ///
    /// `session`: Keyed hash of the session that the try names; one that differs is a wrong code.
    ///
    /// `isCode`: Whether the given text is the code of a challenge with a number.
    package func verdict(
        at now: Instant,
        session: [UInt8]?,
        isCode: (Challenge, Int64) -> Bool
    ) -> Verdict {
        switch state(at: now) {
        case .verified: return .used
        case .locked: return .locked
        case .expired: return .expired
        case .open: break
        }
        var verified: ChallengeID?
        var isEarlier = false
        // Every number of every member is compared whatever the first answers, so that the time tells nothing.
        for member in members {
            let accepted = member.state(at: now) == .open ? member.acceptedCodes(at: now) : []
            let matching = member.comparedCodes.filter { isCode(member, $0) }
            if let session, session != member.session { continue }
            if matching.contains(where: accepted.contains) {
                verified = verified ?? member.id
            } else if !matching.isEmpty {
                isEarlier = true
            }
        }
        if let verified { return .verified(verified) }
        return isEarlier ? .expired : .mismatch
    }
}
