import Clocks
import JSON

/// What happened, as dated sentences with facts beside them.
///
/// Nothing in it names a person or holds a code.
struct Story {
    /// What a sentence is about.
    enum Step: String {
        case event, challenge, checks, destination, resend, limit, text, price, budget, route, reservation, replay
        case claimed, begun, reported, receipt, parked, ready, moved, asked, unknown, cause, ended, verified, gap
        case fault, refused
    }

    /// The order of what happened in the same millisecond.
    enum Phase: Int {
        case acceptance, claim, attempt, report, receipt, booking, change, end, aftermath

        init(_ step: Step) {
            switch step {
            case .claimed: self = .claim
            case .begun: self = .attempt
            case .reported, .asked: self = .report
            case .receipt: self = .receipt
            case .parked, .ready, .moved, .unknown, .cause, .gap: self = .change
            case .ended: self = .end
            case .verified: self = .aftermath
            case .reservation: self = .booking
            default: self = .acceptance
            }
        }
    }

    private struct Entry {
        var at: Instant
        var phase: Phase
        var json: JSONValue
    }

    private var entries: [Entry] = []

    init() {}

    /// When the last thing happened that was told so far.
    var latest: Instant? { entries.map(\.at).max() }

    /// `phase`: Where it comes in its millisecond; `nil` for where steps of its kind do.
    mutating func tell(
        _ step: Step,
        at instant: Instant,
        _ sentence: String,
        _ facts: JSONObject = [:],
        in phase: Phase? = nil
    ) {
        var object: JSONObject = [
            "at": .string("\(instant)"), "what": .string(sentence), "step": .string(step.rawValue),
        ]
        for fact in facts.members { object[fact.name] = fact.value }
        entries.append(Entry(at: instant, phase: phase ?? Phase(step), json: .object(object)))
    }

    /// In order of time.
    var json: JSONValue {
        let order = entries.indices.sorted { left, right in
            let (one, other) = (entries[left], entries[right])
            return (one.at.milliseconds, one.phase.rawValue, left)
                < (other.at.milliseconds, other.phase.rawValue, right)
        }
        return .array(order.map { entries[$0].json })
    }
}
