import AuthEvents
import Challenges
import Composition
import Spend
import Testing

@Suite("The texts that come with the product")
struct BuiltInTextsTests {
    private static let full = MessageValues(
        brand: Brand(name: "Cruddur & Söhne AG", domain: "id.cruddur.example.co"),
        code: Code(digits: "4829137506"),
        life: .seconds(600),
        name: "Zoë <script>alert(1)</script>",
        link: "https://app.example.com/go?a=1&code={{code}}",
        data: ["device": "<b>\"Firefox\"</b>", "place": "S. & T.", "time": "10:00 'UTC'"]
    )

    @Test(
        "are one segment of GSM-7 with a brand and a domain of 20 characters",
        arguments: BuiltInMessage.all(on: .sms)
    )
    func oneSegment(message: BuiltInMessage) throws {
        for brand in [
            Brand(name: "Twenty Letters & Co.", domain: "twenty.letters.co.uk"), Brand(name: "Twenty Letters & Co."),
        ] {
            #expect(brand.name.count == 20 && (brand.domain?.count ?? 20) == 20)
            let values = MessageValues(brand: brand, code: Code(digits: "4829137506"))
            let count = SegmentCount(try message.rendered(with: values).text)
            #expect(count.encoding == .gsm7 && count.segments == 1, "\(count)")
        }
    }

    @Test(
        "are one segment of UCS-2 where a short brand needs it",
        arguments: BuiltInMessage.all(on: .sms).filter(\.kind.carriesCode)
    )
    func oneSegmentOfUCS2(message: BuiltInMessage) throws {
        let brand = Brand(name: "Łódź", domain: "lodz.example")
        let values = MessageValues(brand: brand, code: Code(digits: "482913"))
        let count = SegmentCount(try message.rendered(with: values).text)
        #expect(count.encoding == .ucs2 && count.segments == 1, "\(count)")
    }

