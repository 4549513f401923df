import AuthEvents
import Challenges
import Clocks
import Deliveries
import HTTPServer
import Intake
import JSON
import Spend
import Store
import Telemetry
import Verification

extension API {
    /// Answers `GET /metrics`.
    ///
    /// Over TCP it takes a token with `read` that is bound to no tenant; on the socket none.
    func metrics(_ request: Request) async throws(Problem) -> Response {
        var isOpen = false
        if case .local = request.peer.address { isOpen = request.headers["Authorization"] == nil }
        if !isOpen {
            let principal = try await principal(of: request, .read)
            guard principal.tenant == nil else {
                throw Problem(
                    .forbidden,
                    "The metrics tell of all tenants together; use a token that is bound to none.",
                    ["scope": .string(Scope.read.rawValue)]
                )
            }
        }
        let text = MetricFamily.text(of: metrics.families(with: await reading()))
        return Response(status: 200, headers: [("Content-Type", MetricFamily.mediaType)], body: [UInt8](text.utf8))
    }

    /// What cannot be read from the store is left out: what was counted is told above all when something is wrong.
    private func reading() async -> MetricsReading {
        let (now, boot) = (time.now(), time.boot())
        var reading = MetricsReading(
            version: facts.version,
            startedAt: facts.startedAt,
            residentMemory: facts.residentMemory()
        )
        if let standing = try? await records.standing(of: nil) {
            for counts in standing.channels {
                reading.deliveries[counts.channel] = counts.counts
                reading.oldestReady[counts.channel] = longestWait(counts.channel, standing.gateways, at: now)
            }
        }
        for budget in (try? await money.budgets(of: nil)) ?? [] {
            reading.budgetUse[budget.budget.name] = max(reading.budgetUse[budget.budget.name] ?? 0, budget.ratio)
        }
        for channel in Channel.allCases { reading.carriers[channel] = carriers.present(channel, at: boot) }
        return reading
    }

    /// Counts a refusal by a limit, which an answer names as `limit`.
    func note(_ problem: Problem) {
        if let limit = problem.members["limit"]?.string { metrics.count(refusalBy: limit) }
    }

    /// The same for the channels of a group; a duplicate only says again what was refused before.
    func noteRefusedLegs(of receipt: Intake.Receipt, at now: Instant) {
        guard !receipt.isDuplicate else { return }
        for refusal in receipt.accepted.refused { note(Problem(refusal, other: [], at: now)) }
    }

    /// Counts a try that was not taken, under the purpose of the challenge that it was for.
    func count(_ refusal: VerificationRefusal, of target: VerificationRequest.Target, tenant: TenantName?) async {
        var purpose: Purpose?
        switch target {
        case .address(_, let named): purpose = named
        case .challenge where refusal == .notFound: break
        // What only the metrics ask for may fail.
        case .challenge(let id): purpose = try? await verification.challenge(id, of: tenant).challenge.purpose
        }
        metrics.count(VerificationFate(refusal), purpose: purpose)
    }
}

extension BudgetStanding {
    /// What is used, of the limit; a limit of nothing is used up.
    fileprivate var ratio: Double {
        budget.limit.micros > 0 ? Double(used.micros) / Double(budget.limit.micros) : 1
    }
}

extension EventType {
    /// The type that an event says it has, `nil` where that is none of ours.
    init?(of event: JSONValue) {
        guard let type = event["type"]?.string.flatMap(EventType.init(rawValue:)) else { return nil }
        self = type
    }
}

extension EventFate {
    init(_ answer: Result<Intake.Receipt, Problem>) {
        switch answer {
        case .success(let receipt): self = receipt.isDuplicate ? .duplicate : .accepted
        case .failure(let problem): self = problem.name == .unavailable ? .failed : .refused
        }
    }
}

extension VerificationFate {
    init(_ refusal: VerificationRefusal) {
        switch refusal {
        case .notFound: self = .notFound
        case .conflict: self = .conflict
        case .mismatch: self = .mismatch
        case .expired: self = .expired
        case .used: self = .used
        case .tooManyTries: self = .locked
        case .limited: self = .limited
        case .store, .keys: self = .failed
        }
    }
}
