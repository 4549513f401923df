import AuthEvents
import Challenges
import Clocks
import Composition
import Spend
import Testing

@Suite("A composer")
struct ComposerTests {
    private let code = Code(digits: "482913")
    private let brand = Brand(name: "Cruddur", domain: "cruddur.com")
    private let delivery: DeliveryID = {
        var generator = SystemRandomNumberGenerator()
        return DeliveryID(at: Instant(milliseconds: 0), using: &generator)
    }()

    private func own(_ files: TemplateFile...) throws -> Composer {
        let tenant = try #require(TenantName("acme"))
        return try Composer(own: [tenant: TemplateSet(files: files)])
    }

    private func wording(_ locale: String? = nil) throws -> Wording {
        Wording(tenant: try #require(TenantName("acme")), locale: locale)
    }

    @Test("writes in the person's language")
    func language() throws {
        let composer = try Composer()
        let person = try contents(#"{"email": "a@example.com", "name": "Ana"}"#, phone: "+34600000000")
        let wording = Wording(locale: "es-MX")
        let mail = composer.mail(
            person,
            delivery: delivery,
            purpose: .mfa,
            brand: brand,
            code: code,
            life: .seconds(300),
            wording: wording
        )
        #expect(mail?.mail?.subject == "482913 es tu código de Cruddur")
        #expect(
            mail?.text.hasPrefix(
                "Hola, Ana:\n\nTu código para entrar en Cruddur es\n\n    482913\n\nEs válido durante 5 minutos."
            ) == true
        )
        #expect(mail?.mail?.html.contains("5 minutos") == true)
        let sms = composer.sms(person, purpose: .mfa, brand: brand, code: code, wording: wording)
        #expect(sms?.text == "482913 es tu clave para entrar en Cruddur.\n\n@cruddur.com #482913")
        #expect(sms?.to == "+34600000000" && sms?.from == "Cruddur" && sms?.mail == nil)
    }

    @Test("writes nothing to who has no address on the channel")
    func noAddress() throws {
        let composer = try Composer()
        let phone = try contents("{}", phone: "+34600000000")
        #expect(
            composer.mail(phone, delivery: delivery, purpose: .mfa, brand: brand, code: code, life: .seconds(9)) == nil
        )
        #expect(
            composer.sms(try contents(#"{"email": "a@example.com"}"#), purpose: .mfa, brand: brand, code: code) == nil
        )
    }

    @Test("takes a tenant's own words for that tenant alone, with what the event brings")
    func ownWords() throws {
        let composer = try own(TemplateFile("mfa/sms/en.txt", "{{code}} {{name}} {{data.device}} {{link}} {{life}}"))
        let person = try contents(
            #"{"name": "Al", "link": "https://a.example/?c={{code}}", "template_data": {"device": "Fox"}}"#,
            phone: "+34600000000"
        )
        let sms = composer.sms(
            person,
            purpose: .mfa,
            brand: brand,
            code: code,
            life: .seconds(300),
            wording: try wording()
        )
        #expect(sms?.text == "482913 Al Fox https://a.example/?c=482913 5 minutes")
        let other = composer.sms(person, purpose: .mfa, brand: brand, code: code, life: .seconds(300))
        #expect(other?.text.contains("sign-in code") == true)
        let german = composer.sms(person, purpose: .mfa, brand: brand, code: code, wording: try wording("de"))
        #expect(german?.text.contains("Anmeldecode") == true)
    }

    @Test(
        "writes the text that is priced at acceptance as long as the one that is sent",
        arguments: builtInKinds.filter { $0.channel == .sms }
    )
    func sameLength(kind: TemplateKind) throws {
        let composer = try Composer()
        for locale in languages {
            let wording = Wording(locale: locale)
            let notice = kind.notice.map { #""notice": "\#($0)","# } ?? ""
            let person = try contents("{\(notice) \"name\": \"Al\"}", phone: "+34600000000")
            let accepted = composer.smsText(
                purpose: kind.purpose,
                brand: brand,
                code: Code(digits: "000000"),
                life: .seconds(300),
                name: "Al",
                notice: kind.notice,
                wording: wording
            )
            let sent = composer.sms(
                person,
                purpose: kind.purpose,
                brand: brand,
                code: code,
                life: .seconds(7),
                wording: wording
            )
            #expect(sent?.text == accepted.replacing("000000", with: "482913"))
            #expect(SegmentCount(accepted) == SegmentCount(sent?.text ?? ""))
        }
    }

    @Test("puts no code and no life into a notice, whatever it is given")
    func notice() throws {
        let composer = try Composer()
        let person = try contents(
            #"{"email": "a@example.com", "notice": "new_sign_in", "link": "https://a.example/?c={{code}}", "#
                + #""template_data": {"device": "Firefox on Linux"}}"#,
            phone: "+34600000000"
        )
        // The notice to the previous address goes under the purpose of the change.
        for purpose in [Purpose.notice, .attributeChange] {
            let mail = composer.mail(
                person,
                delivery: delivery,
                purpose: purpose,
                brand: brand,
                code: code,
                life: .seconds(300)
            )
            #expect(mail?.mail?.subject == "New sign-in to your Cruddur account")
            #expect(mail?.text.contains("Device: Firefox on Linux\n") == true)
            let sms = composer.sms(person, purpose: purpose, brand: brand, code: code, life: .seconds(300))
            #expect(sms?.text == "New sign-in to your Cruddur account. Not you? Change your password.")
            for text in [mail?.text, mail?.mail?.html, mail?.mail?.subject, sms?.text] {
                #expect(text?.contains("482913") == false && text?.contains("5 minutes") == false)
            }
        }
    }

    @Test("has a general notice for a name it has no words for, and tells an own text the name")
    func otherNotice() throws {
        let composer = try own(TemplateFile("notice/sms/de.txt", "Hinweis {{notice}}"))
        let person = try contents(#"{"notice": "shipped"}"#, phone: "+34600000000")
        let general = composer.sms(person, purpose: .notice, brand: brand, code: nil)
        #expect(general?.text == "Your Cruddur account was changed. Not you? Sign in and check.")
        let own = composer.sms(person, purpose: .notice, brand: brand, code: nil, wording: try wording("de"))
        #expect(own?.text == "Hinweis shipped")
    }

    @Test("keeps a subject on one line, whatever the brand is called")
    func subject() throws {
        let composer = try Composer()
        let person = try contents(#"{"email": "a@example.com"}"#)
        let brand = Brand(name: "Crud\r\nBcc: all@example.com")
        let mail = composer.mail(
            person,
            delivery: delivery,
            purpose: .mfa,
            brand: brand,
            code: code,
            life: .seconds(300)
        )
        #expect(mail?.mail?.subject == "482913 is your Crud Bcc: all@example.com code")
    }
}
