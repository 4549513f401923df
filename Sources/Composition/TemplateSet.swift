/// Templates by what they are for and by language.
package struct TemplateSet: Sendable {
    private var templates: [TemplateKind: [LanguageTag: MessageTemplates]] = [:]
    /// Taken where there is no text in the person's language; where it is missing too, English.
    package var defaultLanguage: LanguageTag

    package init(defaultLanguage: LanguageTag = .english) {
        self.defaultLanguage = defaultLanguage
    }

    mutating func add(_ message: MessageTemplates) {
        templates[message.kind, default: [:]][message.language] = message
    }

    /// The same set with another's templates in the place of those of the same kind and language.
    package func overlaid(with own: TemplateSet) -> TemplateSet {
        var set = self
        set.defaultLanguage = own.defaultLanguage
        for message in own.all { set.add(message) }
        return set
    }

    /// All, by folder and language.
    package var all: [MessageTemplates] {
        templates.values.flatMap(\.values).sorted { ($0.kind.folder, $0.language) < ($1.kind.folder, $1.language) }
    }

    /// All kinds, by folder.
    package var kinds: [TemplateKind] { templates.keys.sorted { $0.folder < $1.folder } }

    /// As files of a folder.
    package var files: [TemplateFile] { all.flatMap(\.files) }

    /// Finds the templates for a person who reads a language.
    ///
    /// The locale is cut down as RFC 4647, section 3.4 says, then the set's default language is, then English is tried. What
    /// a notice tells counts more than its language: only where there is no text of this notice in any of these, the
    /// general one is looked for, the same way.
    ///
    /// `locale`: A BCP 47 tag; anything else counts as none.
    package func find(_ kind: TemplateKind, locale: String?) -> MessageTemplates? {
        let wanted = locale.flatMap { LanguageTag($0) }?.lookup ?? []
        return find(kind, in: wanted) ?? (kind.notice == nil ? nil : find(kind.general, in: wanted))
    }

    private func find(_ kind: TemplateKind, in wanted: [LanguageTag]) -> MessageTemplates? {
        guard let languages = templates[kind] else { return nil }
        for tag in wanted {
            if let found = languages[tag] { return found }
        }
        for tag in defaultLanguage.lookup {
            if let found = languages[tag] { return found }
        }
        return languages[.english]
    }
}
