import AuthEvents
import Challenges
import Clocks
import Deliveries
import Limits
import SQLite
import Spend
import Store

extension WriterCore {
    /// See ``ReplayStore/begin(_:)``.
    mutating func begin(_ new: NewReplay) throws(SQLiteError) -> ReplayBeginning {
        if let key = new.key, let known = try connection.replay(of: key, since: now - idempotencyWindow) {
            return known.content == new.content.bytes ? .known(known.replay) : .conflict
        }
        try needRoom()
        try connection.run(
            """
            INSERT INTO replay (id, tenant, state, filter, rate_count, rate_ms, most, cursor, matched, made, skipped, key,
                content)
            VALUES (?, ?, ?, ?, ?, ?, ?, x'', 0, 0, '{}', ?, ?)
            """,
            .blob(new.id.bytes),
            .optional(new.tenant?.description),
            .integer(Replay.State.running.rawValue),
            .text(new.filter.text),
            .integer(new.rate.count),
            .integer(new.rate.period.milliseconds),
            .integer(Int64(new.limit)),
            .optional(new.key?.bytes),
            .blob(new.content.bytes)
        )
        return .begun(
            Replay(id: new.id, state: .running, filter: new.filter, rate: new.rate, limit: new.limit)
        )
    }

    /// See ``ReplayStore/stopReplay(_:of:)``.
    mutating func stopReplay(_ id: ReplayID, of tenant: TenantName?) throws(SQLiteError) -> Replay? {
        guard var replay = try connection.replay(id, of: tenant) else { return nil }
        if replay.state == .running {
            replay.state = .stopped
            try save(replay)
        }
        return replay
    }

    /// See ``ReplayStore/judge(_:besides:)``.
    mutating func judge(
        _ items: [ReplayItem],
        besides before: ReplaySums
    ) throws(SQLiteError) -> (fates: [ReplayFate], sums: ReplaySums) {
        var sums = before
        var fates: [ReplayFate] = []
        for item in items {
            let skip = try skip(of: item, besides: sums)
            if skip == nil, let leg = item.leg { sums.add(leg, of: item.candidate) }
            fates.append(skip.map(ReplayFate.skipped) ?? .sent)
        }
        return (fates, sums)
    }

    /// See ``ReplayStore/send(_:of:isLast:)``.
    mutating func send(_ items: [ReplayItem], of id: ReplayID, isLast: Bool) throws(SQLiteError) -> Replay {
        guard var replay = try connection.replay(id, of: nil) else { throw .damage("a replay vanished") }
        guard replay.state == .running else { return replay }
        try needRoom()
        for item in items where replay.made < Int64(replay.limit) {
            replay.matched += 1
            replay.cursor = item.candidate.delivery
            if let skip = try skip(of: item, besides: ReplaySums()) {
                replay.skipped[skip, default: 0] += 1
            } else if let leg = item.leg {
                try send(leg, in: item.candidate, of: id)
                replay.made += 1
            }
        }
        if isLast || replay.made >= Int64(replay.limit) { replay.state = .done }
        try save(replay)
        return replay
    }

    private mutating func send(
        _ leg: Submission.Leg,
        in candidate: ReplayCandidate,
        of replay: ReplayID
    ) throws(SQLiteError) {
        var challenge: Challenge?
        if let new = leg.proof.challenge, let id = candidate.challenge {
            guard let row = try connection.challenge(id) else { throw .damage("a delivery has no challenge") }
            challenge = try renew(row, life: min(new.life, life(of: row, as: candidate.delivery)))
        }
        let limits = try take(leg.slots)
        let origin = Origin(
            event: candidate.event,
            purpose: candidate.purpose,
            tenant: try tenantID(candidate.tenant),
            replay: replay
        )
        let opened = challenge.map { OpenedChallenge(challenge: $0, opening: .replayed) }
        try insertDelivery(leg, opened, limits: limits, of: origin)
    }

    /// How long the newest code of a challenge was to be good, which an event may have shortened.
    ///
    /// Its newest delivery says so: the challenge itself may have been ended early by a restore.
    private mutating func life(of row: ChallengeRow, as delivery: DeliveryID) throws(SQLiteError) -> Duration {
        let end = try connection.first(
            "SELECT expires FROM delivery WHERE id = ?",
            .blob(delivery.bytes),
            read: { Instant(milliseconds: $0.integer(0)) }
        )
        guard let end else { throw .damage("a delivery vanished") }
        return end - row.challenge.issuedAt
    }

