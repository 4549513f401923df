import AuthEvents

/// What the path of a file says.
struct TemplatePlace {
    let kind: TemplateKind
    let language: LanguageTag
    let part: TemplatePart

    /// `PURPOSE/CHANNEL/FILE` or `notice/NAME/CHANNEL/FILE`.
    init(path: String) throws(TemplateFault) {
        var folders = path.split(separator: "/", omittingEmptySubsequences: false)
        let file = folders.removeLast()
        guard let first = folders.first, let purpose = Purpose(name: String(first)) else {
            let purposes = Purpose.allCases.map(\.name).joined(separator: ", ")
            throw TemplateFault(path, "a file stands in a folder of its purpose: \(purposes)")
        }
        guard folders.count == 2 || folders.count == 3 && purpose == .notice else {
            let forms = "\(purpose.name)/CHANNEL/FILE" + (purpose == .notice ? " or notice/NAME/CHANNEL/FILE" : "")
            throw TemplateFault(path, "a file of this purpose stands at \(forms)")
        }
        let notice = folders.count == 3 ? NoticeName(String(folders[1])) : nil
        if folders.count == 3, notice == nil {
            throw TemplateFault(path, "the name of a notice has 1 to 64 of a-z, 0-9 and _")
        }
        guard let channel = folders.last.flatMap({ Channel(name: String($0)) }) else {
            throw TemplateFault(path, "the folder of a file is named by its channel: email or sms")
        }
        kind = TemplateKind(purpose, notice: notice, channel)
        let parts = TemplatePart.parts(of: channel)
        guard let part = parts.first(where: { file.hasSuffix($0.ending) }) else {
            let forms = parts.map { "LOCALE\($0.ending)" }.joined(separator: ", ")
            throw TemplateFault(path, "no such file is known here; known are \(forms)")
        }
        guard let language = LanguageTag(file.dropLast(part.ending.count)) else {
            throw TemplateFault(path, "a file is named by its language, a BCP 47 tag such as en or pt-BR")
        }
        (self.part, self.language) = (part, language)
    }
}
