import AuthEvents
import Clocks
import Deliveries
import HTTPServer
import JSON
import PhoneNumbers
import Spend
import Store

extension API {
    /// Entries that are read and written at once.
    private static let ledgerPage = 5000

    /// Answers `GET /v1/spend?from=&to=&group_by=`.
    func spend(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .read)
        let query = try QueryReader(request, ["from", "to", "group_by"])
        let now = time.now()
        let month = Budget.Period.month.bounds(around: now)
        let period = try query.period(else: month.start..<month.end)
        var groups: Set<SpendGroup> = []
        for name in query.take("group_by")?.split(separator: ",") ?? [] {
            guard let group = SpendGroup(rawValue: String(name)) else {
                let known = SpendGroup.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalidRequest(JSONPointer().appending("group_by"), "group_by takes any of \(known).")
            }
            groups.insert(group)
        }
        let report: SpendReport
        let restores: [Restore]
        do {
            report = try await money.spend(SpendQuery(period: period, tenant: principal.tenant, groups: groups))
            restores = try await backups.restores()
        } catch {
            throw Problem(error)
        }
        let totals = SpendFold.totals(of: report.lines.map(\.row))
        var shape: JSONObject = [
            "from": .string("\(period.lowerBound)"), "to": .string("\(period.upperBound)"),
            "rows": .array(report.lines.map { $0.json(report.groups) }),
            "totals": .array(totals.map { .object($0.members) }),
        ]
        shape["missing"] = json(of: restores.map(\.missing).filter { $0.overlaps(period) })
        return .json(.object(shape))
    }

    /// Answers `GET /v1/ledger?from=&to=&after=&limit=` with NDJSON, or CSV where it is asked for.
    ///
    /// `after` is WRITER:SEQUENCE of the last entry of the page before.
    func ledger(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .read)
        let query = try QueryReader(request, ["from", "to", "after", "limit"])
        let period = try query.period(else: .distantPast..<(.distantFuture))
        var filter = LedgerFilter(from: period.lowerBound, to: period.upperBound, tenant: principal.tenant)
        filter.after = try query.position("after")
        var left = try query.integer("limit", in: 1...100_000) ?? .max
        let isCSV = try request.prefersCSV()
        let type = isCSV ? "text/csv; charset=utf-8" : "application/x-ndjson"
        var response = Response(status: 200, headers: [("Content-Type", type)])
        do {
            var file: ResponseFile?
            if isCSV { response.body = LedgerText.csvHeader }
            while left > 0 {
                filter.limit = min(left, API.ledgerPage)
                let entries = try await money.ledger(filter)
                response.body += entries.flatMap(isCSV ? LedgerText.csv : LedgerText.ndjson)
                guard entries.count == filter.limit, let last = entries.last else { break }
                filter.after = (last.writer, last.sequence)
                left -= entries.count
                // A few entries need no disk, so that they can be read even where it is full.
                let spool = try file ?? ResponseFile(in: facts.spoolFolder)
                try await spool.append(response.body)
                (file, response.body) = (spool, [])
            }
            try await file?.append(response.body)
            response.file = file
        } catch let error as StoreError {
            throw Problem(error)
        } catch {
            throw Problem(
                .unavailable,
                "The answer found no room on the server's disk; make some, then ask again.",
                retryAfter: 60
            )
        }
        return response
    }

    /// Answers `POST /v1/price`: where a number's message may go, and what it would cost there.
    func price(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .read)
        let body = try request.object("number", "text", "tenant")
        let tenant = try tenant(named: body, for: principal, .read)
        let (number, text) = try problem { () throws(EventProblem) in
            let number = try body.optional("number", bytes: 1...64)
            let text = try body.optional("text", bytes: 0...16_384)
            guard number != nil || text != nil else { throw body.problem("number", "give number, text or both") }
            return (number, text)
        }
        let home = facts.countries[tenant.description] ?? "US"
        return .json(destinations.appraise(number: number, text: text, home: home, at: time.now()).json)
    }

    /// Answers `POST /v1/ledger/verify`.
    func verifyLedger(_ request: Request) async throws(Problem) -> Response {
        let principal = try await principal(of: request, .read)
        guard principal.tenant == nil else {
            throw Problem(.forbidden, "The ledger is one chain of all tenants; use a token of none.", ["scope": "read"])
        }
        let audit: LedgerAudit
        let restores: [Restore]
        do {
            audit = try await money.auditLedger()
            restores = try await backups.restores()
        } catch {
            throw Problem(error)
        }
        var shape: JSONObject = [
            "verified": .bool(audit.faultCount == 0), "entries": .integer(audit.entries),
            "writers": .array(
                audit.heads.sorted { $0.key < $1.key }.map { writer, head in
                    ["writer": .string(writer), "sequence": .integer(head.sequence), "hash": .string(head.hash)]
                }
            ),
            "faults": .array(
                audit.faults.map { fault in
                    [
                        "writer": fault.writer.map(JSONValue.string) ?? nil,
                        "sequence": fault.sequence.map(JSONValue.integer) ?? nil, "what": .string("\(fault)"),
                    ]
                }
            ),
            "fault_count": .integer(Int64(audit.faultCount)),
        ]
        shape["missing"] = json(of: restores.map(\.missing))
        return .json(.object(shape))
    }

    /// Spans of which what was written is lost, oldest first; `nil` where there are none.
    private func json(of missing: [Range<Instant>]) -> JSONValue? {
        let spans = missing.filter { !$0.isEmpty }
        return spans.isEmpty ? nil : .array(spans.reversed().map(\.json))
    }
}

extension SpendReport.Line {
    func json(_ groups: [SpendGroup]) -> JSONValue {
        var object = JSONObject()
        for (group, key) in zip(groups, row.keys) {
            object[group.rawValue] = key.map(JSONValue.string) ?? JSONValue.null
        }
        for member in row.members.members { object[member.name] = member.value }
        object["verified"] = .integer(verified)
        object["cost_per_verified"] = costPerVerified.map { .string(Money.text(micros: $0)) } ?? JSONValue.null
        return .object(object)
    }

    /// What a verified challenge cost: what was billed where it is known, else what was estimated, rounded up.
    private var costPerVerified: Int64? {
        guard verified > 0 else { return nil }
        let cost = max(row.sums.estimate + row.sums.difference, 0)
        return (cost + verified - 1) / verified
    }
}

extension SpendRow {
    fileprivate var members: JSONObject {
        [
            "messages": .integer(sums.messages), "segments": .integer(sums.segments),
            "estimate": .string(Money.text(micros: sums.estimate)), "price": .string(Money.text(micros: sums.price)),
            "difference": .string(Money.text(micros: sums.difference)), "currency": .string("\(currency)"),
        ]
    }
}

extension Money {
    var json: JSONValue { ["amount": .string(amount), "currency": .string("\(currency)")] }
}

extension MemberReader {
    /// `amount` and `currency` of an object.
    func money() throws(EventProblem) -> Money {
        guard let micros = Money.micros(try required("amount", bytes: 1...32)) else {
            throw problem("amount", "amount must be a decimal number with at most six places, as a string")
        }
        guard let currency = Currency(try required("currency", bytes: 3...3)) else {
            throw problem("currency", "currency must be an ISO 4217 code such as USD")
        }
        return Money(micros: micros, currency: currency)
    }
}
