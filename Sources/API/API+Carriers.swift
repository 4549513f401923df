import AuthEvents
private import Challenges
import Clocks
private import Composition
import Deliveries
import HTTPServer
import JSON
import Sorting
import Spend
import Store

extension API {
    /// `POST /v1/carriers/claim`, `begin` and `settle`.
    func carriers(_ request: Request, _ action: String) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .carry)
        do {
            switch action {
            case "claim": return try await claim(request, by: principal)
            case "begin": return try await begin(request, by: principal)
            default: return try await settle(request, by: principal)
            }
        } catch let error as Problem {
            throw error
        } catch let error as StoreError {
            throw Problem(error)
        } catch {
            throw Problem(.unavailable, "Nothing was done. Try again.", retryAfter: 1)
        }
    }

    /// What a claim asks for, and who.
    private struct Claimant {
        static let members = [
            "carrier", "instance", "channel", "gateways", "max", "in_hand_below", "has_few", "wait_ms",
        ]

        var name: String
        var channel: Channel
        var claim: ClaimRequest
        /// Whether somebody has few in hand there.
        var hasFew: Bool
        var wait: Duration

        var place: CarrierRegistry.Place { CarrierRegistry.Place(carrier: claim.carrier, gateways: claim.gateways) }

        init(_ body: MemberReader, _ principal: Principal) throws(EventProblem) {
            let channel = try body.required("channel", bytes: 1...16)
            guard let channel = Channel(name: channel) else {
                throw body.problem("channel", "channel must be \"email\" or \"sms\"")
            }
            self.channel = channel
            var gateways = try body.strings("gateways", count: 1...100)
            if let allowed = principal.gateways { gateways = gateways.filter(allowed.contains) }
            let name = try body.required("carrier", bytes: 1...64)
            self.name = name
            let few = Int(try body.integer("in_hand_below", in: 0...1000, else: 0))
            claim = ClaimRequest(
                // A new process frees what the one of its name held: not what somebody else's token claimed.
                carrier: principal.token.map { "\($0)/\(name)" } ?? name,
                instance: try body.required("instance", bytes: 1...64),
                gateways: gateways,
                limit: Int(try body.integer("max", in: 1...1000, else: 100)),
                inHandBelow: few == 0 ? nil : few
            )
            hasFew = try body.boolean("has_few") ?? false
            wait = .milliseconds(try body.integer("wait_ms", in: 0...25_000, else: 25_000))
        }
    }

    private func claim(_ request: Request, by principal: Principal) async throws -> Response {
        let body = try request.object(Claimant.members)
        let claimant = try problem { () throws(EventProblem) in try Claimant(body, principal) }
        let (name, channel, claim) = (claimant.name, claimant.channel, claimant.claim)
        carriers.note(name, channel: channel, at: time.boot())
        if claimant.hasFew { carriers.noteFew(at: claimant.place, at: time.boot()) }
        // A probe takes one place of the answer at the most for each gateway, and what is due comes with it.
        var probes = probing.take(at: claim.gateways, limit: claim.limit, by: name)
        let work: ClaimedWork
        do {
            work = try await self.work(
                claim,
                wait: probes.isEmpty ? claimant.wait : .zero,
                besides: probes.count,
                peer: request.peer
            )
        } catch {
            putBack(probes)
            throw error
        }
        if probes.isEmpty {
            probes = probing.take(at: claim.gateways, limit: claim.limit - work.tokens.count, by: name)
        }
        carriers.note(name, channel: channel, at: time.boot())
        let claims = claimProbes(probes) + work.claims.map { $0.json(desk) } + work.questions.map(\.json)
        var answer: JSONObject = ["claims": .array(claims)]
        if carriers.haveOthersFew(than: claimant.place, at: time.boot()) { answer["others_have_few"] = true }
        var response = Response.json(.object(answer))
        if !claims.isEmpty {
            let (tokens, given) = (work.tokens, probes)
            let sorting = sorting
            do {
                // It may have been revoked while it waited.
                _ = try await self.principal(of: request, .carry)
            } catch {
                putBack(probes)
                try await sorting.free(tokens)
                throw error
            }
            response.onWritten = { isWritten in
                guard !isWritten else { return }
                putBack(given)
                // Where this fails too, the leases end by themselves.
                Task { _ = try? await sorting.free(tokens) }
            }
        }
        return response
    }

    /// What is due, with room left for so many probes; ends its wait when a probe comes.
    private func work(
        _ claim: ClaimRequest,
        wait: Duration,
        besides probes: Int,
        peer: Peer
    ) async throws(StoreError) -> ClaimedWork {
        var claim = claim
        claim.limit -= probes
        guard claim.limit > 0 else { return ClaimedWork() }
        let (probing, gateways) = (probing, claim.gateways)
        return try await sorting.claim(
            claim,
            wait: wait,
            isPeerThere: { peer.isConnected() },
            isCalledOff: { probing.hasWork(at: gateways) }
        )
    }

    private func begin(_ request: Request, by principal: Principal) async throws -> Response {
        let body = try request.object("items", "outcomes")
        let (items, outcomes) = try problem { () throws(EventProblem) in
            var items: [BeginReport] = []
            for item in try body.objects("items", count: 1...1000) { items.append(try report(item)) }
            return (items, body.object["outcomes"] == nil ? nil : try self.outcomes(in: body))
        }
        let results = try await sorting.begin(items, behind: outcomes?.claims ?? [], for: principal.gateways)
        var answer: JSONObject = ["results": .array(results.begun.map { .string($0.rawValue) })]
        answer["settled"] = outcomes.map { .array(answers(to: $0, results.settled, principal)) }
        return .json(.object(answer))
    }

    /// The figures of what has a price are required, those of a mail must only be figures.
    private func report(_ item: MemberReader) throws(EventProblem) -> BeginReport {
        try item.refuseOthers(than: ["token", "segments", "encoding", "amount", "currency"])
        let token = CarrierToken(try item.required("token", bytes: 1...256))
        let isPriced = token?.quote != nil
        guard isPriced || item.object.members.count > 1 else { return BeginReport(token: token) }
        let segments = try item.integer("segments", in: 1...1_000_000, else: 0)
        guard segments > 0 else { throw item.problem("segments", "segments is required for an SMS") }
        guard let encoding = SMSEncoding(name: try item.required("encoding", bytes: 1...16)) else {
            throw item.problem("encoding", "encoding must be GSM-7 or UCS-2")
        }
        let figure = BeginReport.Figure(segments: segments, encoding: encoding, amount: try item.money())
        return BeginReport(token: token, figure: isPriced ? figure : nil)
    }

    private func settle(_ request: Request, by principal: Principal) async throws -> Response {
        let body = try request.object("outcomes")
        let outcomes = try problem { () throws(EventProblem) in try self.outcomes(in: body) }
        let claims = outcomes.claims
        let results = claims.isEmpty ? [] : try await sorting.settle(claims, for: principal.gateways)
        return .json(["results": .array(answers(to: outcomes, results, principal))])
    }

    private func outcomes(in body: MemberReader) throws(EventProblem) -> [Report] {
        var reports: [Report] = []
        for item in try body.objects("outcomes", count: 1...1000) { reports.append(try settlement(item)) }
        return reports
    }

    /// `results`: Of the claims among the reports.
    private func answers(to reports: [Report], _ results: [SettleResult], _ principal: Principal) -> [JSONValue] {
        var results = results[...]
        return reports.map { report in
            let result =
                switch report {
                case .claim: results.removeFirst()
                case .probe(let token, let outcome, let code, let detail):
                    probing.settle(token, outcome, code: code, detail: detail, for: principal.gateways)
                case .unknown: SettleResult.stale
                }
            return .string(result.rawValue)
        }
    }

    /// What a carrier reports, by its token.
    fileprivate enum Report {
        case claim(Settlement)
        case probe(ProbeToken, Outcome, code: String?, detail: String?)
        /// No token of ours.
        case unknown
    }

    private func settlement(_ item: MemberReader) throws(EventProblem) -> Report {
        try item.refuseOthers(
            than: ["token", "result", "gateway_reference", "code", "detail", "retry_after_ms", "price"])
        guard let outcome = Outcome(name: try item.required("result", bytes: 1...16)) else {
            throw item.problem(
                "result",
                "result must be one of \(Outcome.allCases.map(\.name).joined(separator: ", "))"
            )
        }
        let wait = try item.integer("retry_after_ms", in: 0...86_400_000, else: -1)
        let token = try item.required("token", bytes: 1...256)
        let price = try item.object("price").map { reader throws(EventProblem) in
            try reader.refuseOthers(than: ["amount", "currency"])
            return try reader.money()
        }
        let settlement = (
            reference: try item.optional("gateway_reference", bytes: 0...512),
            code: try item.optional("code", bytes: 0...64), detail: try item.optional("detail", bytes: 0...2048)
        )
        if let probe = ProbeToken(token) {
            return .probe(probe, outcome, code: settlement.code, detail: settlement.detail)
        }
        guard let token = CarrierToken(token) else { return .unknown }
        return .claim(
            Settlement(
                token: token,
                outcome: outcome,
                gatewayReference: settlement.reference,
                code: settlement.code,
                detail: settlement.detail,
                retryAfter: wait < 0 ? nil : .milliseconds(wait),
                price: price
            )
        )
    }
}

extension [API.Report] {
    fileprivate var claims: [Settlement] {
        compactMap { if case .claim(let settlement) = $0 { settlement } else { nil } }
    }
}
