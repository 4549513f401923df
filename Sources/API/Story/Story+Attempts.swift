import Clocks
import Deliveries
import JSON
import Spend
import Store

// What carriers and gateways did, and what it cost.
extension Story {
    mutating func tell(_ attempt: Chronicle.Attempt) {
        if let carrier = attempt.carrier { tell(claimedBy: carrier, at: attempt.claimedAt) }
        var facts: JSONObject = ["attempt": .integer(attempt.number), "gateway": .string(attempt.gateway)]
        tell(
            .begun,
            at: attempt.at,
            "Attempt \(attempt.number) began at the gateway \(attempt.gateway).",
            facts
        )
        guard let outcome = attempt.outcome, let at = attempt.settledAt else { return }
        facts["result"] = .string(outcome.name)
        facts["code"] = attempt.code.map(JSONValue.string) ?? .null
        facts["detail"] = attempt.detail.map(JSONValue.string) ?? .null
        facts["gateway_reference"] = attempt.gatewayReference.map(JSONValue.string) ?? .null
        facts["decided"] = .bool(!attempt.isLate)
        let late = attempt.isLate ? " That came too late to decide anything." : ""
        tell(.reported, at: at, Story.words(of: attempt, outcome) + late, facts)
    }

    private static func words(of attempt: Chronicle.Attempt, _ outcome: Outcome) -> String {
        let words = [attempt.code, attempt.detail].compactMap(\.self).joined(separator: ": ")
        let said = words.isEmpty ? "." : " (\(words))."
        let (number, gateway) = (attempt.number, attempt.gateway)
        switch outcome {
        case .accepted:
            let name = attempt.gatewayReference.map { " and named it \($0)" } ?? ""
            return "The gateway \(gateway) accepted attempt \(number)\(name)\(said)"
        case .refused: return "The gateway \(gateway) refused attempt \(number)\(said)"
        case .retry where attempt.code == Outcome.unreachableCode:
            return "Attempt \(number) did not reach the gateway \(gateway)\(said)"
        case .retry: return "The gateway \(gateway) did not take attempt \(number) now\(said)"
        case .throttled: return "The gateway \(gateway) asked for a pause at attempt \(number)\(said)"
        case .unknown: return "Nobody knows whether the gateway \(gateway) took attempt \(number)\(said)"
        case .released: return "Attempt \(number) was not handed over\(said)"
        }
    }

    mutating func tell(claimedBy carrier: String, at instant: Instant) {
        tell(.claimed, at: instant, "The carrier \(carrier) claimed it.", ["carrier": .string(carrier)])
    }

    mutating func tell(_ receipt: Chronicle.Receipt) {
        let code = receipt.code.map { " (\($0))" } ?? ""
        tell(
            .receipt,
            at: receipt.at,
            "A receipt of attempt \(receipt.attempt) says \(receipt.state.name)\(code).",
            [
                "attempt": .integer(receipt.attempt), "state": .string(receipt.state.name),
                "code": receipt.code.map(JSONValue.string) ?? nil,
            ]
        )
    }

    mutating func tell(_ booking: Chronicle.Booking) {
        let amount = "\(booking.amount)"
        let attempt = booking.attempt.map { "attempt \($0)" } ?? ""
        let sentence =
            switch booking.kind {
            case .reserved: "\(amount) was reserved."
            case .adjusted: "The reservation became \(amount)."
            case .committed: "\(amount) was committed to \(attempt)."
            case .released where booking.attempt != nil:
                "The \(amount) of \(attempt) went back to the reservation: it surely was not sent."
            case .released: "The reservation of \(amount) was released."
            case .priced: "The gateway \(booking.gateway ?? "") bills \(amount) for \(attempt)."
            }
        let phase: Phase? =
            switch booking.kind {
            // A carrier that waited has claimed it in the same transaction.
            case .reserved: .acceptance
            case .released where booking.attempt == nil: .aftermath
            default: nil
            }
        tell(
            .reservation,
            at: booking.at,
            sentence,
            [
                "entry": .string(booking.kind.rawValue), "attempt": booking.attempt.map(JSONValue.integer) ?? nil,
                "gateway": booking.gateway.map(JSONValue.string) ?? nil, "segments": .integer(booking.segments),
                "amount": .string(booking.amount.amount), "currency": .string("\(booking.amount.currency)"),
                "price_version": booking.priceVersion.map(JSONValue.string) ?? nil,
            ],
            in: phase
        )
    }
}
