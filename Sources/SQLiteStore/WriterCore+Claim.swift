import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

extension WriterCore {
    /// Rows that are past their deadline or held, of which one claim may rid itself; the rest is the sweep's.
    private static let buriedPerClaim = 100

    /// See ``DeliveryQueue/claim(_:)``.
    mutating func claim(_ request: ClaimRequest) throws(SQLiteError) -> [ClaimedDelivery] {
        try needDisk()
        try welcome(request)
        guard try !holdsSuspect(request) else { return [] }
        if let alone = try claimAlone(request) { return alone }
        var claimed: [ClaimedDelivery] = []
        let gateways = request.gateways.compactMap { name in
            isHeld(gateway: name)
                ? nil : routing.terms(of: name).flatMap { terms in state.gatewayNames.ids[name].map { ($0, terms) } }
        }
        for priority in Purpose.priorities {
            for (id, terms) in gateways {
                let place = Lanes.Place(gateway: id, priority: priority)
                let isAlone = try claim(at: place, terms, request, into: &claimed)
                if isAlone || claimed.count >= request.limit { return claimed }
            }
        }
        return claimed
    }

    /// Frees what the process before this one had claimed under the same name and not begun.
    ///
    /// Only the first claim of a process does it: two that live under one name must not take turns at it.
    private mutating func welcome(_ request: ClaimRequest) throws(SQLiteError) {
        guard state.instances.note(request, at: boot) else { return }
        let ids = try connection.all(
            """
            SELECT id FROM hot INDEXED BY hot_lease
            WHERE state IN (3, 4) AND state = 3 AND carrier = ? AND instance <> ?
            """,
            .text(request.carrier),
            .text(request.instance),
            read: { DeliveryID(bytes: $0.blob(0)) }
        )
        for id in ids {
            guard let id, let row = try hotRow(id) else { continue }
            try rescue(row)
        }
    }

    /// Takes back a claim whose carrier died before it began, and buries what it must have died of.
    mutating func rescue(_ claimed: HotRow) throws(SQLiteError) {
        var deaths = state.deaths[claimed.channel] ?? Deaths()
        if deaths.note(claimed, at: boot) {
            state.deaths[claimed.channel] = deaths
            try connection.save(deaths, of: claimed.channel)
        }
        var row = claimed
        row.crashes += 1
        guard !deaths.areProof(row.crashes, at: boot) else { return try retire(row, to: .dead, reason: .crashed) }
        try sendOn(&row, due: now)
        try update(row, from: claimed.state)
    }

    /// Serves the tenants with something due there one after the other, each its share, until the claim is full.
    ///
    /// Returns whether the claim must hold nothing but what it has.
    private mutating func claim(
        at place: Lanes.Place,
        _ terms: GatewayTerms,
        _ request: ClaimRequest,
        into claimed: inout [ClaimedDelivery]
    ) throws(SQLiteError) -> Bool {
        while claimed.count < request.limit {
            let tenants = state.due(at: place, now: now.milliseconds, below: request.inHandBelow)
            guard !tenants.isEmpty else { return false }
            let share = max(1, (request.limit - claimed.count) / tenants.count)
            let before = claimed.count
            for tenant in tenants where claimed.count < request.limit {
                let room = min(share, request.limit - claimed.count)
                let isAlone = try claim(of: tenant, at: place, room: room, terms, request, into: &claimed)
                state.lanes.served(tenant, at: place)
                if isAlone { return true }
            }
            // Nothing but rows that must come alone, or that were past their deadline.
            if claimed.count == before { return false }
        }
        return false
    }

