import AuthEvents
import Challenges
import Spend

extension MessageTemplates {
    func lintSMS(for tenant: Tenant, terms: PurposeTerms, into report: inout TemplateReport) {
        guard let (_, file, template) = parts.first else { return }
        let values = sampleValues(for: tenant, terms: terms)
        let sample = rendered(with: values).text
        let length = TemplateReport.Length(
            sample: SegmentCount(sample),
            worst: worst(template, longestValues(for: tenant, terms: terms))
        )
        report.length = length
        let own = template.verbatim.flatMap { ForcingCharacter.all(in: $0.text, from: $0.position) }
        report.forcing = own.first?.character
        report.findings += lettersFindings(own, template, file, tenant)
        if length.worst.segments > 1 {
            let most =
                length.worst.segments > length.sample.segments
                ? ", and up to \(length.worst.segments) with the longest values" : ""
            let sentence =
                "this takes \(length.sample.segments) segment\(length.sample.segments == 1 ? "" : "s") with sample "
                + "values\(most); each is paid for"
            report.findings.append(LintFinding(.warning, file, sentence))
        }
        if let code = values.code { report.findings += codeFindings(code.digits, values, template, file, tenant) }
    }

    /// The longest with any of what may be lacking given or not, as the sections ask for it.
    private func worst(_ template: Template, _ values: [String: String]) -> SegmentCount {
        let asked = Set(template.places.filter { !$0.isFilledIn }.map(\.name)).sorted()
        let optional = asked.filter { $0 == "name" || $0 == "link" || $0.hasPrefix(TemplateKind.dataPrefix) }.prefix(8)
        let counts = (0..<(1 << optional.count)).map { choice in
            let lacking = optional.enumerated().filter { choice & (1 << $0.offset) != 0 }.map(\.element)
            return SegmentCount(rendered(with: values.filter { !lacking.contains($0.key) }).text)
        }
        return counts.max { ($0.segments, $0.units) < ($1.segments, $1.units) } ?? SegmentCount("")
    }

    private func lettersFindings(
        _ own: [(character: ForcingCharacter, position: TextPosition)],
        _ template: Template,
        _ file: String,
        _ tenant: Tenant
    ) -> [LintFinding] {
        let effect = "the whole text is sent in UCS-2, 70 characters a segment and not 160"
        if let first = own.first {
            let others = Set(own.map(\.character.character)).count - 1
            let more = others == 0 ? "" : others == 1 ? "; so is 1 other" : "; so are \(others) others"
            let advice = first.character.replacement.map { "; write “\($0)” to stay in GSM-7" } ?? ""
            let sentence = "\(first.character) is not in GSM-7, and so \(effect)\(advice)\(more)"
            return [LintFinding(.warning, file, sentence, at: first.position)]
        }
        var told: Set<String> = []
        return template.places.compactMap { place in
            guard place.isFilledIn, told.insert(place.name).inserted else { return nil }
            let sentence: String
            if place.name == "brand" {
                guard let letter = tenant.brand.name.lazy.compactMap({ ForcingCharacter($0) }).first else { return nil }
                sentence = "the brand's name has \(letter), which is not in GSM-7, and so \(effect)"
            } else if ["name", "link"].contains(place.name) || place.name.hasPrefix(TemplateKind.dataPrefix) {
                sentence = "{{\(place.name)}} may bring a character that is not in GSM-7, and then \(effect)"
            } else {
                return nil
            }
            return LintFinding(.warning, file, sentence, at: place.position)
        }
    }

    private func codeFindings(
        _ code: String,
        _ values: MessageValues,
        _ template: Template,
        _ file: String,
        _ tenant: Tenant
    ) -> [LintFinding] {
        var bare = values
        (bare.name, bare.link, bare.data) = (nil, nil, [:])
        guard rendered(with: bare).text.contains(code) else {
            let sentence = "the text has no {{code}}, or not always; without it the message is of no use"
            return [LintFinding(.error, file, sentence)]
        }
        guard let domain = tenant.brand.domain else { return [] }
        let binding = "@\(domain) #\(code)"
        let lines = rendered(with: values).text.split(separator: "\n", omittingEmptySubsequences: false)
        let place = template.places.last { $0.name == "domain" && $0.isFilledIn }?.position ?? TextPosition()
        // An embedded frame's host may follow (WICG, "Origin-bound one-time codes delivered via SMS", section 3.2).
        if let last = lines.last, last == binding || last.hasPrefix(binding + " @") {
            guard lines.count > 1, lines.dropLast().last != "" else { return [] }
            let sentence = "an empty line should stand before @{{domain}} #{{code}}, which is for machines"
            return [LintFinding(.warning, file, sentence, at: place)]
        }
        guard lines.contains(where: { $0.hasPrefix("@") && $0.contains("#") }) else {
            let sentence = "there is no last line @{{domain}} #{{code}}, so that phones offer the code on any site"
            return [LintFinding(.warning, file, sentence)]
        }
        let sentence = "the line that binds the code to the site must be the last one and read @{{domain}} #{{code}}"
        return [LintFinding(.error, file, sentence, at: place)]
    }
}
