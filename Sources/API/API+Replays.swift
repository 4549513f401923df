import AuthEvents
import Clocks
import Deliveries
import HTTPServer
import Intake
import JSON
import Keys
import Limits
import Spend
import Store

extension API {
    /// The most deliveries that one replay makes, and how fast it makes them where it does not say.
    private static let largestReplay: Int64 = 100_000
    private static let standardReplayRate = Rate(count: 10, period: .seconds(1))
    /// The most ids that a replay names.
    private static let replayIDs = 1...1000

    /// Answers `POST /v1/replays`.
    func createReplay(_ request: Request) async throws(Problem) -> Response {
        // Who may not ask learns nothing of the body.
        let isDry = (try? JSONValue(parsing: request.body))?["dry_run"] == .bool(true)
        let principal = try await principal(of: request, isDry ? .read : .spend)
        let body = try request.object("filter", "dry_run", "limit", "rate")
        if let flag = body.object["dry_run"], flag != .bool(isDry) {
            throw .invalidRequest(JSONPointer().appending("dry_run"), "dry_run must be true or false")
        }
        let (filter, limit, rate) = try problem { () throws(EventProblem) in
            (
                try replayFilter(body, of: principal.tenant),
                Int(try body.integer("limit", in: 1...API.largestReplay, else: API.largestReplay)),
                try replayRate(body)
            )
        }
        let key = try idempotencyKey(of: request)
        if let bound = principal.tenant, filter.tenant != bound { throw .notFound }
        do {
            guard !isDry else {
                return .json(ReplayShape(of: try await replaying.preview(filter, limit: limit)).json)
            }
            let new = NewReplay(
                id: newReplayID(),
                tenant: principal.tenant,
                filter: filter,
                rate: rate,
                limit: limit,
                key: key.map { keys.digest("replay key", [UInt8]($0.utf8)) },
                content: keys.digest("replay", request.body)
            )
            switch try await replays.begin(new) {
            case .begun(let replay), .known(let replay):
                return .json(ReplayShape(of: replay, try await replays.shares(of: replay.id)).json, status: 202)
            case .conflict:
                throw Problem(
                    .conflict,
                    "This Idempotency-Key came with another body before; take a new key for a new request."
                )
            }
        } catch let error as StoreError {
            throw Problem(error)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .notFound
        }
    }

    /// Answers `GET /v1/replays/{id}`, and with `isStop` `POST /v1/replays/{id}/stop`.
    func replay(_ request: Request, id: String, isStop: Bool) async throws(Problem) -> Response {
        let principal = try await principal(of: request, isStop ? .spend : .read)
        guard let id = ReplayID(id) else { throw .notFound }
        do {
            guard !isStop else {
                guard try await replays.stopReplay(id, of: principal.tenant) != nil else { throw Problem.notFound }
                return .noContent
            }
            guard let replay = try await replays.replay(id, of: principal.tenant) else { throw Problem.notFound }
            return .json(ReplayShape(of: replay, try await replays.shares(of: id)).json)
        } catch let error as StoreError {
            throw Problem(error)
        } catch {
            throw .notFound
        }
    }

    private func newReplayID() -> ReplayID {
        var generator = SystemRandomNumberGenerator()
        return ReplayID(at: time.now(), using: &generator)
    }

    private func replayRate(_ body: MemberReader) throws(EventProblem) -> Rate {
        guard let text = try body.optional("rate", bytes: 1...32) else { return API.standardReplayRate }
        guard let rate = Rate(text: text) else {
            throw body.problem("rate", "rate must be so many in so much time such as 10/s, from 1/24h to 1000000/1s")
        }
        return rate
    }

    /// What fails later, the replay's own deliveries among it, is not of this replay.
    private func replayFilter(
        _ body: MemberReader,
        of tenant: TenantName?
    ) throws(EventProblem) -> DeliveryFilter {
        guard let reader = try body.object("filter") else {
            throw body.problem("filter", "filter is required: name ids, or what the deliveries have in common")
        }
        try reader.refuseOthers(than: [
            "ids", "state", "purpose", "channel", "tenant", "country", "gateway", "reason", "event", "challenge",
            "subject", "replay", "since", "until",
        ])
        var filter = try DeliveryFilter(reader)
        let ids = try reader.strings("ids", count: API.replayIDs)
        filter.ids = ids.compactMap(DeliveryID.init)
        guard filter.ids.count == ids.count else {
            throw reader.problem("ids", "ids must be ids of deliveries, dl_ and 32 digits")
        }
        filter.tenant = filter.tenant ?? tenant
        if let subject = try reader.optional("subject", bytes: 1...256) {
            let name = [UInt8]((filter.tenant ?? .default).description.utf8)
            filter.subject = keys.digest("subject", name, [UInt8](subject.utf8))
        }
        filter.until = min(filter.until ?? time.now(), time.now())
        return filter
    }
}

