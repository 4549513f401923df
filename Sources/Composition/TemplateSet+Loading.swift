import AuthEvents

extension TemplateSet {
    /// The largest file of a folder of templates, in bytes.
    package static let largestFile = 65_536

    /// Reads a folder of templates: `PURPOSE/CHANNEL/LOCALE.txt`, with `.subject.txt` and `.html` for mails, and for notices
    /// `notice/NAME/CHANNEL/LOCALE.txt`.
    ///
    /// `files`: Paths within the folder, in any order.
    ///
    /// - Throws: ``TemplateFault`` with all that is wrong: files that stand for nothing, faults within, and mails without
    ///   their subject or text.
    package init(
        files: [TemplateFile],
        defaultLanguage: LanguageTag = .english
    ) throws(TemplateFault) {
        var loading = TemplateLoading()
        for file in files.sorted(by: { $0.path < $1.path }) { loading.take(file) }
        self.init(defaultLanguage: defaultLanguage)
        for message in loading.messages() { add(message) }
        if let fault = TemplateFault(loading.problems) { throw fault }
    }
}

/// A folder of templates while its files are read one after the other.
private struct TemplateLoading {
    private struct Key: Hashable {
        var kind: TemplateKind
        var language: LanguageTag
    }

    private struct Slot {
        /// `nil` for a file that has faults.
        var template: Template?
        var file: String
    }

    private(set) var problems: [TemplateFault.Problem] = []
    private var slots: [Key: [TemplatePart: Slot]] = [:]

    mutating func take(_ file: TemplateFile) {
        let place: TemplatePlace
        do throws(TemplateFault) {
            place = try TemplatePlace(path: file.path)
        } catch {
            problems += error.problems
            return
        }
        let key = Key(kind: place.kind, language: place.language)
        if let other = slots[key]?[place.part] {
            problems.append(TemplateFault.Problem(file.path, "this is \(other.file) again, but for capital letters"))
            return
        }
        var template: Template?
        switch TemplateSource.read(file.contents, as: place.part, of: place.kind.channel) {
        case .failure(let fault): problems.append(TemplateFault.Problem(file.path, fault.reason, at: fault.position))
        case .success(let source):
            let (read, errors) = Template.read(source, names: place.kind.names, prefix: TemplateKind.dataPrefix)
            problems += errors.map { error in
                let names = place.kind.names.union(["\(TemplateKind.dataPrefix)…"]).sorted().joined(separator: ", ")
                let hint = error.reason == TemplateParser.unknownName ? "; known are \(names)" : ""
                return TemplateFault.Problem(file.path, error.reason + hint, at: error.position)
            }
            if errors.isEmpty { template = read }
        }
        slots[key, default: [:]][place.part] = Slot(template: template, file: file.path)
    }

    /// Puts the files of each message together, and notes what is missing.
    mutating func messages() -> [MessageTemplates] {
        var messages: [MessageTemplates] = []
        for (key, parts) in slots {
            let needed: [TemplatePart] = key.kind.channel == .email ? [.subject, .text] : [.text]
            let missing = needed.filter { parts[$0] == nil }
            if let first = parts.values.map(\.file).min() {
                problems += missing.map { part in
                    let file = "\(key.kind.folder)/\(key.language)\(part.ending)"
                    return TemplateFault.Problem(first, "there is no \(file); a mail has a subject and a text")
                }
            }
            guard let text = parts[.text]?.template else { continue }
            messages.append(
                MessageTemplates(
                    kind: key.kind,
                    language: key.language,
                    isBuiltIn: false,
                    subject: parts[.subject]?.template,
                    text: text,
                    html: parts[.html]?.template
                )
            )
        }
        return messages
    }
}
