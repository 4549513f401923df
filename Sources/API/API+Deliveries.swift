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
        guard let id = DeliveryID(id) else { throw .notFound }
        let report: DeliveryReport?
        do {
            report = try await records.delivery(id, of: principal.tenant)
        } catch {
            throw Problem(error)
        }
        guard let report else { throw .notFound }
        var shape = shape(of: report)
        shape["attempts"] = .array(report.attempts.map(\.json))
        shape["receipts"] = .array(report.receipts.map(\.json))
        return .json(.object(shape))
    }

    /// `GET /v1/deliveries`, newest first.
    func deliveries(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .read)
        var filter = try DeliveryFilter(request)
        if let tenant = principal.tenant {
            guard filter.tenant == nil || filter.tenant == tenant else { throw .notFound }
            filter.tenant = tenant
        }
        let subject = request.target.query?.first { $0.name == "subject" }?.value
        filter.subject = subject.map {
            keys.digest("subject", [UInt8]((filter.tenant ?? .default).description.utf8), [UInt8]($0.utf8))
        }
        let page: DeliveryPage
        do {
            page = try await records.deliveries(filter)
        } catch {
            throw Problem(error)
        }
        return .json([
            "items": .array(page.items.map { .object(shape(of: $0)) }),
            "next": page.next.map { .string("\($0)") } ?? nil,
        ])
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
            "expires_at": .string("\(report.expiresAt)"), "replay": nil,
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

extension DeliveryReport.Receipt {
    fileprivate var json: JSONValue {
        [
            "at": .string("\(at)"), "state": .string(state.name),
            "code": code.map(JSONValue.string) ?? nil,
        ]
    }
}

extension DeliveryFilter {
    /// Reads the query; a name that is not known is refused, so that a slip does not show everything.
    fileprivate init(_ request: Request) throws(Problem) {
        self.init(limit: 50)
        guard let query = request.target.query else {
            throw .invalidRequest(JSONPointer(), "The query has a percent sign without two hexadecimal digits.")
        }
        for (name, value) in query {
            guard try set(name, value) else {
                throw .invalidRequest(
                    JSONPointer().appending(name),
                    "\(name.prefix(32)) has no such value or is not known here."
                )
            }
        }
    }

    /// Returns false for a name or value that is not known.
    private mutating func set(_ name: String, _ value: String) throws(Problem) -> Bool {
        switch name {
        case "state":
            state = DeliveryState(name: value)
            return state != nil
        case "reason":
            reason = Reason(name: value)
            return reason != nil
        case "purpose":
            purpose = Purpose(name: value)
            return purpose != nil
        case "channel":
            channel = Channel(name: value)
            return channel != nil
        case "tenant":
            tenant = TenantName(value)
            return tenant != nil
        case "challenge":
            challenge = ChallengeID(value)
            return challenge != nil
        case "since":
            since = Instant(rfc3339: value)
            return since != nil
        case "until":
            until = Instant(rfc3339: value)
            return until != nil
        case "cursor":
            after = DeliveryID(value)
            return after != nil
        case "gateway": gateway = value
        case "country": country = value
        case "event": event = value
        case "subject": return !value.isEmpty
        case "limit":
            guard let number = Int(value), (1...1000).contains(number) else { return false }
            limit = number
        default: return false
        }
        return true
    }
}