    @Test("end as an SMS with a code in the line that binds it to the site", arguments: BuiltInMessage.all(on: .sms))
    func originBound(message: BuiltInMessage) throws {
        let values = MessageValues(brand: Brand(name: "Cruddur", domain: "cruddur.com"), code: Code(digits: "482913"))
        let text = try message.rendered(with: values).text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if message.kind.carriesCode {
            #expect(
                lines.count == 3 && lines[0].contains("482913") && lines[1] == "" && lines[2] == "@cruddur.com #482913"
            )
        } else {
            #expect(lines.count == 1 && !text.contains("482913"))
        }
        let bare = try message.rendered(
            with: MessageValues(brand: Brand(name: "Cruddur"), code: Code(digits: "482913"))
        )
        #expect(bare.text == lines[0])
    }

    @Test(
        "of mails show all they are given, each escaped for where it stands",
        arguments: BuiltInMessage.all(on: .email)
    )
    func mails(message: BuiltInMessage) throws {
        let mail = try message.rendered(with: BuiltInTextsTests.full)
        let (text, html, subject) = (mail.text, try #require(mail.html), try #require(mail.subject))
        for part in [text, html, subject] { #expect(!part.contains("{{") && !part.contains("}}")) }
        #expect(subject.contains("Cruddur & Söhne AG") && !subject.contains("\n") && subject.count < 75)
        #expect(text.contains("Cruddur & Söhne AG") && html.contains("<bdi>Cruddur &amp; Söhne AG</bdi>"))
        #expect(text.contains("Zoë <script>alert(1)</script>"))
        #expect(html.contains("<bdi>Zoë &lt;script&gt;alert(1)&lt;/script&gt;</bdi>") && !html.contains("<script"))
        #expect(html.contains("<html lang=\"\(message.language)\" dir=\"ltr\">"))
        if message.kind.carriesCode {
            let page = "https://app.example.com/go?a=1&code=4829137506"
            #expect(text.contains("\n    4829137506\n") && text.contains("\n\(page)\n"))
            #expect(html.contains("<strong>4829137506</strong>"))
            #expect(html.contains("<a href=\"https://app.example.com/go?a=1&amp;code=4829137506\">"))
            #expect(text.contains("10 min") || text.contains("10 Min"))
        } else {
            #expect(!text.contains("10 min") && !(text + html + subject).contains("<strong>"))
            #expect(
                text.contains(" <b>\"Firefox\"</b>\n") && text.contains(" S. & T.\n") && text.contains(" 10:00 'UTC'\n")
            )
            #expect(html.contains("&lt;b&gt;&quot;Firefox&quot;&lt;/b&gt;") && html.contains("10:00 &#39;UTC&#39;"))
        }
    }

    @Test("of mails read well without name, link and data", arguments: BuiltInMessage.all(on: .email))
    func bareMails(message: BuiltInMessage) throws {
        let brand = Brand(name: "Cruddur")
        let mail = try message.rendered(
            with: MessageValues(brand: brand, code: Code(digits: "482913"), life: .seconds(300))
        )
        for part in [mail.text, try #require(mail.html), try #require(mail.subject)] {
            let flaws = ["{{", "}}", " ,", " !", "  :", "\n\n\n", "http", " ."].filter { part.contains($0) }
            #expect(flaws == [])
        }
        #expect(mail.text.hasSuffix(".\n") && mail.text.first?.isUppercase == true)
    }

    @Test("of mails are HTML whose elements are closed in order", arguments: BuiltInMessage.all(on: .email))
    func isHTML(message: BuiltInMessage) throws {
        let html = try #require(try message.rendered(with: BuiltInTextsTests.full).html)
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html"))
        var open: [Substring] = []
        for tag in html.dropFirst(15).matches(of: /<(\/?)([a-z]+)[^<>]*>/) where tag.2 != "meta" {
            if tag.1.isEmpty { open.append(tag.2) } else { #expect(open.popLast() == tag.2) }
        }
        #expect(open.isEmpty)
        #expect(!html.replacing(/<(\/?[a-z!][^<>]*)>/, with: "").contains { "<>".contains($0) })
    }

    @Test("are there for every purpose and well-known notice, on both channels, in five languages")
    func complete() throws {
        let set = try builtInSet()
        #expect(set.all.count == builtInKinds.count * languages.count && set.kinds.count == builtInKinds.count)
        #expect(Set(set.kinds) == Set(builtInKinds))
    }

    @Test("differ from language to language", arguments: builtInKinds)
    func differ(kind: TemplateKind) throws {
        let values = MessageValues(brand: Brand(name: "C"), code: Code(digits: "482913"), life: .seconds(3600))
        let messages = try languages.map { try BuiltInMessage(kind: kind, language: $0).rendered(with: values) }
        for part in [messages.map(\.text), messages.map { $0.subject ?? $0.text }, messages.map { $0.html ?? $0.text }]
        {
            #expect(Set(part).count == languages.count)
        }
    }

    @Test("differ from purpose to purpose and from notice to notice", arguments: languages)
    func differByKind(language: String) throws {
        let values = MessageValues(brand: Brand(name: "C"), code: Code(digits: "482913"), life: .seconds(3600))
        let texts = try builtInKinds.map {
            try BuiltInMessage(kind: $0, language: language).rendered(with: values).text
        }
        #expect(Set(texts).count == builtInKinds.count)
    }

    @Test("are a folder that a tenant may take over as it is")
    func asFolder() throws {
        let builtIn = try builtInSet()
        let copy = try TemplateSet(files: builtIn.files)
        #expect(copy.files == builtIn.files && copy.all.allSatisfy { !$0.isBuiltIn })
        for (one, other) in zip(builtIn.all, copy.all) {
            #expect(one.rendered(with: BuiltInTextsTests.full) == other.rendered(with: BuiltInTextsTests.full))
        }
    }
}