    /// Gives a challenge one more code.
    private mutating func renew(_ row: ChallengeRow, life: Duration) throws(SQLiteError) -> Challenge {
        var challenge = row.challenge
        challenge.renew(at: now, life: life)
        try connection.run(
            """
            UPDATE challenge SET codes = ?, issued = ?, expires = ?, earlier_expires = ?, sends = ?, sent = ? WHERE id = ?
            """,
            .integer(challenge.codes),
            .integer(challenge.issuedAt.milliseconds),
            .integer(challenge.expiresAt.milliseconds),
            .optional(challenge.earlierExpiresAt?.milliseconds),
            .integer(row.sends + 1),
            .integer(now.milliseconds),
            .blob(challenge.id.bytes)
        )
        return challenge
    }

    /// Why a candidate is not sent again now; `nil` where it is.
    private mutating func skip(of item: ReplayItem, besides sums: ReplaySums) throws(SQLiteError) -> ReplaySkip? {
        if let skip = try standing(of: item.candidate) ?? item.skip { return skip }
        guard let leg = item.leg else { return .refused }
        if try suppression(of: leg) != nil { return .suppressed }
        if hold(on: leg, of: item.candidate.tenant) != nil { return .held }
        guard routing.route(for: leg.channel, country: leg.costs?.country) != nil else { return .refused }
        for slot in leg.slots where try wait(for: slot, after: sums.slots[slot.bucket] ?? 0) > .zero { return .limited }
        guard let costs = leg.costs else { return nil }
        let demand = BudgetDemand(amount: costs.dearest.amount, subject: item.candidate.subject(costs))
        let others = sums.amounts.values.map { BudgetDemand(amount: $0.amount, subject: $0.subject) }
        return try budgetRefusal(of: demand, besides: others) == nil ? nil : .overBudget
    }

    static let replayed: StaticString = """
        SELECT state, challenge, EXISTS (
            SELECT 1 FROM delivery AS later INDEXED BY delivery_challenge
            WHERE delivery.challenge <> x'' AND later.challenge = delivery.challenge AND later.id > delivery.id)
            OR EXISTS (
            SELECT 1 FROM delivery AS later INDEXED BY delivery_event
            WHERE delivery.challenge = x'' AND later.event = delivery.event AND later.id > delivery.id
                AND later.channel = delivery.channel AND later.previous = delivery.previous
                AND later.challenge = x'')
        FROM delivery WHERE id = ?
        """

    /// What has become of a candidate and of its challenge since.
    private mutating func standing(of candidate: ReplayCandidate) throws(SQLiteError) -> ReplaySkip? {
        let row = try connection.first(
            WriterCore.replayed,
            .blob(candidate.delivery.bytes),
            read: { (state: $0.integer(0), hasLater: $0.integer(2) != 0) }
        )
        guard let row, [DeliveryState.dead.rawValue, DeliveryState.undelivered.rawValue].contains(row.state) else {
            return .superseded
        }
        guard let id = candidate.challenge, let challenge = try connection.challenge(id) else {
            return row.hasLater ? .superseded : nil
        }
        // A group stands and falls together.
        let group = try connection.group(of: challenge).map(\.challenge)
        if group.contains(where: { $0.verifiedAt != nil || $0.closedAt != nil }) { return .verified }
        let isOvertaken = try isOvertaken(challenge)
        if row.hasLater || isOvertaken { return .superseded }
        return group.contains { $0.triesLeft <= 0 } ? .limited : nil
    }

    /// Whether the person has asked anew, and has another challenge since.
    private mutating func isOvertaken(_ row: ChallengeRow) throws(SQLiteError) -> Bool {
        let newest = try challenges(of: row.person, purpose: row.challenge.purpose)
            .first { $0.challenge.session == row.challenge.session }
        return newest.map { $0.challenge.id > row.challenge.id } ?? false
    }

    private mutating func save(_ replay: Replay) throws(SQLiteError) {
        try connection.run(
            "UPDATE replay SET state = ?, cursor = ?, matched = ?, made = ?, skipped = ? WHERE id = ?",
            .integer(replay.state.rawValue),
            .blob(replay.cursor?.bytes ?? []),
            .integer(replay.matched),
            .integer(replay.made),
            .text(ReplaySkip.text(of: replay.skipped)),
            .blob(replay.id.bytes)
        )
    }
}

extension ReplayCandidate {
    fileprivate func subject(_ costs: Submission.Costs) -> Budget.Subject {
        Budget.Subject(tenant: tenant.description, country: costs.country, purpose: purpose.name)
    }
}

extension ReplaySums {
    fileprivate mutating func add(_ leg: Submission.Leg, of candidate: ReplayCandidate) {
        for slot in leg.slots { slots[slot.bucket, default: 0] += 1 }
        guard let costs = leg.costs else { return }
        let subject = candidate.subject(costs)
        let amount = costs.dearest.amount
        let key = [subject.tenant, subject.country, subject.purpose, amount.currency.description].joined(separator: "|")
        let sum = (amounts[key]?.amount.micros ?? 0) + amount.micros
        amounts[key] = (Money(micros: sum, currency: amount.currency), subject)
    }
}
