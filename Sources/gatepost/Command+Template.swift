import AuthEvents
import Composition
import Configuration
import JSON
import Spend

extension Command {
    static let template = Command(
        name: "template",
        usage: """
            list [--tenant T]
                preview PURPOSE CHANNEL [--locale L] [--notice NAME] [--tenant T]
                lint [--tenant T]
            """,
        summary: "the texts of messages: which there are, how they read, what they cost and lack; needs no server"
    ) { invocation in
        guard let verb = invocation.arguments.word() else { throw UsageError("template needs list, preview or lint") }
        switch verb {
        case "list": try list(&invocation)
        case "preview": try preview(&invocation)
        case "lint": try lint(&invocation)
        default: throw UsageError("template has no \(verb); there are list, preview and lint")
        }
    }

    private static func list(_ invocation: inout Invocation) throws {
        let name = try invocation.arguments.option("tenant")
        try invocation.arguments.finish()
        let desk = try TemplateDesk(invocation)
        let templates = desk.templates(of: try desk.tenant(name)).all
        guard !invocation.isJSON else {
            return Output.print(["items": .array(templates.map { .object(shape($0.kind, $0.language, $0.isBuiltIn)) })])
        }
        let rows = templates.map { template in
            [
                template.kind.purpose.name, template.kind.notice?.description ?? "-", template.kind.channel.name,
                template.language.description, template.isBuiltIn ? "built-in" : "own",
            ]
        }
        Output.table(["purpose", "notice", "channel", "language", "text"], rows)
    }

    private static func preview(_ invocation: inout Invocation) throws {
        guard let purpose = invocation.arguments.word(), let channel = invocation.arguments.word() else {
            throw UsageError("template preview needs a purpose and a channel, such as mfa sms")
        }
        let kind = try kind(purpose, channel, notice: invocation.arguments.option("notice"))
        let locale = try invocation.arguments.option("locale")
        if let locale, LanguageTag(locale) == nil {
            throw UsageError("--locale must be a BCP 47 tag such as en or pt-BR")
        }
        let name = try invocation.arguments.option("tenant")
        try invocation.arguments.finish()
        let desk = try TemplateDesk(invocation)
        let tenant = try desk.tenant(name)
        let found = desk.templates(of: tenant).preview(
            kind,
            locale: locale,
            for: tenant,
            terms: desk.terms(of: kind.purpose)
        )
        guard let found else { throw CommandFailure(1, "there is no text for \(kind.folder)") }
        let cost = found.count.flatMap { desk.thousand($0, for: tenant) }
        guard !invocation.isJSON else {
            var object = shape(found.kind, found.language, found.isBuiltIn)
            object["subject"] = found.message.subject.map(JSONValue.string) ?? .null
            object["text"] = .string(found.message.text)
            object["html"] = found.message.html.map(JSONValue.string) ?? .null
            object["length"] = length(found.count, cost)
            return Output.print(.object(object))
        }
        let origin = "\(found.isBuiltIn ? "built-in" : "own"), \(found.kind.folder)/\(found.language)"
        var facts: [(name: String, value: String)] = [("text", origin)]
        if let count = found.count { facts.append(("length", words(count, cost))) }
        if let subject = found.message.subject { facts.append(("subject", subject)) }
        Output.facts(facts)
        say("")
        say(found.message.text)
        if let html = found.message.html { say("\n" + html) }
    }

    private static func kind(_ purpose: String, _ channel: String, notice: String?) throws(UsageError) -> TemplateKind {
        guard let known = Purpose(name: purpose) else {
            let names = Purpose.allCases.map(\.name).joined(separator: ", ")
            throw UsageError("there is no purpose \(purpose); there are \(names)")
        }
        guard let channel = Channel(name: channel) else {
            throw UsageError("there is no channel \(channel); there are email and sms")
        }
        guard let notice else { return TemplateKind(known, channel) }
        guard known == .notice else { throw UsageError("--notice goes with the purpose notice") }
        guard let name = NoticeName(notice) else {
            throw UsageError("--notice must have 1 to 64 of a-z, 0-9 and _, such as password_changed")
        }
        return TemplateKind(known, notice: name, channel)
    }

