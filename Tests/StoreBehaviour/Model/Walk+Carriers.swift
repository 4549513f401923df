import AuthEvents
import Clocks
import Deliveries
import Limits
import Spend
import Store
import TestSupport
import Testing

/// What a carrier was handed, and what it was told since.
struct Claim: Sendable {
    var claimed: ClaimedDelivery
    /// How often the store had been restored.
    var life: Int
    /// The last answer to its begin.
    var said: BeginResult?

    var delivery: DeliveryID { claimed.token.delivery }
    var fence: Int64 { claimed.token.fence }
    var attempt: AttemptID { claimed.attempt }
}

extension Walk {
    mutating func claim(_ carrier: Int, _ limit: Int, _ isNew: Bool, _ below: Int?) async throws {
        if isNew { processes[carrier] += 1 }
        let (process, gateways) = (processes[carrier], Command.carriers[carrier])
        let claimed = try await store.claim(
            ClaimRequest(
                carrier: "carrier \(carrier)",
                instance: "process \(process)",
                gateways: gateways,
                limit: limit,
                inHandBelow: below
            )
        )
        answer = "\(claimed.count)"
        claims += claimed.map { Claim(claimed: $0, life: model.life) }
        try await check { model, seen in
            if isNew { model.replace(carrier: carrier, by: process, seen) }
            model.claim(claimed, by: (carrier, process), at: gateways, limit: limit, below: below, seen)
        }
    }

    mutating func carry(_ command: Command) async throws {
        switch command {
        case .begin(let index, let cents, let behind): try await begin(index, cents, behind)
        case .settle(let index, let outcome, let isUnreachable, let pause, let bill):
            try await settle(index, outcome, isUnreachable, pause, bill)
        case .free(let index):
            guard let claim = claims.back(index) else { return }
            try await store.free([claim.claimed.token])
            try await check { model, _ in model.free(claim) }
        case .refuse(let index):
            guard let claim = claims.back(index) else { return }
            try await store.refuse(claim.claimed.token)
            try await check { model, seen in model.refuse(claim, seen) }
        case .receive(let index, let state, let bill):
            guard let claim = claims.back(index), claim.claimed.channel == .sms else { return }
            let receipt = Receipt(state: state, price: bill.map { .cents($0) })
            let result = try await store.receive(receipt, of: claim.claimed.gateway.name, at: claim.attempt)
            answer = result.rawValue
            try await check { model, seen in model.receive(receipt, of: claim, result, seen) }
        default: break
        }
    }

    private mutating func begin(_ index: Int, _ cents: Int64, _ behind: Int?) async throws {
        guard let claim = claims.back(index) else { return }
        let former = behind.flatMap { claims.back($0) }.flatMap { former in
            former.claimed.token.delivery == claim.claimed.token.delivery ? nil : former
        }
        let reports = former.map { [Settlement(token: $0.claimed.token, outcome: .accepted)] } ?? []
        let isMail = claim.claimed.channel == .email
        let spend: BeginItem.Spend = isMail ? .none : cents == 0 ? .mismatch : .quote(scene.quote(.cents(cents)))
        let item = BeginItem(token: claim.claimed.token, spend: spend)
        let answers = try await store.begin([item], behind: reports, for: nil)
        let result = try #require(answers.begun.first)
        answer = result.rawValue
        try await check { model, seen in
            if let former, let report = reports.first, let settled = answers.settled.first {
                model.settle(former, report, settled, seen)
            }
            model.begin(claim, spend, result, seen)
        }
        claims[claims.count - 1 - index % claims.count].said = result
    }

    private mutating func settle(
        _ index: Int,
        _ outcome: Outcome,
        _ isUnreachable: Bool,
        _ pause: Int64?,
        _ bill: Int64?
    ) async throws {
        guard let claim = claims.back(index) else { return }
        let report = Settlement(
            token: claim.claimed.token,
            outcome: outcome,
            code: isUnreachable ? Outcome.unreachableCode : nil,
            retryAfter: pause.map { .seconds($0) },
            price: claim.claimed.channel == .sms ? bill.map { .cents($0) } : nil
        )
        let result = try #require(try await store.settle([report]).first)
        answer = result.rawValue
        try await check { model, seen in model.settle(claim, report, result, seen) }
    }
}

// MARK: Operators

