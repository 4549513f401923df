package import AuthEvents
package import Clocks

/// One request to prove one address, as far as a decision needs it.
///
/// It never contains a code. Which challenges form a group, the store knows; see ``ChallengeGroup``.
package struct Challenge: Sendable, Equatable {
    package enum State: String, Sendable { case open, verified, expired, locked }

    package var id: ChallengeID
    package var purpose: Purpose
    package var channel: Channel
    package var digits: Int
    /// How many codes it has had; the newest has this number.
    package var codes: Int64
    /// When the newest code was made.
    package var issuedAt: Instant
    /// When the newest code expires, and with it the challenge.
    package var expiresAt: Instant
    /// When the code before it expires, if there is one.
    package var earlierExpiresAt: Instant?
    package var triesLeft: Int64
    package var verifiedAt: Instant?
    /// When another challenge of its group was verified, and this one closed with it.
    package var closedAt: Instant?
    /// Keyed hash of the session it was made with.
    package var session: [UInt8]?

    package init(
        id: ChallengeID,
        purpose: Purpose,
        channel: Channel,
        digits: Int,
        codes: Int64 = 1,
        issuedAt: Instant,
        expiresAt: Instant,
        earlierExpiresAt: Instant? = nil,
        triesLeft: Int64,
        verifiedAt: Instant? = nil,
        closedAt: Instant? = nil,
        session: [UInt8]? = nil
    ) {
        (self.id, self.purpose, self.channel, self.digits, self.codes) = (id, purpose, channel, digits, codes)
        (self.issuedAt, self.expiresAt, self.earlierExpiresAt) = (issuedAt, expiresAt, earlierExpiresAt)
        (self.triesLeft, self.verifiedAt, self.closedAt, self.session) = (triesLeft, verifiedAt, closedAt, session)
    }

    /// A challenge that was closed counts as verified: its code is no longer needed.
    package func state(at now: Instant) -> State {
        if verifiedAt != nil || closedAt != nil { return .verified }
        if triesLeft <= 0 { return .locked }
        return now < expiresAt ? .open : .expired
    }

    /// The numbers of the codes that are accepted: the newest two, while they have not expired.
    package func acceptedCodes(at now: Instant) -> [Int64] {
        var numbers: [Int64] = []
        if now < expiresAt { numbers.append(codes) }
        if codes > 1, let earlierExpiresAt, now < earlierExpiresAt { numbers.append(codes - 1) }
        return numbers
    }

    /// Takes one more sending of its code: the same code while at least half of its life is left, else a new one.
    ///
    /// `minimum`: A code that would not live longer than this after the hand-over is replaced too.
    package mutating func resend(at now: Instant, life: Duration, minimum: Duration) {
        let whole = (expiresAt - issuedAt).milliseconds
        let left = expiresAt - now
        guard left.milliseconds * 2 < whole || left <= minimum else { return }
        renew(at: now, life: life)
    }

    /// Takes one more code with a full life.
    package mutating func renew(at now: Instant, life: Duration) {
        earlierExpiresAt = expiresAt
        codes += 1
        issuedAt = now
        expiresAt = now + life
    }
}
