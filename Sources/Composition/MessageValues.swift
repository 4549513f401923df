package import AuthEvents
package import Challenges

/// What is filled into the texts of one message.
package struct MessageValues: Sendable {
    package var brand: Brand
    /// `nil` where nothing is to be entered, as for a notice.
    package var code: Code?
    /// From the moment of writing.
    package var life: Duration?
    package var name: String?
    /// As the application gave it; `{{code}}` in it stands for the code.
    package var link: String?
    package var notice: NoticeName?
    /// The event's `template_data`.
    package var data: [String: String]

    package init(
        brand: Brand,
        code: Code? = nil,
        life: Duration? = nil,
        name: String? = nil,
        link: String? = nil,
        notice: NoticeName? = nil,
        data: [String: String] = [:]
    ) {
        (self.brand, self.code, self.life, self.name, self.link) = (brand, code, life, name, link)
        (self.notice, self.data) = (notice, data)
    }

    /// By the names that templates have for them; `life` in words of the language.
    func byName(in language: LanguageTag) -> [String: String] {
        var values = [String: String](minimumCapacity: 8 + data.count)
        (values["brand"], values["domain"]) = (brand.name, brand.domain)
        values["code"] = code?.digits
        values["life"] = life.map(LifeWords(in: language).text)
        values["name"] = name
        values["link"] = link.map { MessageLink.filled($0, with: code?.digits ?? "") }
        values["notice"] = notice?.description
        for (name, text) in data { values[TemplateKind.dataPrefix + name] = text }
        return values
    }
}
