import AuthEvents
import Clocks
import Deliveries
import HTTPServer
import JSON
private import Keys
import Spend
import Store

extension API {
    /// Answers `GET /v1/deliveries/{id}`.
    func delivery(_ request: Request, id: String) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .read)
        try request.refuseQuery()
        guard let id = DeliveryID(id) else { throw .notFound }
        let report: DeliveryReport?
        do {
            report = try await records.delivery(id, of: principal.tenant)
        } catch {
            throw Problem(error)
        }
        guard let report else { throw .notFound }
        return .json(.object(whole(report)))
    }

    /// A delivery with its attempts and receipts.
    func whole(_ report: DeliveryReport) -> JSONObject {
        var shape = shape(of: report)
        shape["attempts"] = .array(report.attempts.map(\.json))
        shape["receipts"] = .array(report.receipts.map(\.json))
        return shape
    }

    /// `GET /v1/deliveries`, newest first.
    func deliveries(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .read)
        let query = try QueryReader(request, DeliveryFilter.names)
        var filter = try DeliveryFilter(query)
        if let tenant = principal.tenant {
            guard filter.tenant == nil || filter.tenant == tenant else { throw .notFound }
            filter.tenant = tenant
        }
        filter.subject = try query.take("subject", "have at least one byte") { $0.isEmpty ? nil : $0 }.map {
            keys.digest("subject", [UInt8]((filter.tenant ?? .default).description.utf8), [UInt8]($0.utf8))
        }
        let page: DeliveryPage
        do {
            page = try await records.deliveries(filter)
        } catch {
            throw Problem(error)
        }
        return .json(json(page))
    }

    func json(_ page: DeliveryPage) -> JSONValue {
        [
            "items": .array(page.items.map { .object(shape(of: $0)) }),
            "next": page.next.map { .string("\($0)") } ?? nil,
        ]
    }

    private func shape(of report: DeliveryReport) -> JSONObject {
        let opened = try? keys.open(report.sealed, of: report.event)
        let contents = report.isPrevious ? opened?.toPreviousAddress : opened
        return [
            "id": .string("\(report.id)"), "event": .string(report.eventName),
            "challenge": report.challenge.map { .string("\($0)") } ?? nil, "purpose": .string(report.purpose.name),
            "channel": .string(report.channel.name), "tenant": .string("\(report.tenant)"),
            "recipient": .string(contents?.maskedAddress(on: report.channel) ?? "***"),
            "locale": report.locale.map(JSONValue.string) ?? nil, "state": .string(report.state.name),
            "reason": report.reason.map { .string($0.name) } ?? nil,
            "country": report.estimate.map { .string($0.country) } ?? nil,
            "segments": report.estimate.map { .integer($0.segments) } ?? nil,
            "encoding": report.estimate.map { .string($0.encoding.name) } ?? nil,
            "estimate": report.estimate?.amount.json ?? nil,
            "price_version": report.estimate.map { .string($0.priceVersion) } ?? nil,
            "price": report.price?.json ?? nil,
            "gateway": .string(report.gateway),
            "created_at": .string("\(report.createdAt)"), "send_before": .string("\(report.sendBefore)"),
            "expires_at": .string("\(report.expiresAt)"), "replay": report.replay.map { .string("\($0)") } ?? nil,
            "unknown": report.unknown?.json ?? nil,
        ]
    }
}

extension DeliveryReport.Attempt {
    fileprivate var json: JSONValue {
        [
            "number": .integer(number), "at": .string("\(at)"), "gateway": .string(gateway),
            "result": outcome.map { .string($0.name) } ?? nil, "code": code.map(JSONValue.string) ?? nil,
            "detail": detail.map(JSONValue.string) ?? nil,
            "gateway_reference": gatewayReference.map(JSONValue.string) ?? nil,
        ]
    }
}

extension DeliveryReport.Uncertainty {
    fileprivate var json: JSONValue {
        [
            "step": .string(step.rawValue), "then": .string(then), "until": .string("\(until)"),
            "asked": .integer(asked),
        ]
    }
}

extension DeliveryReport.Receipt {
    fileprivate var json: JSONValue {
        [
            "at": .string("\(at)"), "state": .string(state.name),
            "code": code.map(JSONValue.string) ?? nil,
        ]
    }
}

extension DeliveryFilter {
    fileprivate static let names = [
        "state", "reason", "purpose", "channel", "tenant", "country", "gateway", "event", "challenge", "subject",
        "replay", "since", "until", "limit", "cursor",
    ]

    /// Reads all but `subject`, which is looked for by its digest.
    fileprivate init(_ query: QueryReader) throws(Problem) {
        self.init(limit: try query.integer("limit", in: 1...1000) ?? 50)
        state = try query.take("state", of: DeliveryState.allCases.map(\.name), DeliveryState.init(name:))
        reason = try query.take("reason", of: Reason.allCases.map(\.name), Reason.init(name:))
        purpose = try query.take("purpose", of: Purpose.allCases.map(\.name), Purpose.init(name:))
        channel = try query.take("channel", of: Channel.allCases.map(\.name), Channel.init(name:))
        tenant = try query.take("tenant", "have a-z, 0-9, - and _ only", TenantName.init)
        challenge = try query.take("challenge", "be the id of a challenge, ch_ and 32 digits", ChallengeID.init)
        replay = try query.take("replay", "be the id of a replay, rp_ and 32 digits", ReplayID.init)
        after = try query.take("cursor", "be what the page before had as next", DeliveryID.init)
        let instant = "be an RFC 3339 date-time such as 2026-11-21T10:00:00Z"
        since = try query.take("since", instant, Instant.init(ofRequest:))
        until = try query.take("until", instant, Instant.init(ofRequest:))
        let place = "be two capital letters such as BS, or the digits of a shared code"
        country = try query.take("country", place) { $0.isCountry ? $0 : nil }
        (gateway, event) = (query.take("gateway"), query.take("event"))
    }
}
