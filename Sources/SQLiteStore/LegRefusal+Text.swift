import AuthEvents
import Clocks
import Deliveries
import JSON
import Store

// How an event keeps what of its group was refused, so that a duplicate is answered the same.
extension LegRefusal {
    static func text(of list: [LegRefusal]) -> String {
        let json = JSONValue.array(list.map(\.json)).serialized()
        return String(decoding: json, as: UTF8.self)
    }

    /// What is not understood is left out: it says why something was not sent, nothing else hangs on it.
    static func list(text: String) -> [LegRefusal] {
        guard case .array(let items)? = try? JSONValue(parsing: [UInt8](text.utf8)) else { return [] }
        return items.compactMap(LegRefusal.init)
    }

    private var json: JSONValue {
        switch cause {
        case .destination(let refusal):
            [
                "channel": .string(channel.name), "reason": .string(refusal.reason.rawValue),
                "country": refusal.country.map(JSONValue.string) ?? nil, "previous": .bool(isPrevious),
            ]
        case .overBudget(let name, let end):
            [
                "channel": .string(channel.name), "budget": .string(name), "resets_at": .integer(end.milliseconds),
                "previous": .bool(isPrevious),
            ]
        case .limited(let name, let wait):
            [
                "channel": .string(channel.name), "limit": .string(name), "wait": .integer(wait.milliseconds),
                "previous": .bool(isPrevious),
            ]
        case .suppressed(let reason, let until):
            [
                "channel": .string(channel.name), "suppressed": .string(reason),
                "until": until.map { .integer($0.milliseconds) } ?? nil, "previous": .bool(isPrevious),
            ]
        case .held(let reason, let until, let isWhole):
            [
                "channel": .string(channel.name), "held": .string(reason), "until": .integer(until.milliseconds),
                "whole": .bool(isWhole), "previous": .bool(isPrevious),
            ]
        }
    }

    private init?(_ json: JSONValue) {
        guard let channel = json["channel"]?.string.flatMap(Channel.init(name:)) else { return nil }
        let isPrevious = json["previous"] == .bool(true)
        let until = json["until"]?.int.map(Instant.init)
        if let name = json["limit"]?.string, let wait = json["wait"]?.int {
            self.init(
                channel: channel,
                cause: .limited(name, retryAfter: .milliseconds(wait)),
                isPrevious: isPrevious
            )
        } else if let reason = json["suppressed"]?.string {
            self.init(channel: channel, cause: .suppressed(reason: reason, until: until), isPrevious: isPrevious)
        } else if let reason = json["held"]?.string, let until {
            let cause = Cause.held(reason: reason, until: until, isWhole: json["whole"] == .bool(true))
            self.init(channel: channel, cause: cause, isPrevious: isPrevious)
        } else if let budget = json["budget"]?.string, let end = json["resets_at"]?.int {
            self.init(
                channel: channel,
                cause: .overBudget(budget, resetsAt: Instant(milliseconds: end)),
                isPrevious: isPrevious
            )
        } else if let reason = json["reason"]?.string.flatMap(DestinationRefusal.Reason.init) {
            let refusal = DestinationRefusal(country: json["country"]?.string, reason: reason)
            self.init(channel: channel, cause: .destination(refusal), isPrevious: isPrevious)
        } else {
            return nil
        }
    }
}
