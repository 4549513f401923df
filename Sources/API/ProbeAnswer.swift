import Clocks
import Deliveries

/// How a gateway's trial went.
struct ProbeAnswer: Sendable, Equatable {
    enum Result: String, Sendable {
        case ok, refused, unreachable
        case noCarrier = "no_carrier"

        init(_ outcome: Outcome) {
            switch outcome {
            case .accepted: self = .ok
            case .refused: self = .refused
            case .retry, .throttled, .unknown: self = .unreachable
            // It was on its way out.
            case .released: self = .noCarrier
            }
        }
    }

    var gateway: String
    var result: Result
    var code: String?
    var detail: String?
    var carrier: String?
    /// From its pick-up to the answer.
    var milliseconds: Int64?

    static func untaken(_ gateway: String) -> ProbeAnswer {
        let seconds = Probing.pickupLimit.milliseconds / 1000
        return ProbeAnswer(
            gateway: gateway,
            result: .noCarrier,
            code: "not_taken",
            detail: "no carrier took it within \(seconds) s: none runs, or all its connections are busy"
        )
    }

    static func unanswered(_ gateway: String, _ carrier: String?) -> ProbeAnswer {
        ProbeAnswer(
            gateway: gateway,
            result: .noCarrier,
            code: "no_answer",
            detail: "the carrier that took it did not answer",
            carrier: carrier
        )
    }

    static func ending(_ gateway: String) -> ProbeAnswer {
        ProbeAnswer(gateway: gateway, result: .noCarrier, code: "draining", detail: "the server ends")
    }
}
