import AuthEvents
import Clocks
import Deliveries
import JSON
import Limits
import Spend
import Store

// Why an event was refused. It is kept, so what the event says in its own words stays out of it.
extension Story {
    /// `refusal`: What the settings or the store have against it; `nil` where it could not be read.
    init(
        of problem: Problem,
        _ type: EventType?,
        tenant: TenantName,
        _ refusal: LegRefusal?,
        at now: Instant
    ) {
        let what = type.map { "The event \($0.name)" } ?? "An event"
        let channel = refusal.map { ", by \($0.channel.name)" } ?? ""
        tell(
            .event,
            at: now,
            "\(what) came for the tenant \(tenant)\(channel).",
            [
                "type": type.map { .string($0.name) } ?? nil, "purpose": type.map { .string($0.purpose.name) } ?? nil,
                "tenant": .string("\(tenant)"), "channel": refusal.map { .string($0.channel.name) } ?? nil,
                "previous": .bool(refusal?.isPrevious ?? false),
            ]
        )
        if let refusal { tell(refusal, at: now) } else { tellFault(of: problem, at: now) }
        var facts: JSONObject = ["problem": .string(problem.name.rawValue)]
        facts["retry_after"] = problem.retryAfter.map(JSONValue.integer)
        tell(.refused, at: now, "It was refused as \(problem.name.rawValue); nothing of it was sent.", facts)
    }

    private mutating func tellFault(of problem: Problem, at now: Instant) {
        var facts: JSONObject = [:]
        facts["offset"] = problem.members["offset"]
        facts["limit_bytes"] = problem.members["limit_bytes"]
        let place = problem.members["pointer"]?.string.map(Story.ownNames)
        facts["pointer"] = place.map(JSONValue.string)
        var reason = problem.members["reason"]?.string
        if let text = reason, let place, place.hasSuffix("*") {
            // The only word of the event that a reason repeats is the name that the pointer ends with.
            reason = "this member" + (text.firstIndex(of: " ").map { String(text[$0...]) } ?? "")
            if text.hasPrefix("this ") || text.hasPrefix("a ") || text.hasPrefix("an ") { reason = text }
        }
        facts["reason"] = reason.map(JSONValue.string)
        let spot = place.map { $0.isEmpty ? "" : " at \($0)" } ?? ""
        var sentence = "\(problem.name.title)\(spot)\(reason.map { ": \($0)" } ?? "")"
        if !sentence.hasSuffix(".") { sentence += "." }
        tell(.fault, at: now, sentence, facts)
    }

    /// A pointer with a star for each name that is none of ours: an event may have anything there, a person's name too.
    private static func ownNames(of pointer: String) -> String {
        let own = Set(EventType.allCases.flatMap(\.members)).union([
            "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data",
            "data_base64", "",
        ])
        return pointer.split(separator: "/", omittingEmptySubsequences: false).map { part in
            own.contains(String(part)) || part.count < 5 && part.allSatisfy(\.isNumber) ? String(part) : "*"
        }.joined(separator: "/")
    }

    private mutating func tell(_ refusal: LegRefusal, at now: Instant) {
        switch (refusal.cause, refusal.judgement) {
        case (.limited(_, let wait), .limit(let limit)):
            var facts = limit.facts
            facts["retry_after_ms"] = .integer(wait.milliseconds)
            tell(
                .limit,
                at: now,
                "The limit \(limit.name) lets \(limit.rate.text) through \(Story.words(limit.scope)): "
                    + "\(limit.burst - limit.left) of \(limit.burst) were used, the next may come in "
                    + "\(Story.seconds(wait)).",
                facts
            )
        case (.limited(_, let wait), .resend(let resend)):
            var facts = resend.facts
            facts["retry_after_ms"] = .integer(wait.milliseconds)
            tell(
                .resend,
                at: now,
                "The person had been written to \(Story.times(resend.sent)): \(resend.wait.text) must pass since, "
                    + "\(Story.seconds(resend.elapsed)) had.",
                facts
            )
        case (.limited(let name, let wait), _):
            tell(
                .limit,
                at: now,
                "The limit \(name) has no room before \(Story.seconds(wait)) have passed.",
                ["limit": .string(name), "retry_after_ms": .integer(wait.milliseconds)]
            )
        case (.overBudget(let name, let end), let judgement):
            guard case .budget(let budget) = judgement else {
                let facts: JSONObject = ["budget": .string(name), "resets_at": .string("\(end)")]
                return tell(.budget, at: now, "The budget \(name) had no room before \(end).", facts)
            }
            tell(
                .budget,
                at: now,
                "It does not fit: \(budget.words), and it takes \(budget.amount.amount); there is no room before \(end).",
                budget.facts
            )
        case (.suppressed(let reason, let until), _):
            tell(
                .checks,
                at: now,
                "The recipient is suppressed\(until.map { " until \($0)" } ?? "").",
                [
                    "suppressed": true, "reason": .string(reason),
                    "until": until.map { .string("\($0)") } ?? nil,
                ]
            )
        case (.held(let reason, let until, _), let judgement):
            var facts: JSONObject = ["held": true, "reason": .string(reason), "until": .string("\(until)")]
            var what = "A hold"
            if case .hold(let scope) = judgement {
                facts["scope"] = .string(scope.rawValue)
                what = Story.words(scope).replacing("a hold", with: "A hold", maxReplacements: 1)
            }
            tell(.checks, at: now, "\(what) stops it until \(until).", facts)
        case (.destination(let cause), let judgement):
            guard case .destination(let figures) = judgement else {
                let facts: JSONObject = ["reason": .string(cause.reason.rawValue)]
                return tell(.route, at: now, "No route of the channel \(refusal.channel.name) takes it.", facts)
            }
            tell(cause, figures, at: now)
        }
    }
}
