package import AuthEvents
package import Challenges
package import Spend

/// Something about a template that its owner should know.
package struct LintFinding: Sendable, Equatable, CustomStringConvertible {
    package enum Level: String, Sendable {
        /// The message does not do what it is for.
        case error
        /// It may cost more, or read worse, than it needs to.
        case warning
    }

    package let level: Level
    /// Its path within the folder; built-in texts have the paths they would have.
    package let file: String
    /// Counted from 1, as is ``column``.
    package let line: Int
    package let column: Int
    package let sentence: String

    init(_ level: Level, _ file: String, _ sentence: String, at position: TextPosition = TextPosition()) {
        (self.level, self.file, self.sentence) = (level, file, sentence)
        (line, column) = (position.line, position.column)
    }

    package var description: String { "\(file):\(line):\(column): \(level.rawValue): \(sentence)" }
}

/// What is to be known about the templates of one message in one language.
package struct TemplateReport: Sendable, Equatable {
    /// How long an SMS is.
    package struct Length: Sendable, Equatable {
        /// With sample values.
        package let sample: SegmentCount
        /// With the longest that an event may bring, each of it given or left out, whichever is longer.
        package let worst: SegmentCount
    }

    package let kind: TemplateKind
    package let language: LanguageTag
    package let isBuiltIn: Bool
    /// Of an SMS.
    package internal(set) var length: Length?
    /// Of an SMS: the first character of the text itself that has it sent in UCS-2.
    package internal(set) var forcing: ForcingCharacter?
    /// In the order of file, line and column.
    package internal(set) var findings: [LintFinding] = []
}

extension TemplateSet {
    /// Checks all templates as a tenant would send them.
    ///
    /// `terms`: Digits and lives of codes.
    package func lint(for tenant: Tenant, terms: (Purpose) -> PurposeTerms) -> [TemplateReport] {
        all.map { templates in
            var report = templates.lint(for: tenant, terms: terms(templates.kind.purpose))
            if let notice = templates.kind.notice, find(templates.kind, locale: nil)?.kind != templates.kind {
                let sentence =
                    "there is no text of the notice \(notice) in \(defaultLanguage) or English, so that whoever reads "
                    + "another language gets the general notice"
                let file = templates.parts.first?.file ?? templates.kind.folder
                report.findings.insert(LintFinding(.warning, file, sentence), at: 0)
            }
            return report
        }
    }
}

extension MessageTemplates {
    /// Checks the templates of one message as a tenant would send them.
    package func lint(for tenant: Tenant, terms: PurposeTerms) -> TemplateReport {
        var report = TemplateReport(kind: kind, language: language, isBuiltIn: isBuiltIn)
        switch kind.channel {
        case .sms: lintSMS(for: tenant, terms: terms, into: &report)
        case .email: report.findings += lintMail(for: tenant, terms: terms)
        }
        for (_, file, template) in parts { report.findings += gaps(in: template, file: file, of: tenant) }
        report.findings.sort { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) }
        return report
    }

    /// Places that may be empty, where the text around them does not know of it.
    private func gaps(in template: Template, file: String, of tenant: Tenant) -> [LintFinding] {
        var told: Set<String> = []
        return template.places.compactMap { place in
            let name = place.name
            guard place.isFilledIn, !place.given.contains(name), mayLack(name, of: tenant), told.insert(name).inserted
            else { return nil }
            let sentence = "{{\(name)}} may be empty here; put what needs it between {{#\(name)}} and {{/\(name)}}"
            return LintFinding(.warning, file, sentence, at: place.position)
        }
    }
}
