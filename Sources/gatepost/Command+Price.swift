import AuthEvents
import Clocks
import Configuration
import Deliveries
import JSON
import PhoneNumbers
import Spend

extension Command {
    static let price = Command(
        name: "price",
        usage: "NUMBER [--text T] [--tenant NAME] | --text T | --file LINES.ndjson",
        summary: "what an SMS would take and cost, and whether it would be sent; needs no server"
    ) { invocation in
        let path = try invocation.arguments.option("file")
        let text = try invocation.arguments.option("text")
        let tenant = try invocation.arguments.option("tenant")
        let number = invocation.arguments.word()
        try invocation.arguments.finish()
        if let path {
            guard number == nil, text == nil, tenant == nil else {
                throw UsageError("price takes --file alone; its lines name number, text and tenant")
            }
            return try appraise(fileAt: path, PriceDesk(invocation), isJSON: invocation.isJSON)
        }
        guard number != nil || text != nil else { throw UsageError("price needs a number, --text T or --file FILE") }
        let appraisal = try PriceDesk(invocation).appraise(PriceQuestion(number: number, text: text, tenant: tenant))
        if invocation.isJSON { Output.print(appraisal.json) } else { show(appraisal) }
        if let destination = appraisal.destination, destination.number == nil {
            throw CommandFailure(1, destination.detail ?? "the number cannot be read")
        }
    }

    /// One answer for each line that asks something; a line that does not is reported and does not stop the others.
    private static func appraise(fileAt path: String, _ desk: PriceDesk, isJSON: Bool) throws {
        var reader = try LineReader(path: path)
        var rows: [[String]] = []
        var (line, unanswered) = (0, 0)
        while let bytes = try reader.next() {
            line += 1
            guard bytes.contains(where: { !" \t\r".utf8.contains($0) }) else { continue }
            do throws(CommandFailure) {
                let appraisal = try desk.appraise(PriceQuestion(bytes))
                if isJSON { Output.print(appraisal.json) } else { rows.append(row(appraisal)) }
            } catch {
                unanswered += 1
                CommandLineTool.complain("\(path):\(line): \(error.reason)")
            }
        }
        if !isJSON, !rows.isEmpty {
            let head = ["number", "country", "type", "allowed", "encoding", "units", "segments", "amount", "currency"]
            Output.table(head, rows, numbers: [5, 6, 7])
        }
        if unanswered > 0 { throw CommandFailure(1, "lines without an answer: \(unanswered)") }
    }

    private static func row(_ appraisal: Appraisal) -> [String] {
        let json = appraisal.json
        let allowed = appraisal.destination.map { $0.reason.map { "no: \($0)" } ?? "yes" } ?? "-"
        return ["number", "country", "type"].map { Output.text(json[$0]) } + [allowed]
            + ["encoding", "units", "segments", "amount", "currency"].map { Output.text(json[$0]) }
    }

    private static func show(_ appraisal: Appraisal) {
        var facts: [(name: String, value: String)] = []
        if let destination = appraisal.destination, let number = destination.number {
            facts.append(("number", number.e164))
            facts.append(("country", number.region ?? "none"))
            facts.append(("type", number.kind.rawValue))
            facts.append(("allowed", destination.reason.map { "no, \($0)" } ?? "yes"))
            if let detail = destination.detail { facts.append(("", detail)) }
        }
        if let count = appraisal.count {
            let segments = count.segments == 1 ? "1 segment" : "\(count.segments) segments"
            let units = "\(count.units) \(count.units == 1 ? "unit" : "units")"
            facts.append(("text", "\(count.encoding.name), \(units), \(segments)"))
        }
        if let quote = appraisal.destination?.quote {
            let price = quote.price
            let fee = price.fee == 0 ? "" : " and \(Money.text(micros: price.fee)) of fees"
            let unit = Money(micros: price.unit, currency: price.currency)
            facts.append(("price", "\(unit)\(fee) a segment, at \(quote.gateway) (prices \(price.version))"))
        }
        if let amount = appraisal.amount { facts.append(("amount", "\(amount)")) }
        Output.facts(facts)
    }
}

/// One question about a price.
private struct PriceQuestion {
    var number: String?
    var text: String?
    var tenant: String?

    init(number: String?, text: String?, tenant: String?) {
        (self.number, self.text, self.tenant) = (number, text, tenant)
    }

    /// Reads a line of a file.
    init(_ bytes: [UInt8]) throws(CommandFailure) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw CommandFailure(1, error.description)
        }
        guard let object = json.object else {
            throw CommandFailure(1, "the line is no object with number, text or both")
        }
        for (name, value) in object.members {
            guard ["number", "text", "tenant"].contains(name) else {
                throw CommandFailure(
                    1,
                    "there is no member \(name.debugDescription); there are number, text and tenant"
                )
            }
            guard value.isNull || value.string != nil else { throw CommandFailure(1, "\(name) must be a string") }
        }
        self.init(number: object["number"]?.string, text: object["text"]?.string, tenant: object["tenant"]?.string)
        guard number != nil || text != nil else { throw CommandFailure(1, "the line has neither number nor text") }
    }
}

/// Answers from the settings alone.
private struct PriceDesk {
    private let destinations: Destinations
    private let tenants: [Tenant]
    private let now: Instant

    init(_ invocation: Invocation) throws {
        let path = SettingsPlace.path(invocation.config, environment: invocation.environment)
        let settings = try Settings(file: path, environment: invocation.environment)
        now = SettingsPlace.time(for: settings, environment: invocation.environment).now()
        tenants = settings.tenants
        destinations = try settings.destinations(at: now)
    }

    func appraise(_ question: PriceQuestion) throws(CommandFailure) -> Appraisal {
        let name = question.tenant ?? TenantName.default.description
        guard let tenant = tenants.first(where: { $0.name.description == name }) else {
            throw CommandFailure(1, "the settings have no tenant \(name.debugDescription); add it under [[tenants]]")
        }
        return destinations.appraise(
            number: question.number,
            text: question.text,
            home: tenant.defaultCountry,
            at: now
        )
    }
}
