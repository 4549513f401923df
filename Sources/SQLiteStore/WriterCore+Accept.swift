import AuthEvents
import Challenges
import Clocks
import Deliveries
import SQLite
import Store

extension WriterCore {
    /// See ``EventStore/accept(_:)``.
    mutating func accept(_ submission: Submission) throws(SQLiteError) -> Acceptance {
        if let known = try known(submission) { return known }
        for leg in submission.legs where routing.route(for: leg.channel) == nil { return .noRoute(leg.channel) }
        let tenant = try tenantID(submission.tenant)
        try insertEvent(submission, tenant: tenant)
        var deliveries: [AcceptedEvent.Delivery] = []
        for leg in submission.legs {
            let challenge = try openChallenge(for: leg, of: submission, tenant: tenant)
            deliveries.append(try insertDelivery(leg, challenge, of: submission, tenant: tenant))
        }
        // The order in which a duplicate is answered.
        return .accepted(AcceptedEvent(deliveries: deliveries.sorted { $0.id < $1.id }))
    }

    /// What was answered to the same event before, within the window.
    private mutating func known(_ submission: Submission) throws(SQLiteError) -> Acceptance? {
        let since = (now - dedupeWindow).milliseconds
        let seen = try connection.first(
            """
            SELECT event.id, event.content FROM seen JOIN event ON event.id = seen.event
            WHERE seen.identity = ? AND seen.received > ?
            """,
            .blob(submission.identity.bytes),
            .integer(since),
            read: { ($0.blob(0), $0.blob(1)) }
        )
        guard let (event, content) = seen else { return nil }
        guard content == submission.content.bytes else { return .conflict }
        let deliveries = try connection.all(
            """
            SELECT delivery.id, delivery.channel, accepted_parked, challenge.id, delivery.expires, digits
            FROM delivery JOIN challenge ON challenge.id = delivery.challenge WHERE delivery.event = ? ORDER BY delivery.id
            """,
            .blob(event),
            read: { row -> AcceptedEvent.Delivery? in
                guard let id = DeliveryID(bytes: row.blob(0)), let channel = Channel(rawValue: row.integer(1)),
                    let challenge = ChallengeID(bytes: row.blob(3))
                else { return nil }
                return AcceptedEvent.Delivery(
                    id: id,
                    channel: channel,
                    isParked: row.integer(2) != 0,
                    challenge: challenge,
                    expiresAt: Instant(milliseconds: row.integer(4)),
                    digits: Int(row.integer(5))
                )
            }
        )
        return .duplicate(AcceptedEvent(deliveries: deliveries.compactMap(\.self)))
    }

    private mutating func insertEvent(_ submission: Submission, tenant: Int64) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO event (id, tenant, purpose, name, source, locale, subject, content, received, seal_key, sealed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .blob(submission.event.bytes),
            .integer(tenant),
            .integer(submission.purpose.rawValue),
            .text(submission.name),
            .text(submission.source),
            .optional(submission.locale),
            .optional(submission.subject?.bytes),
            .blob(submission.content.bytes),
            .integer(submission.receivedAt.milliseconds),
            .text(submission.sealed.key),
            .blob(submission.sealed.bytes)
        )
        try connection.run(
            "INSERT OR REPLACE INTO seen (identity, event, received) VALUES (?, ?, ?)",
            .blob(submission.identity.bytes),
            .blob(submission.event.bytes),
            .integer(now.milliseconds)
        )
    }

    /// The open challenge of the person, purpose and session, with one more sending; or a new one.
    private mutating func openChallenge(
        for leg: Submission.Leg,
        of submission: Submission,
        tenant: Int64
    ) throws(SQLiteError) -> Challenge {
        let session = leg.challenge.session?.bytes
        let candidates = try challenges(of: leg.person, purpose: submission.purpose)
        if let open = candidates.first(where: {
            $0.challenge.session == session && $0.challenge.state(at: now) == .open
        }) {
            var challenge = open.challenge
            challenge.resend(at: now, life: leg.challenge.life, minimum: leg.minimumLife)
            try connection.run(
                "UPDATE challenge SET codes = ?, issued = ?, expires = ?, earlier_expires = ? WHERE id = ?",
                .integer(challenge.codes),
                .integer(challenge.issuedAt.milliseconds),
                .integer(challenge.expiresAt.milliseconds),
                .optional(challenge.earlierExpiresAt?.milliseconds),
                .blob(challenge.id.bytes)
            )
            try endUnsent(of: challenge.id, as: .superseded)
            return challenge
        }
        let challenge = Challenge(
            id: leg.challenge.id,
            purpose: submission.purpose,
            channel: leg.channel,
            digits: leg.challenge.digits,
            issuedAt: now,
            expiresAt: now + leg.challenge.life,
            triesLeft: leg.challenge.tries,
            session: session
        )
        try connection.run(
            """
            INSERT INTO challenge (id, event, tenant, purpose, channel, person, session, code_key, digits, codes, issued,
                expires, tries)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .blob(challenge.id.bytes),
            .blob(submission.event.bytes),
            .integer(tenant),
            .integer(challenge.purpose.rawValue),
            .integer(challenge.channel.rawValue),
            .blob(leg.person.bytes),
            .optional(session),
            .text(leg.challenge.codeKey),
            .integer(Int64(challenge.digits)),
            .integer(challenge.codes),
            .integer(challenge.issuedAt.milliseconds),
            .integer(challenge.expiresAt.milliseconds),
            .integer(challenge.triesLeft)
        )
        try forgetShadow(of: leg.person, purpose: submission.purpose)
        return challenge
    }

    private mutating func insertDelivery(
        _ leg: Submission.Leg,
        _ challenge: Challenge,
        of submission: Submission,
        tenant: Int64
    ) throws(SQLiteError) -> AcceptedEvent.Delivery {
        guard let choice = try choose(for: leg.channel) else {
            throw .damage("a route vanished while an event was accepted")
        }
        let sendBefore = challenge.expiresAt - leg.minimumLife
        let row = HotRow(
            id: leg.delivery,
            channel: leg.channel,
            priority: submission.purpose.priority,
            tenant: tenant,
            sendBefore: sendBefore,
            state: choice.state,
            reason: choice.state == .parked ? .gatewayDown : nil,
            gateway: choice.gateway,
            due: now,
            fence: 0,
            lease: BootInstant(milliseconds: 0),
            tried: 0,
            counted: 0,
            crashes: 0,
            isTrial: choice.isTrial
        )
        try connection.run(
            """
            INSERT INTO delivery (id, event, challenge, code, tenant, purpose, channel, created, send_before, expires,
                accepted_parked, state, gateway)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .blob(leg.delivery.bytes),
            .blob(submission.event.bytes),
            .blob(challenge.id.bytes),
            .integer(challenge.codes),
            .integer(tenant),
            .integer(submission.purpose.rawValue),
            .integer(leg.channel.rawValue),
            .integer(now.milliseconds),
            .integer(sendBefore.milliseconds),
            .integer(challenge.expiresAt.milliseconds),
            .integer(choice.state == .parked ? 1 : 0),
            .integer(choice.state.rawValue),
            .integer(choice.gateway)
        )
        try insert(row)
        return AcceptedEvent.Delivery(
            id: leg.delivery,
            channel: leg.channel,
            isParked: choice.state == .parked,
            challenge: challenge.id,
            expiresAt: challenge.expiresAt,
            digits: challenge.digits
        )
    }
}
