import AuthEvents
import Challenges
import Clocks
import Deliveries
import SQLite
import Spend
import Store

extension WriterCore {
    /// See ``EventStore/accept(_:)``.
    mutating func accept(_ submission: Submission) throws(SQLiteError) -> Acceptance {
        if let known = try known(submission) { return known }
        if let problem = submission.problem { return .invalid(problem) }
        try needRoom()
        var legs: [Submission.Leg] = []
        var refused = submission.refused
        // What must all be sent must all have room at once, also when it comes again.
        var together: [Submission.Leg] = []
        for leg in submission.legs {
            if let obstacle = try obstacle(to: leg, of: submission, besides: together) {
                refused.append(LegRefusal(of: leg, obstacle))
                if submission.isGroup || leg.isPrevious { continue }
            } else {
                legs.append(leg)
            }
            together.append(leg)
        }
        if !submission.isGroup || legs.isEmpty {
            let decisive = refused.filter { !$0.isPrevious }
            if let refusal = submission.isGroup ? decisive.nearest : decisive.furthest {
                return .refused(refusal, others: try others(of: submission, accepting: legs))
            }
        }
        if legs.isEmpty, let first = refused.first { return .refused(first, others: []) }
        let tenant = try tenantID(submission.tenant)
        try insertEvent(submission, tenant: tenant, refused: refused)
        let challenges = try openChallenges(for: legs, of: submission, tenant: tenant)
        let origin = Origin(event: submission.event, purpose: submission.purpose, tenant: tenant)
        var deliveries: [AcceptedEvent.Delivery] = []
        for (leg, challenge) in zip(legs, challenges) {
            let limits = try take(leg.slots)
            deliveries.append(try insertDelivery(leg, challenge, limits: limits, of: origin))
        }
        // The order in which a duplicate is answered.
        return .accepted(AcceptedEvent(deliveries: deliveries.sorted { $0.id < $1.id }, refused: refused))
    }

    /// What was answered to the same event before, within the window.
    private mutating func known(_ submission: Submission) throws(SQLiteError) -> Acceptance? {
        guard let seen = try recent.seen.row(RowKey(submission.identity), &connection),
            seen.received > now - dedupeWindow
        else { return nil }
        let event = seen.event.bytes
        let known = try connection.first(
            "SELECT content, refused FROM event WHERE id = ?",
            .blob(event),
            read: { (content: $0.blob(0), refused: $0.optionalText(1)) }
        )
        // Retention took it before the window was over: nobody knows any more what was answered.
        guard let (content, refused) = known else { return .duplicate(AcceptedEvent(deliveries: [], refused: [])) }
        guard content == submission.content.bytes else { return .conflict }
        let deliveries = try connection.all(
            """
            SELECT delivery.id, delivery.channel, accepted_parked, challenge.id, delivery.expires, digits, outlay.country,
                outlay.segments, outlay.encoding, outlay.amount, outlay.currency, outlay.price_version
            FROM delivery LEFT JOIN challenge ON challenge.id = delivery.challenge
            LEFT JOIN outlay ON outlay.delivery = delivery.id
            WHERE delivery.event = ? AND delivery.replay IS NULL ORDER BY delivery.id
            """,
            .blob(event),
            read: { row -> AcceptedEvent.Delivery? in
                guard let id = DeliveryID(bytes: row.blob(0)), let channel = Channel(rawValue: row.integer(1))
                else { return nil }
                let challenge = row.optionalBlob(3).flatMap(ChallengeID.init(bytes:)).map {
                    AcceptedEvent.Delivery.Challenge(
                        id: $0,
                        expiresAt: Instant(milliseconds: row.integer(4)),
                        digits: Int(row.integer(5))
                    )
                }
                return AcceptedEvent.Delivery(
                    id: id,
                    channel: channel,
                    isParked: row.integer(2) != 0,
                    challenge: challenge,
                    estimate: Estimate(row, from: 6)
                )
            }
        )
        return .duplicate(
            AcceptedEvent(
                deliveries: deliveries.compactMap(\.self),
                refused: refused.map(LegRefusal.list(text:)) ?? []
            )
        )
    }