    /// Returns whether the claim must hold nothing but what it has.
    private mutating func claim(
        of tenant: Int64,
        at place: Lanes.Place,
        room: Int,
        _ terms: GatewayTerms,
        _ request: ClaimRequest,
        into claimed: inout [ClaimedDelivery]
    ) throws(SQLiteError) -> Bool {
        var taken = 0
        var buried = 0
        var passedOver = 0
        var isAlone = false
        // Only rows that leave without being taken make it look again: each row that is looked at costs a search of the table.
        while taken < room, !isAlone, buried < WriterCore.buriedPerClaim {
            let before = buried
            let ids = try due(of: tenant, at: place, limit: room - taken + passedOver)
            passedOver = 0
            for id in ids where taken < room && !isAlone {
                guard let row = try hotRow(id) else { continue }
                if row.sendBefore <= now {
                    try retire(row, to: .dead, reason: .expired)
                    buried += 1
                    continue
                }
                if let reason = try stop(of: row) {
                    try park(row, as: reason)
                    buried += 1
                    continue
                }
                if row.isSuspect {
                    guard claimed.isEmpty else {
                        passedOver += 1
                        continue
                    }
                    isAlone = true
                    // Nothing else may die with it: it waits until this process has begun what it holds.
                    if try holdsAny(request) {
                        emptyHands(of: request, for: row)
                        break
                    }
                    state.suspects.insert(row.id)
                }
                claimed.append(try lease(row, terms, request))
                taken += 1
            }
            if buried == before { break }
        }
        try refreshLane(of: tenant, at: place)
        return isAlone
    }

    mutating func lease(
        _ ready: HotRow,
        _ terms: GatewayTerms,
        _ request: ClaimRequest
    ) throws(SQLiteError) -> ClaimedDelivery {
        var row = ready
        let attempt = AttemptID(at: now, using: &generator)
        row.state = .leased
        row.fence = try nextFence()
        row.lease = boot + GatewayTerms.claimLease
        row.attempt = attempt
        row.carrier = request.carrier
        row.instance = request.instance
        try update(row, from: .ready)
        let token = CarrierToken(epoch: epoch, delivery: row.id, fence: row.fence)
        let tenant = try tenantName(row.tenant)
        let claimed = try connection.first(
            """
            SELECT event.id, event.seal_key, event.sealed, event.locale, challenge.id, delivery.code, challenge.digits,
                challenge.code_key, delivery.purpose, delivery.expires, outlay.country, event.brought, delivery.previous
            FROM delivery JOIN event ON event.id = delivery.event
            LEFT JOIN challenge ON challenge.id = delivery.challenge
            LEFT JOIN outlay ON outlay.delivery = delivery.id
            WHERE delivery.id = ?
            """,
            .id(row.id),
            read: { columns -> ClaimedDelivery? in
                guard let event = EventID(bytes: columns.blob(0)), let purpose = Purpose(rawValue: columns.integer(8))
                else { return nil }
                let challenge = columns.optionalBlob(4).flatMap(ChallengeID.init(bytes:))
                let code = challenge.map { id in
                    CodePlace(
                        challenge: id,
                        number: columns.integer(5),
                        digits: Int(columns.integer(6)),
                        key: columns.text(7)
                    )
                }
                return ClaimedDelivery(
                    token: token,
                    attempt: attempt,
                    gateway: terms,
                    purpose: purpose,
                    channel: row.channel,
                    tenant: tenant,
                    locale: columns.optionalText(3),
                    event: event,
                    sealed: SealedBytes(key: columns.text(1), bytes: columns.blob(2)),
                    brought: columns.optionalBlob(11),
                    isPrevious: columns.integer(12) != 0,
                    code: code,
                    sendBefore: row.sendBefore,
                    expiresAt: Instant(milliseconds: columns.integer(9)),
                    country: columns.optionalText(10)
                )
            }
        )
        guard let claimed = claimed?.flatMap(\.self) else {
            throw .damage("a hot row has no delivery or event")
        }
        return claimed
    }

    /// See ``DeliveryQueue/free(_:)``.
    mutating func free(_ tokens: [CarrierToken]) throws(SQLiteError) {
        for token in tokens where token.epoch == epoch {
            guard let row = try hotRow(token.delivery), row.fence == token.fence, row.state == .leased else {
                try freeQuestion(token)
                continue
            }
            var freed = row
            try sendOn(&freed, due: now)
            try update(freed, from: .leased)
        }
    }
}
