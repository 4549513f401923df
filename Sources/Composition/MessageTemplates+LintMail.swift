import AuthEvents
import Challenges

extension MessageTemplates {
    /// About where the lists of mail programs cut a subject.
    private static let longestSubject = 60

    func lintMail(for tenant: Tenant, terms: PurposeTerms) -> [LintFinding] {
        let values = sampleValues(for: tenant, terms: terms)
        var bare = values
        (bare.name, bare.link, bare.data) = (nil, nil, [:])
        let (full, least) = (rendered(with: values), rendered(with: bare))
        var findings: [LintFinding] = []
        for (part, file, template) in parts {
            switch part {
            case .subject: findings += subjectFindings(full.subject ?? "", least.subject ?? "", file)
            case .text: findings += codeFindings(template, file, tenant)
            case .html:
                findings += codeFindings(template, file, tenant)
                var markup = MarkupCheck(file: file)
                markup.walk(template.pieces)
                findings += markup.findings
            }
        }
        return findings
    }

    private func subjectFindings(_ full: String, _ least: String, _ file: String) -> [LintFinding] {
        if least.allSatisfy(\.isWhitespace) {
            return [LintFinding(.error, file, "the subject may be empty")]
        }
        guard full.count > MessageTemplates.longestSubject else { return [] }
        let sentence =
            "the subject has \(full.count) characters with sample values; mail programs show about "
            + "\(MessageTemplates.longestSubject)"
        return [LintFinding(.warning, file, sentence)]
    }

    private func codeFindings(_ template: Template, _ file: String, _ tenant: Tenant) -> [LintFinding] {
        let names = template.places.filter(\.isFilledIn).map(\.name)
        var findings: [LintFinding] = []
        if kind.carriesCode {
            let isShown = template.places.contains { place in
                place.name == "code" && place.isFilledIn && place.given.allSatisfy { !mayLack($0, of: tenant) }
            }
            if !isShown, !names.contains("link") {
                findings.append(LintFinding(.error, file, "there is no {{code}}, or not always, and no {{link}}"))
            } else if !isShown {
                let sentence = "there is no {{code}}, or not always; an event without a link then brings nobody further"
                findings.append(LintFinding(.warning, file, sentence))
            }
        }
        if !tenant.links.isEmpty, !names.contains("link") {
            findings.append(LintFinding(.warning, file, "there is no {{link}}; the links of events are not shown"))
        }
        return findings
    }
}

/// Finds places in HTML for which the escaping of values is not made.
private struct MarkupCheck {
    let file: String
    private(set) var findings: [LintFinding] = []
    private var before = ""

    init(file: String) {
        self.file = file
    }

    mutating func walk(_ pieces: [Template.Piece]) {
        for piece in pieces {
            switch piece {
            case .text(let text, _): before += text.lowercased()
            case .name(let name, let position):
                if before.hasSuffix("=") {
                    let sentence = "{{\(name)}} stands in an attribute without quotes; put quotes around it"
                    findings.append(LintFinding(.error, file, sentence, at: position))
                } else if isInside("script") || isInside("style") {
                    let sentence = "{{\(name)}} stands in a script or style sheet, where no value is safe; take it out"
                    findings.append(LintFinding(.error, file, sentence, at: position))
                }
                before += "-"
            case .section(_, _, _, let inner): walk(inner)
            }
        }
    }

    private func isInside(_ element: String) -> Bool {
        guard let open = before.ranges(of: "<\(element)").last else { return false }
        return !before[open.upperBound...].contains("</\(element)")
    }
}
