import AuthEvents
import Clocks
import Deliveries
import JSON
import Spend
import Store

// What happened between the attempts.
extension Story {
    mutating func tellNotes(of chronicle: Chronicle) {
        let channel = chronicle.report.channel.name
        for (index, note) in chronicle.notes.enumerated() {
            if chronicle.lostNotes > 0, index == chronicle.notes.count / 2 {
                tell(
                    .gap,
                    at: note.at,
                    "Left out before this: \(Story.count(chronicle.lostNotes, "change")).",
                    ["left_out": .integer(chronicle.lostNotes)]
                )
            }
            tell(note, channel: channel)
        }
    }

    private mutating func tell(_ note: DeliveryNote, channel: String) {
        if let carrier = note.carrier, let at = note.claimedAt { tell(claimedBy: carrier, at: at) }
        var facts: JSONObject = ["from": .string(note.from.name), "state": .string(note.to.name)]
        facts["gateway"] = note.gateway.map(JSONValue.string)
        facts["carrier"] = note.carrier.map(JSONValue.string)
        facts["cause"] = note.cause.map { .string($0.rawValue) }
        if let budget = note.budget { for fact in budget.facts.members { facts[fact.name] = fact.value } }
        facts["reason"] = note.reason.map { .string($0.name) }
        if let deaths = note.deaths {
            facts["deaths"] = .integer(deaths)
            let carrier = note.carrier ?? "carrier"
            let repeated = deaths > 1 ? ", as \(deaths - 1) before it" : ""
            tell(
                .cause,
                at: note.at,
                "The carrier \(carrier) did not begin it before its lease was over, or ended\(repeated).",
                facts
            )
        }
        switch note.to {
        case .parked: tellParked(note, channel: channel, &facts)
        case .ready: tellReady(note, &facts)
        case .unknown: tellUnknown(note, &facts)
        default: tellCause(of: note, facts)
        }
    }

    private mutating func tellParked(_ note: DeliveryNote, channel: String, _ facts: inout JSONObject) {
        var why = "no gateway of its route takes it"
        switch note.reason {
        case .held:
            why = note.stop.map { "\(Story.words($0.scope)) until \($0.until)" } ?? "every gateway of its route is held"
        case .paused: why = "the channel \(channel) is paused"
        case .gatewayDown: why = "no gateway of its route can be reached"
        case .overBudget: why = note.budget.map { "\($0.words), and it takes \($0.amount.amount)" } ?? "over a budget"
        default: break
        }
        if let stop = note.stop {
            facts["hold"] = [
                "scope": .string(stop.scope.rawValue), "reason": .string(stop.reason),
                "until": .string("\(stop.until)"),
            ]
        }
        tell(.parked, at: note.at, "It was parked: \(why).", facts)
    }

    private mutating func tellReady(_ note: DeliveryNote, _ facts: inout JSONObject) {
        let gateway = note.gateway ?? ""
        var sentence =
            switch note.from {
            case .parked: "It is ready again, at the gateway \(gateway)"
            case .leased where note.deaths == nil: "The carrier gave it back, not handed over"
            case .sending, .unknown: "It is to be sent again, by the gateway \(gateway)"
            default: "It waits at the gateway \(gateway)"
            }
        if let due = note.due {
            facts["due"] = .string("\(due)")
            facts["wait_ms"] = .integer((due - note.at).milliseconds)
            sentence += ", not before \(due)"
        }
        if note.isTrial {
            facts["trial"] = true
            sentence += ", to try whether that is back"
        }
        if let former = note.formerGateway {
            facts["former_gateway"] = .string(former)
            facts["obstacle"] = note.obstacle.map { .string($0.rawValue) }
            sentence += note.obstacle.map { ": \(former) \(Story.words($0))" } ?? ", and no longer at \(former)"
        }
        tell(note.from == .ready ? .moved : .ready, at: note.at, sentence + ".", facts)
    }

    private mutating func tellUnknown(_ note: DeliveryNote, _ facts: inout JSONObject) {
        if let answer = note.answer { return tell(answer, of: note, &facts) }
        var sentence =
            note.from == .unknown
            ? "Nobody knows yet whether the gateway took it"
            : note.cause == .silence
                ? "The carrier did not report before its lease was over: nobody knows whether the gateway took it"
                : "Nobody knows whether the gateway took it"
        if let until = note.due {
            facts["now"] = note.step.map { .string($0.rawValue) }
            facts["until"] = .string("\(until)")
            sentence +=
                note.step == .askGateway
                ? "; the gateway is asked at \(until)" : "; a report or a receipt is waited for until \(until)"
        }
        if let sequel = note.sequel {
            facts["then"] = .string(sequel)
            sentence += Story.words(ofSequel: sequel)
        }
        tell(.unknown, at: note.at, sentence + ".", facts)
    }

    private static func words(ofSequel word: String) -> String {
        switch UnknownPolicy.Step(rawValue: word) {
        case .awaitReceipt: ", then a receipt is waited for"
        case .askGateway: ", then the gateway is asked"
        case nil: UnknownPolicy.End(rawValue: word) == .giveUp ? ", then it is given up" : ", then it is sent again"
        }
    }

    private mutating func tell(_ answer: Outcome, of note: DeliveryNote, _ facts: inout JSONObject) {
        facts["answer"] = .string(answer.name)
        let gateway = note.gateway ?? ""
        let sentence =
            switch answer {
            case .accepted: "The gateway \(gateway) was asked what became of it, and has taken it."
            case .refused: "The gateway \(gateway) was asked what became of it: it took it and will not deliver it."
            case .retry: "The gateway \(gateway) was asked what became of it, and never got it."
            case .unknown: "The gateway \(gateway) was asked what became of it, and cannot say."
            case .throttled: "The gateway \(gateway) was to be asked what became of it, and wants a pause first."
            case .released: "The gateway \(gateway) was to be asked what became of it, and could not be."
            }
        tell(.asked, at: note.at, sentence, facts)
    }

    private mutating func tellCause(of note: DeliveryNote, _ facts: JSONObject) {
        let sentence: String
        switch note.cause {
        case .byHand: sentence = "Somebody cancelled it."
        case .locked: sentence = "Its challenge has no tries left."
        case .suppressed: sentence = "Its recipient was suppressed."
        case .mismatch:
            sentence = "The carrier counted or priced the text otherwise than the server: it was not begun."
        case .unwritable: sentence = "It could not be written: its key, its address or its price is gone."
        case .erased: sentence = "Its recipient was erased."
        case .restored: sentence = "The database was restored from a copy: nothing of before goes on."
        case .silence, nil: return
        }
        tell(.cause, at: note.at, sentence, facts)
    }
}
