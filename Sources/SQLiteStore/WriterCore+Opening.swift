import AuthEvents
import Challenges
import Clocks
import Deliveries
import SQLite
import Store

/// A challenge that a delivery is made under, and how it came to it.
struct OpenedChallenge {
    var challenge: Challenge
    var opening: Decision.Opening
    var resend: ResendJudgement?
}

extension WriterCore {
    /// For each leg the open challenge of its person, purpose and session with one more sending, or a new one.
    ///
    /// The challenges of a group are of one party, which one that was open before may have brought with it; all get the
    /// fewest tries that those of before have left.
    mutating func openChallenges(
        for legs: [Submission.Leg],
        of submission: Submission,
        tenant: Int64
    ) throws(SQLiteError) -> [OpenedChallenge?] {
        var known: [ChallengeRow?] = []
        for leg in legs { known.append(try challengeToResume(for: leg, of: submission)) }
        var party: [UInt8]?
        if submission.isGroup, legs.count(where: { $0.proof.challenge != nil }) > 1 {
            party = known.compactMap { $0?.party }.first ?? submission.event.bytes
        }
        let triesLeft = party.flatMap { _ in known.compactMap { $0?.challenge.triesLeft }.min() }
        var challenges: [OpenedChallenge?] = []
        for (leg, before) in zip(legs, known) {
            guard let new = leg.proof.challenge else {
                challenges.append(nil)
                continue
            }
            let last = try lastSending(to: leg.person, purpose: submission.purpose)
            let sends = (last?.count ?? 0) + 1
            let challenge =
                if let before {
                    try resend(before, leg, new, party: party ?? before.party, tries: triesLeft, sends: sends)
                } else {
                    try open(new, leg, of: submission, tenant: tenant, party: party, tries: triesLeft, sends: sends)
                }
            challenges.append(
                OpenedChallenge(
                    challenge: challenge,
                    opening: opening(of: challenge, before: before?.challenge),
                    resend: last.flatMap { resendJudgement(leg.resendWaits, $0) }
                )
            )
        }
        return challenges
    }

    private func opening(of challenge: Challenge, before: Challenge?) -> Decision.Opening {
        guard let before else { return .opened }
        guard before.state(at: now) == .open else { return .reopened }
        return challenge.codes == before.codes ? .sameCode : .newCode
    }

    /// The challenge that takes the leg as one more sending: one that is open, or the newest where it only has expired
    /// and the event reopens.
    private mutating func challengeToResume(
        for leg: Submission.Leg,
        of submission: Submission
    ) throws(SQLiteError) -> ChallengeRow? {
        guard leg.mayResend, let new = leg.proof.challenge else { return nil }
        let candidates = try challenges(of: leg.person, purpose: submission.purpose)
            .filter { $0.challenge.session == new.session?.bytes }
        if let open = candidates.first(where: { $0.challenge.state(at: now) == .open }) { return open }
        guard submission.reopens, let newest = candidates.first, newest.challenge.state(at: now) == .expired else {
            return nil
        }
        return newest
    }

    private mutating func resend(
        _ open: ChallengeRow,
        _ leg: Submission.Leg,
        _ new: Submission.NewChallenge,
        party: [UInt8]?,
        tries: Int64?,
        sends: Int64
    ) throws(SQLiteError) -> Challenge {
        var challenge = open.challenge
        challenge.triesLeft = tries ?? challenge.triesLeft
        challenge.resend(at: now, life: new.life, minimum: leg.minimumLife)
        try connection.run(
            """
            UPDATE challenge SET codes = ?, issued = ?, expires = ?, earlier_expires = ?, party = ?, tries = ?, sends = ?,
                sent = ?
            WHERE id = ?
            """,
            .integer(challenge.codes),
            .integer(challenge.issuedAt.milliseconds),
            .integer(challenge.expiresAt.milliseconds),
            .optional(challenge.earlierExpiresAt?.milliseconds),
            .optional(party),
            .integer(challenge.triesLeft),
            .integer(sends),
            .integer(now.milliseconds),
            .id(challenge.id)
        )
        try endUnsent(of: challenge.id, as: .superseded)
        return challenge
    }

    private mutating func open(
        _ new: Submission.NewChallenge,
        _ leg: Submission.Leg,
        of submission: Submission,
        tenant: Int64,
        party: [UInt8]?,
        tries: Int64?,
        sends: Int64
    ) throws(SQLiteError) -> Challenge {
        let challenge = Challenge(
            id: new.id,
            purpose: submission.purpose,
            channel: leg.channel,
            digits: new.digits,
            issuedAt: now,
            expiresAt: now + new.life,
            triesLeft: tries ?? new.tries,
            session: new.session?.bytes
        )
        try connection.run(
            """
            INSERT INTO challenge (id, event, tenant, purpose, channel, person, session, code_key, digits, codes, issued,
                expires, tries, party, sends, sent)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .id(challenge.id),
            .id(submission.event),
            .integer(tenant),
            .integer(challenge.purpose.rawValue),
            .integer(challenge.channel.rawValue),
            .blob(leg.person.bytes),
            .optional(challenge.session),
            .text(new.codeKey),
            .integer(Int64(challenge.digits)),
            .integer(challenge.codes),
            .integer(challenge.issuedAt.milliseconds),
            .integer(challenge.expiresAt.milliseconds),
            .integer(challenge.triesLeft),
            .optional(party),
            .integer(sends),
            .integer(now.milliseconds)
        )
        try add(challenge.id, to: leg.person, purpose: submission.purpose)
        try forgetShadow(of: leg.person, purpose: submission.purpose)
        return challenge
    }
}
