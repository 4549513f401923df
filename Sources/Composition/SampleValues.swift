package import AuthEvents
package import Challenges

extension MessageTemplates {
    /// Values to look at the texts with; the tenant's brand is its own, the rest is made up.
    package func sampleValues(for tenant: Tenant, terms: PurposeTerms) -> MessageValues {
        var values = MessageValues(brand: tenant.brand, name: "Maria", notice: kind.notice)
        values.link = sampleLink(of: tenant)
        if kind.carriesCode {
            values.code = Code(digits: String("4829137506".prefix(terms.digits)))
            values.life = terms.timeToLive
        } else if kind.notice == nil {
            values.notice = NoticeName("account_updated")
        }
        let known = ["device": "Firefox on Linux", "place": "Lisbon", "time": "10:00 UTC"]
        for name in dataNames { values.data[name] = known[name] ?? "(\(name))" }
        return values
    }

    private func sampleLink(of tenant: Tenant) -> String {
        let prefix = tenant.links.first ?? "https://example.com/"
        let page = kind.carriesCode ? "confirm?code={{code}}" : "account"
        if prefix.contains("?") { return kind.carriesCode ? prefix + "{{code}}" : prefix }
        return prefix + (prefix.hasSuffix("/") ? "" : "/") + page
    }

    /// The most that an event may bring, by the names that templates have for it.
    ///
    /// A name of 64 letters that take two units of UCS-2 each, 256 and 2,048 bytes of characters that are not in GSM-7.
    func longestValues(for tenant: Tenant, terms: PurposeTerms) -> [String: String] {
        var values = sampleValues(for: tenant, terms: terms).byName(in: language)
        values["name"] = String(repeating: "\u{10400}", count: 64)
        values["link"] = String(repeating: "`", count: 2048)
        if kind.carriesCode { values["life"] = LifeWords(in: language).longest(upTo: terms.timeToLive) }
        if !kind.carriesCode, kind.notice == nil { values["notice"] = String(repeating: "a", count: 64) }
        for name in dataNames { values[TemplateKind.dataPrefix + name] = String(repeating: "`", count: 256) }
        return values
    }

    /// The members of `template_data` that are named in any part.
    var dataNames: Set<String> {
        let names = parts.flatMap { $0.template.places.map(\.name) }
        return Set(names.filter { $0.hasPrefix(TemplateKind.dataPrefix) }.map { String($0.dropFirst(5)) })
    }

    /// What an event, or the tenant's settings, may leave out.
    func mayLack(_ name: String, of tenant: Tenant) -> Bool {
        name == "name" || name == "link" || name.hasPrefix(TemplateKind.dataPrefix)
            || name == "domain" && tenant.brand.domain == nil
    }
}
