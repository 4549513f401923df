import AuthEvents
import Clocks
import Cryptography
import Deliveries
import JSON
import Store

// How a replay keeps which deliveries it is about, and what it skipped.
extension DeliveryFilter {
    var text: String {
        var object = JSONObject()
        func set(_ name: String, _ text: String?) { object[name] = text.map(JSONValue.string) }
        set("tenant", tenant?.description)
        set("state", state?.name)
        set("reason", reason?.name)
        set("purpose", purpose?.name)
        set("channel", channel?.name)
        set("gateway", gateway)
        set("country", country)
        set("event", event)
        set("challenge", challenge?.description)
        set("subject", subject?.bytes.hex)
        set("replay", replay?.description)
        object["since"] = since.map { .integer($0.milliseconds) }
        object["until"] = until.map { .integer($0.milliseconds) }
        if !ids.isEmpty { object["ids"] = .array(ids.map { .string("\($0)") }) }
        return String(decoding: JSONValue.object(object).serialized(), as: UTF8.self)
    }

    init?(text: String) {
        guard let object = try? JSONValue(parsing: [UInt8](text.utf8)) else { return nil }
        self.init()
        tenant = object["tenant"]?.string.flatMap(TenantName.init)
        state = object["state"]?.string.flatMap(DeliveryState.init(name:))
        reason = object["reason"]?.string.flatMap(Reason.init(name:))
        purpose = object["purpose"]?.string.flatMap(Purpose.init(name:))
        channel = object["channel"]?.string.flatMap(Channel.init(name:))
        gateway = object["gateway"]?.string
        country = object["country"]?.string
        event = object["event"]?.string
        challenge = object["challenge"]?.string.flatMap(ChallengeID.init)
        subject = object["subject"]?.string.flatMap([UInt8].init(hex:)).map(Digest.init(bytes:))
        replay = object["replay"]?.string.flatMap(ReplayID.init)
        since = object["since"]?.int.map(Instant.init)
        until = object["until"]?.int.map(Instant.init)
        ids = object["ids"]?.array?.compactMap { $0.string.flatMap(DeliveryID.init) } ?? []
    }
}

extension ReplaySkip {
    static func text(of counts: [ReplaySkip: Int64]) -> String {
        var object = JSONObject()
        for skip in allCases { object[skip.rawValue] = counts[skip].map(JSONValue.integer) }
        return String(decoding: JSONValue.object(object).serialized(), as: UTF8.self)
    }

    static func counts(text: String) -> [ReplaySkip: Int64] {
        guard let object = (try? JSONValue(parsing: [UInt8](text.utf8)))?.object else { return [:] }
        let pairs = object.members.compactMap { member in
            ReplaySkip(rawValue: member.name).flatMap { skip in member.value.int.map { (skip, $0) } }
        }
        return Dictionary(pairs, uniquingKeysWith: +)
    }
}