    private static func shape(_ kind: TemplateKind, _ language: LanguageTag, _ isBuiltIn: Bool) -> JSONObject {
        [
            "purpose": .string(kind.purpose.name),
            "notice": kind.notice.map { .string($0.description) } ?? .null,
            "channel": .string(kind.channel.name), "language": .string(language.description),
            "built_in": .bool(isBuiltIn),
        ]
    }

    /// `null` for a mail; the cost is that of a thousand.
    private static func length(_ count: SegmentCount?, _ cost: Money?) -> JSONValue {
        guard let count else { return .null }
        return [
            "encoding": .string(count.encoding.name), "units": .integer(Int64(count.units)),
            "segments": .integer(Int64(count.segments)), "per_thousand": .object(of: cost),
        ]
    }

    private static func words(_ count: SegmentCount, _ cost: Money?) -> String {
        let segments = count.segments == 1 ? "1 segment" : "\(count.segments) segments"
        return "\(count.encoding.name), \(count.units) units, \(segments)" + (cost.map { ", \($0) a thousand" } ?? "")
    }

    /// Each tenant's texts, or one's; of the built-in ones only what keeps a message from its use is told.
    private static func lint(_ invocation: inout Invocation) throws {
        let name = try invocation.arguments.option("tenant")
        try invocation.arguments.finish()
        let desk = try TemplateDesk(invocation)
        let tenants = try name.map { try [desk.tenant($0)] } ?? desk.tenants
        var items: [JSONValue] = []
        var rows: [[String]] = []
        var counts: [LintFinding.Level: Int] = [:]
        for tenant in tenants {
            for report in desk.templates(of: tenant).lint(for: tenant, terms: desk.terms(of:)) {
                let told = report.findings.filter { !report.isBuiltIn || $0.level == .error }
                for finding in told {
                    counts[finding.level, default: 0] += 1
                    if !invocation.isJSON { say(desk.place(finding, report, of: tenant)) }
                }
                let sample = report.length.flatMap { desk.thousand($0.sample, for: tenant) }
                let worst = report.length.flatMap { desk.thousand($0.worst, for: tenant) }
                var item = shape(report.kind, report.language, report.isBuiltIn)
                item["tenant"] = .string(tenant.name.description)
                item["length"] = length(report.length?.sample, sample)
                item["longest"] = length(report.length?.worst, worst)
                item["forcing"] = report.forcing.map(\.json) ?? .null
                item["findings"] = .array(told.map(\.json))
                items.append(.object(item))
                guard let length = report.length, !report.isBuiltIn else { continue }
                rows.append(
                    [
                        tenant.name.description, "\(report.kind.folder)/\(report.language)",
                        length.sample.encoding.name,
                        "\(length.sample.segments)", sample?.description ?? "-", "\(length.worst.segments)",
                        worst?.description ?? "-",
                    ]
                )
            }
        }
        let (errors, warnings) = (counts[.error] ?? 0, counts[.warning] ?? 0)
        if invocation.isJSON {
            Output.print(
                ["items": .array(items), "errors": .integer(Int64(errors)), "warnings": .integer(Int64(warnings))]
            )
        } else {
            show(rows, texts: items.count, errors: errors, warnings: warnings)
        }
        if errors > 0 { throw CommandFailure(1, "texts with errors: a message would not do what it is for") }
    }

    private static func show(_ rows: [[String]], texts: Int, errors: Int, warnings: Int) {
        if !rows.isEmpty {
            if errors + warnings > 0 { say("") }
            let head = ["tenant", "text", "encoding", "segments", "1000 cost", "at most", "1000 cost"]
            Output.table(head, rows, numbers: [3, 5])
            say("")
        }
        say("texts: \(texts), errors: \(errors), warnings: \(warnings)")
    }
}

extension JSONValue {
    fileprivate static func object(of money: Money?) -> JSONValue {
        guard let money else { return .null }
        return ["amount": .string(money.amount), "currency": .string(money.currency.description)]
    }
}

extension ForcingCharacter {
    fileprivate var json: JSONValue {
        [
            "character": .string(String(character)), "code": .string(code), "name": .string(name),
            "replacement": replacement.map(JSONValue.string) ?? .null,
        ]
    }
}

extension LintFinding {
    fileprivate var json: JSONValue {
        [
            "level": .string(level.rawValue), "file": .string(file), "line": .integer(Int64(line)),
            "column": .integer(Int64(column)), "sentence": .string(sentence),
        ]
    }
}
