import AuthEvents
import Clocks
import Intake
import JSON
import Store

/// Collects the refused events of one request, and gives each problem the name by which it can be asked for.
struct RefusalNotes {
    private let bound: TenantName?
    private let declared: Set<String>
    private let now: Instant
    private var generator = SystemRandomNumberGenerator()
    private(set) var kept: [KeptRefusal] = []

    /// `bound`: The tenant that the sender is bound to, if any; `declared`: those that there are.
    init(boundTo bound: TenantName?, declared: Set<String>, at now: Instant) {
        (self.bound, self.declared, self.now) = (bound, declared, now)
    }

    /// The same problem with an `instance`; who may not ask at all, and what was not judged, has none.
    ///
    /// `event`: As it came, read only for its type and tenant; `nil` where there was none to read.
    mutating func naming(_ problem: Problem, of event: JSONValue?, _ refusal: LegRefusal? = nil) -> Problem {
        switch problem.name {
        case .unauthenticated, .forbidden, .notFound, .methodNotAllowed, .unavailable: return problem
        default: return naming(problem, RefusalID(at: now, using: &generator), event, refusal)
        }
    }

    private mutating func naming(
        _ problem: Problem,
        _ id: RefusalID,
        _ event: JSONValue?,
        _ refusal: LegRefusal?
    ) -> Problem {
        let named = event?["data"]?["tenant"]?.string.flatMap { declared.contains($0) ? TenantName($0) : nil }
        let owner = bound ?? named ?? .default
        let story = Story(of: problem, event.flatMap(EventType.init), tenant: owner, refusal, at: now)
        let text = String(decoding: story.json.serialized(), as: UTF8.self)
        kept.append(KeptRefusal(id: id, tenant: owner, story: text))
        return problem.named(id)
    }

    /// Keeps what of an accepted event was refused, unless it was before.
    mutating func add(_ receipt: Intake.Receipt, of event: JSONValue) {
        guard !receipt.isDuplicate else { return }
        for refusal in receipt.accepted.refused {
            guard let id = receipt.accepted.name(of: refusal) else { continue }
            _ = naming(Problem(refusal, other: [], at: now), id, event, refusal)
        }
    }
}