extension DeliveryFilter {
    /// Reads all but `ids` and `subject` from the members of a filter.
    fileprivate init(_ reader: MemberReader) throws(EventProblem) {
        self.init()
        func word<Value>(
            _ name: String,
            _ kind: String,
            _ read: (String) -> Value?
        ) throws(EventProblem) -> Value? {
            guard let text = try reader.optional(name, bytes: 1...256) else { return nil }
            guard let value = read(text) else { throw reader.problem(name, "\(name) must be \(kind)") }
            return value
        }
        state = try word("state", "dead or undelivered") { text in
            DeliveryState(name: text).flatMap { [.dead, .undelivered].contains($0) ? $0 : nil }
        }
        reason = try word("reason", "one of " + Reason.allCases.map(\.name).joined(separator: ", "), Reason.init(name:))
        purpose = try word(
            "purpose",
            "one of " + Purpose.allCases.map(\.name).joined(separator: ", "),
            Purpose.init(name:)
        )
        channel = try word("channel", "email or sms", Channel.init(name:))
        tenant = try word("tenant", "the name of a tenant", TenantName.init)
        challenge = try word("challenge", "the id of a challenge, ch_ and 32 digits", ChallengeID.init)
        replay = try word("replay", "the id of a replay, rp_ and 32 digits", ReplayID.init)
        let instant = "an RFC 3339 date-time such as 2026-11-21T10:00:00Z"
        since = try word("since", instant, Instant.init(ofRequest:))
        until = try word("until", instant, Instant.init(ofRequest:))
        country = try word("country", "two capital letters such as US, or the digits of a shared code") { text in
            text.isCountry ? text : nil
        }
        gateway = try word("gateway", "the name of a gateway") { $0 }
        event = try word("event", "the id of an event") { $0 }
    }
}

/// A replay, or a dry run, as it is answered.
struct ReplayShape {
    private var id: ReplayID?
    private var state: Replay.State
    private var counts: ReplayPreview

    init(of preview: ReplayPreview) {
        (id, state, counts) = (nil, .done, preview)
    }

    init(of replay: Replay, _ shares: [ReplayPreview.Place: ReplayPreview.Share]) {
        (id, state) = (replay.id, replay.state)
        counts = ReplayPreview()
        (counts.matched, counts.made, counts.skipped) = (replay.matched, replay.made, replay.skipped)
        counts.shares = shares
    }

    var json: JSONValue {
        var skipped = JSONObject()
        for skip in ReplaySkip.allCases { skipped[skip.rawValue] = .integer(counts.skipped[skip] ?? 0) }
        let places = counts.shares.sorted { $0.key.country < $1.key.country }
        let totals = Dictionary(grouping: places) { $0.key.currency }
            .mapValues { $0.reduce(0) { $0 + $1.value.micros } }
        return [
            "replay": id.map { .string("\($0)") } ?? nil, "dry_run": .bool(id == nil), "state": .string(state.name),
            "matched": .integer(counts.matched), "deliveries": .integer(counts.made), "skipped": .object(skipped),
            "estimate": .array(
                totals.sorted { $0.key.description < $1.key.description }
                    .map { Money(micros: $0.value, currency: $0.key).json }
            ),
            "by_country": .array(
                places.map { place, share in
                    [
                        "country": .string(place.country), "messages": .integer(share.messages),
                        "segments": .integer(share.segments), "amount": .string(Money.text(micros: share.micros)),
                        "currency": .string("\(place.currency)"),
                    ]
                }
            ),
        ]
    }
}

extension Replay.State {
    fileprivate var name: String {
        switch self {
        case .running: "running"
        case .done: "done"
        case .stopped: "stopped"
        }
    }
}
