import AuthEvents
import Deliveries
import SQLite
import Spend
import Store

/// Why something is refused, and the numbers that say so.
struct Obstacle {
    var cause: LegRefusal.Cause
    var judgement: Judgement?

    init(_ cause: LegRefusal.Cause, _ judgement: Judgement? = nil) {
        (self.cause, self.judgement) = (cause, judgement)
    }
}

extension WriterCore {
    /// Why a leg cannot be accepted now, together with others.
    mutating func obstacle(
        to leg: Submission.Leg,
        of submission: Submission,
        besides others: [Submission.Leg]
    ) throws(SQLiteError) -> Obstacle? {
        if let suppression = try suppression(of: leg) { return Obstacle(suppression) }
        if let hold = hold(on: leg, of: submission.tenant) {
            let cause = LegRefusal.Cause.held(reason: hold.reason, until: hold.until, isWhole: hold.scope == .tenant)
            return Obstacle(cause, .hold(hold.scope))
        }
        guard routing.route(for: leg.channel, country: leg.costs?.country) != nil else {
            return Obstacle(.destination(DestinationRefusal(country: leg.costs?.country, reason: .noRoute)))
        }
        if let limit = try limitRefusal(of: leg, purpose: submission.purpose, besides: others) { return limit }
        guard let costs = leg.costs else { return nil }
        func demand(_ costs: Submission.Costs) -> BudgetDemand {
            let subject = Budget.Subject(
                tenant: "\(submission.tenant)",
                country: costs.country,
                purpose: submission.purpose.name
            )
            return BudgetDemand(amount: costs.dearest.amount, subject: subject)
        }
        return try budgetRefusal(of: demand(costs), besides: others.compactMap { $0.costs.map(demand) })
    }
}

extension WriterCore {
    /// Channels that could take the place of one that is refused.
    ///
    /// The event's own legs that were accepted, and what it has an address for besides, unless something stands against
    /// it now. Whether any gateway takes the channel is not asked.
    mutating func others(
        of submission: Submission,
        accepting legs: [Submission.Leg]
    ) throws(SQLiteError) -> [Channel] {
        var channels = legs.filter { !$0.isPrevious }.map(\.channel)
        for leg in submission.alternatives() {
            let cause = try obstacle(to: leg, of: submission, besides: [])?.cause
            if case .destination(let refusal) = cause, refusal.reason == .noRoute { channels.append(leg.channel) }
            if cause == nil { channels.append(leg.channel) }
        }
        return channels
    }
}

extension [LegRefusal] {
    /// What is answered where every leg must go: what no waiting helps against, else what is to be waited for longest.
    var furthest: LegRefusal? {
        first { $0.wait == nil } ?? self.max { ($0.wait ?? .zero) < ($1.wait ?? .zero) }
    }

    /// What is answered where one leg will do: what is to be waited for shortest, else the first.
    var nearest: LegRefusal? {
        filter { $0.wait != nil }.min { ($0.wait ?? .zero) < ($1.wait ?? .zero) } ?? first
    }
}

extension LegRefusal {
    fileprivate var wait: Duration? {
        if case .limited(_, let wait) = cause { wait } else { nil }
    }
}

extension LegRefusal {
    init(of leg: Submission.Leg, _ obstacle: Obstacle) {
        self.init(
            channel: leg.channel,
            cause: obstacle.cause,
            isPrevious: leg.isPrevious,
            judgement: obstacle.judgement
        )
    }
}
