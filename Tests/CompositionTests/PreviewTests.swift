import AuthEvents
import Challenges
import Composition
import Spend
import Testing

@Suite("A preview")
struct PreviewTests {
    private let tenant = Tenant(
        name: .default,
        links: ["https://app.example.com/start"],
        brand: Brand(name: "Cruddur", domain: "cruddur.com")
    )

    private func preview(
        _ set: TemplateSet,
        _ kind: TemplateKind,
        _ locale: String?,
        change: (inout MessageValues) -> Void = { _ in }
    ) -> TemplatePreview? {
        set.preview(kind, locale: locale, for: tenant, terms: .standard(for: kind.purpose), change: change)
    }

    @Test("shows the message that a person with this locale would get, with sample values")
    func shows() throws {
        let set = try builtInSet()
        let mail = try #require(preview(set, TemplateKind(.signUp, .email), "de-CH"))
        #expect(mail.language.description == "de" && mail.isBuiltIn && mail.count == nil)
        #expect(mail.message.subject == "482913 ist Ihr Code für Cruddur")
        #expect(mail.message.text.contains("Guten Tag, Maria!") && mail.message.text.contains("Er gilt 24 Stunden."))
        #expect(mail.message.text.contains("\nhttps://app.example.com/start/confirm?code=482913\n"))
        #expect(mail.message.html?.contains("Guten Tag, <bdi>Maria</bdi>!") == true)
        let sms = try #require(preview(set, TemplateKind(.mfa, .sms), nil))
        #expect(sms.message.text == "482913 is your Cruddur sign-in code.\n\n@cruddur.com #482913")
        #expect(sms.count == SegmentCount(sms.message.text))
    }

    @Test("shows the digits and the life of the purpose's settings")
    func terms() throws {
        let terms = PurposeTerms(timeToLive: .seconds(90), digits: 8)
        let shown = try builtInSet().preview(TemplateKind(.mfa, .email), locale: "fr", for: tenant, terms: terms)
        #expect(shown?.message.text.contains("\n    48291375\n\nIl est valable 1 minute.") == true)
    }

    @Test("has a sample for each member of template_data that is named, and takes others")
    func data() throws {
        let set = try TemplateSet(files: [
            TemplateFile("mfa/sms/en.txt", "{{code}} {{data.device}} {{data.order}} {{name}}")
        ])
        #expect(preview(set, TemplateKind(.mfa, .sms), nil)?.message.text == "482913 Firefox on Linux (order) Maria")
        let other = preview(set, TemplateKind(.mfa, .sms), nil) { values in
            values.data["order"] = "42"
            values.name = nil
        }
        #expect(other?.message.text == "482913 Firefox on Linux 42")
    }

    @Test("of a notice without words of its own shows the general one, with its name")
    func notice() throws {
        let set = try builtInSet().overlaid(
            with: TemplateSet(files: [TemplateFile("notice/sms/en.txt", "{{notice}} {{link}}")])
        )
        let kind = TemplateKind(.notice, notice: NoticeName("shipped"), .sms)
        let shown = try #require(preview(set, kind, "en-GB"))
        #expect(shown.kind == TemplateKind(.notice, .sms) && !shown.isBuiltIn)
        #expect(shown.message.text == "shipped https://app.example.com/start/account")
        #expect(preview(set, TemplateKind(.notice, .sms), nil)?.message.text.hasPrefix("account_updated ") == true)
    }

    @Test("is none of what has no templates")
    func none() {
        #expect(preview(TemplateSet(), TemplateKind(.mfa, .sms), nil) == nil)
    }
}
