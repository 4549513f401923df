import Clocks
import Deliveries
import JSON
import Store

// A note as it is kept; its time has a column of its own.
extension DeliveryNote {
    var text: String {
        var object: JSONObject = ["from": .integer(from.rawValue), "to": .integer(to.rawValue)]
        object["reason"] = reason.map { .integer($0.rawValue) }
        object["cause"] = cause.map { .string($0.rawValue) }
        object["gateway"] = gateway.map(JSONValue.string)
        object["former"] = formerGateway.map(JSONValue.string)
        object["obstacle"] = obstacle.map { .string($0.rawValue) }
        if isTrial { object["trial"] = true }
        object["carrier"] = carrier.map(JSONValue.string)
        object["claimed"] = claimedAt.map { .integer($0.milliseconds) }
        object["deaths"] = deaths.map(JSONValue.integer)
        object["due"] = due.map { .integer($0.milliseconds) }
        object["step"] = step.map { .string($0.rawValue) }
        object["sequel"] = sequel.map(JSONValue.string)
        object["answer"] = answer.map { .integer($0.rawValue) }
        object["stop"] = stop.map {
            [.string($0.scope.rawValue), .string($0.reason), .integer($0.until.milliseconds)]
        }
        object["budget"] = budget?.json
        return String(decoding: object.serialized(), as: UTF8.self)
    }

    /// `nil` for what is no note.
    init?(text: String, at: Instant) {
        guard let json = try? JSONValue(parsing: [UInt8](text.utf8)),
            let from = json["from"]?.int.flatMap(DeliveryState.init(rawValue:)),
            let to = json["to"]?.int.flatMap(DeliveryState.init(rawValue:))
        else { return nil }
        self.init(at: at, from: from, to: to)
        reason = json["reason"]?.int.flatMap(Reason.init(rawValue:))
        cause = json["cause"]?.string.flatMap(Cause.init)
        (gateway, formerGateway) = (json["gateway"]?.string, json["former"]?.string)
        obstacle = json["obstacle"]?.string.flatMap(RouteJudgement.Obstacle.init)
        isTrial = json["trial"]?.bool ?? false
        (carrier, claimedAt) = (json["carrier"]?.string, json["claimed"]?.int.map(Instant.init))
        (deaths, due) = (json["deaths"]?.int, json["due"]?.int.map(Instant.init))
        (step, sequel) = (json["step"]?.string.flatMap(UnknownPolicy.Step.init), json["sequel"]?.string)
        answer = json["answer"]?.int.flatMap(Outcome.init(rawValue:))
        budget = json["budget"].flatMap(BudgetJudgement.init)
        guard let parts = json["stop"]?.array, parts.count == 3,
            let scope = parts[0].string.flatMap(Hold.Scope.init),
            let reason = parts[1].string, let until = parts[2].int
        else { return }
        stop = Stop(scope: scope, reason: reason, until: Instant(milliseconds: until))
    }
}