    private mutating func insertEvent(
        _ submission: Submission,
        tenant: Int64,
        refused: [LegRefusal]
    ) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO event (id, tenant, purpose, name, source, locale, subject, content, received, seal_key, sealed,
                refused, brought, type, occurred)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .id(submission.event),
            .integer(tenant),
            .integer(submission.purpose.rawValue),
            .text(submission.name),
            .text(submission.source),
            .optional(submission.locale),
            .optional(submission.subject?.bytes),
            .blob(submission.content.bytes),
            .integer(submission.receivedAt.milliseconds),
            .text(submission.sealed.key),
            .blob(submission.sealed.bytes),
            .optional(refused.isEmpty ? nil : LegRefusal.text(of: refused)),
            .optional(submission.brought),
            .optional(submission.type),
            .optional(submission.occurredAt?.milliseconds)
        )
        let seen = SeenRow(event: submission.event, received: now)
        recent.seen.set(RowKey(submission.identity), seen)
    }

    /// What a delivery is made under.
    struct Origin {
        var event: EventID
        var purpose: Purpose
        var tenant: Int64
        var replay: ReplayID?
    }

    @discardableResult
    mutating func insertDelivery(
        _ fresh: Submission.Leg,
        _ opened: OpenedChallenge?,
        limits: [LimitJudgement],
        of origin: Origin
    ) throws(SQLiteError) -> AcceptedEvent.Delivery {
        let challenge = opened?.challenge
        var leg = fresh
        leg.delivery = try newestID(for: fresh, challenge, of: origin)
        let priced = leg.costs.map { costs in Set(costs.quotes.map(\.gateway)) }
        guard var choice = try choose(for: leg.channel, country: leg.costs?.country, among: priced) else {
            throw .damage("a route vanished while an event was accepted")
        }
        if choice.state == .ready, state.pauses[leg.channel] != nil {
            choice = Placement(gateway: choice.gateway, reason: .paused)
        }
        let expiresAt = challenge?.expiresAt ?? leg.proof.until ?? now
        let sendBefore = expiresAt - leg.minimumLife
        let row = HotRow(
            id: leg.delivery,
            channel: leg.channel,
            priority: (leg.isPrevious ? .notice : origin.purpose).priority,
            tenant: origin.tenant,
            sendBefore: sendBefore,
            state: choice.state,
            reason: choice.reason,
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
                accepted_parked, state, gateway, previous, slots, person, replay, decision)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .id(leg.delivery),
            .id(origin.event),
            challenge.map { .id($0.id) } ?? .blob([]),
            .integer(challenge?.codes ?? 0),
            .integer(origin.tenant),
            .integer(origin.purpose.rawValue),
            .integer(leg.channel.rawValue),
            .integer(now.milliseconds),
            .integer(sendBefore.milliseconds),
            .integer(expiresAt.milliseconds),
            .integer(choice.state == .parked ? 1 : 0),
            .integer(choice.state.rawValue),
            .integer(choice.gateway),
            .integer(leg.isPrevious ? 1 : 0),
            .optional(TakenSlot.bytes(of: leg.slots)),
            .optional(challenge == nil ? leg.person.bytes : nil),
            .optional(origin.replay?.bytes),
            .text(try decision(on: leg, opened, limits, choice, of: origin).text)
        )
        try insert(row)
        if let costs = leg.costs {
            let outlay = try insertOutlay(costs, of: leg.delivery, tenant: origin.tenant, purpose: origin.purpose)
            try accountForReservation(outlay)
        }
        return AcceptedEvent.Delivery(
            id: leg.delivery,
            channel: leg.channel,
            isParked: choice.state == .parked,
            challenge: challenge.map {
                AcceptedEvent.Delivery.Challenge(id: $0.id, expiresAt: $0.expiresAt, digits: $0.digits)
            },
            estimate: leg.costs.map(Estimate.init)
        )
    }
}

extension Estimate {
    fileprivate init(_ costs: Submission.Costs) {
        let dearest = costs.dearest
        self.init(
            country: costs.country,
            segments: Int64(dearest.segments.segments),
            encoding: dearest.segments.encoding,
            amount: dearest.amount,
            priceVersion: dearest.price.version
        )
    }

    /// Reads country, segments, encoding, amount, currency and price version from six columns; `nil` for a mail.
    init?(_ row: borrowing Row, from column: Int32) {
        guard let country = row.optionalText(column), let encoding = SMSEncoding(rawValue: row.integer(column + 2)),
            let currency = Currency(row.text(column + 4))
        else { return nil }
        self.init(
            country: country,
            segments: row.integer(column + 1),
            encoding: encoding,
            amount: Money(micros: row.integer(column + 3), currency: currency),
            priceVersion: row.text(column + 5)
        )
    }
}
