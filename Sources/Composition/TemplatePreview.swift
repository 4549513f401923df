package import AuthEvents
package import Challenges
package import Spend

/// How a message reads, with sample values.
package struct TemplatePreview: Sendable, Equatable {
    package let kind: TemplateKind
    /// The language that was found, which may be another than the one that was asked for.
    package let language: LanguageTag
    package let isBuiltIn: Bool
    package let message: RenderedMessage
    /// Of an SMS.
    package let count: SegmentCount?
}

extension TemplateSet {
    /// Renders the message that a person with this locale would get; `nil` where there are no templates of the kind.
    ///
    /// `change`: May put other values in the place of the samples.
    package func preview(
        _ kind: TemplateKind,
        locale: String?,
        for tenant: Tenant,
        terms: PurposeTerms,
        change: (inout MessageValues) -> Void = { _ in }
    ) -> TemplatePreview? {
        guard let templates = find(kind, locale: locale) else { return nil }
        var values = templates.sampleValues(for: tenant, terms: terms)
        if let notice = kind.notice { values.notice = notice }
        change(&values)
        let message = templates.rendered(with: values)
        return TemplatePreview(
            kind: templates.kind,
            language: templates.language,
            isBuiltIn: templates.isBuiltIn,
            message: message,
            count: kind.channel == .sms ? SegmentCount(message.text) : nil
        )
    }
}