extension Walk {
    mutating func stop(_ command: Command) async throws {
        switch command {
        case .hold(let kind, let seconds):
            let (scope, value) = Command.holds[kind]
            let hold = try await scene.hold(scope, value, for: .seconds(seconds))
            let key = "\(scope) \(value)"
            if !holds.contains(key) { holds.append(key) }
            try await check { model, _ in model.holds[key] = hold }
        case .unhold(let index):
            guard let key = holds.back(index), let hold = model.holds[key] else { return }
            let isDone = try await store.removeHold(hold.id, of: nil)
            answer = "\(isDone)"
            try await check { model, _ in
                model.expect(isDone || model.now >= hold.until, "a hold was not there")
                model.holds[key] = nil
            }
        case .suppress(let person, let channel):
            let name = ["ann", "bob", "cyd"][person] + (channel == .sms ? " sms" : "")
            let id = try await scene.suppress(name, channel, of: person == 2 ? Scene.acme : .default).id
            suppressed.append((name, id))
            try await check { model, _ in model.suppress(name, id) }
        case .unsuppress(let index):
            guard let (person, id) = suppressed.back(index) else { return }
            let isDone = try await store.removeSuppression(id, of: nil)
            answer = "\(isDone)"
            try await check { model, _ in
                model.expect(
                    isDone == (model.suppressions[person] == id),
                    "ending a suppression was answered \(isDone)"
                )
                if isDone { model.suppressions[person] = nil }
            }
        default: break
        }
    }

    mutating func replay(_ limit: Int, _ isDry: Bool) async throws {
        let candidates = try await store.candidates(DeliveryFilter(), after: nil, limit: 1000)
        let isAll = candidates.map(\.delivery) == model.candidates
        model.expect(isAll, "there should be \(model.candidates.count) candidates, and there are \(candidates.count)")
        let now = scene.time.now()
        let items = candidates.compactMap { candidate in
            letters[candidate.delivery].map { letter in
                let leg = scene.stationery.submission(letter, at: now).legs[0]
                return ReplayItem(candidate: candidate, leg: leg)
            }
        }
        if isDry {
            let fates = try await store.judge(items, besides: ReplaySums()).fates
            let sent = Set(zip(items, fates).compactMap { $1 == .sent ? $0.candidate.delivery : nil })
            answer = "\(sent.count) of \(items.count)"
            for case .skipped(let skip) in fates { visit("look skipped \(skip.rawValue)") }
            if !sent.isEmpty { visit("look sent") }
            try await check { model, seen in
                var other = model
                _ = other.replay(items, nil, limit: .max, { sent.contains($0) ? $0 : nil }, seen)
            }
            return
        }
        try await send(items, limit)
    }

    private mutating func send(_ items: [ReplayItem], _ limit: Int) async throws {
        var dice = SeededGenerator(seed: UInt64(scene.stationery.next()))
        let new = NewReplay(
            id: ReplayID(at: scene.time.now(), using: &dice),
            tenant: nil,
            filter: DeliveryFilter(),
            rate: Rate(count: 10, period: .seconds(1)),
            limit: limit,
            key: nil,
            content: Digest(of: "content")
        )
        _ = try await store.begin(new)
        let replay = try await store.send(items, of: new.id, isLast: true)
        answer =
            "\(replay.made) of \(replay.matched), skipped \(replay.skipped.map { "\($0.key) \($0.value)" }.sorted())"
        if replay.made > 0 { visit("replay sent") }
        for skip in replay.skipped.keys { visit("replay skipped \(skip.rawValue)") }
        let made = try await made(by: new.id, of: items)
        for (item, id) in made {
            letters[id] = letters[item]
            deliveries.append(id)
        }
        try await check { model, seen in
            let (made, matched, must, isFree) = model.replay(items, new.id, limit: limit, { made[$0] }, seen)
            model.expect(replay.made == Int64(made) && replay.matched == Int64(matched), "the replay counts otherwise")
            var counts: [ReplaySkip: Int64] = [:]
            for skip in must { counts[skip, default: 0] += 1 }
            model.expect(isFree || counts == replay.skipped, "it should have skipped \(counts)")
            model.expect(replay.state == .done, "the replay is \(replay.state)")
        }
    }

    /// The fresh deliveries by those that they take the place of.
    private func made(by replay: ReplayID, of items: [ReplayItem]) async throws -> [DeliveryID: DeliveryID] {
        var filter = DeliveryFilter(limit: 1000)
        filter.replay = replay
        var made: [DeliveryID: DeliveryID] = [:]
        for fresh in try await store.deliveries(filter).items {
            // Of several of a challenge, or of an event, the newest is sent again.
            let former = items.map(\.candidate).last { candidate in
                fresh.challenge.map { $0 == candidate.challenge }
                    ?? (candidate.challenge == nil && fresh.event == candidate.event)
            }
            if let former { made[former.delivery] = fresh.id }
        }
        return made
    }
}
