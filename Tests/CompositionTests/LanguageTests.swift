import AuthEvents
import Composition
import Testing

@Suite("The language of a message")
struct LanguageTests {
    @Test(
        "is looked up by cutting the tag down (RFC 4647, section 3.4)",
        arguments: [
            ("en", ["en"]), ("pt-BR", ["pt-BR", "pt"]), ("zh-Hant-TW", ["zh-Hant-TW", "zh-Hant", "zh"]),
            (
                "zh-Hant-CN-x-private1-private2",
                ["zh-Hant-CN-x-private1-private2", "zh-Hant-CN-x-private1", "zh-Hant-CN", "zh-Hant", "zh"]
            ),
            ("de-u-co-phonebk", ["de-u-co-phonebk", "de-u-co", "de"]), ("de-a-b-c", ["de-a-b-c", "de-a", "de"]),
        ] as [(String, [String])]
    )
    func lookup(tag: String, tags: [String]) throws {
        #expect(try #require(LanguageTag(tag)).lookup.map(\.description) == tags)
    }

    @Test(
        "is no tag",
        arguments: [
            "", "e", "en_GB", "en-", "-en", "e1", "en--GB", "englishlanguage", "en-languages", "en GB", "ён", "*",
        ]
    )
    func noTag(text: String) {
        #expect(LanguageTag(text) == nil)
    }

    private static func own(default language: String = "en") throws -> TemplateSet {
        let files = ["en-GB", "nl", "pt-BR", "zh-Hant", "FR-ca"].map {
            TemplateFile("mfa/sms/\($0).txt", "own \($0) {{code}}")
        }
        let set = try TemplateSet(files: files, defaultLanguage: try #require(LanguageTag(language)))
        return try builtInSet().overlaid(with: set)
    }

    @Test(
        "is the person's where there is a text, the tenant's own before the built-in, else the default",
        arguments: [
            ("en-GB", "own en-GB"), ("EN-gb", "own en-GB"), ("en-gb-oxendict", "own en-GB"), ("en", "built-in en"),
            ("en-US", "built-in en"), ("pt-BR", "own pt-BR"), ("pt-PT", "built-in pt"), ("PT", "built-in pt"),
            ("zh-Hant-TW", "own zh-Hant"), ("zh-Hans", "built-in en"), ("fr-CA", "own FR-ca"), ("fr", "built-in fr"),
            ("nl-BE", "own nl"), ("ja", "built-in en"), (nil, "built-in en"), ("not a tag", "built-in en"),
        ] as [(String?, String)]
    )
    func choice(locale: String?, expected: String) throws {
        let found = try #require(try LanguageTests.own().find(TemplateKind(.mfa, .sms), locale: locale))
        #expect("\(found.isBuiltIn ? "built-in" : "own") \(found.language)" == expected)
    }

    @Test(
        "falls back to the tenant's default, which is cut down too",
        arguments: [("nl", "nl"), ("nl-BE", "nl"), ("ja-JP", "en"), ("de-AT", "de")]
    )
    func fallsBack(language: String, expected: String) throws {
        let set = try LanguageTests.own(default: language)
        #expect(set.find(TemplateKind(.mfa, .sms), locale: "fi")?.language.description == expected)
        #expect(set.find(TemplateKind(.mfa, .sms), locale: nil)?.language.description == expected)
        #expect(set.find(TemplateKind(.mfa, .sms), locale: "es-MX")?.language.description == "es")
    }

    @Test("of a notice counts less than what it tells")
    func notices() throws {
        let shipped = try #require(NoticeName("shipped"))
        let set = try builtInSet().overlaid(
            with: TemplateSet(files: [
                TemplateFile("notice/shipped/sms/en.txt", "shipped"), TemplateFile("notice/sms/de.txt", "allgemein"),
            ])
        )
        func found(_ notice: NoticeName?, _ locale: String) -> String? {
            set.find(TemplateKind(.notice, notice: notice, .sms), locale: locale)
                .map { "\($0.kind.folder) \($0.language) \($0.isBuiltIn)" }
        }
        #expect(found(shipped, "de") == "notice/shipped/sms en false")
        #expect(found(NoticeName("new_sign_in"), "de") == "notice/new_sign_in/sms de true")
        #expect(found(NoticeName("other"), "de") == "notice/sms de false")
        #expect(found(nil, "de-CH") == "notice/sms de false")
        #expect(found(NoticeName("other"), "fr") == "notice/sms fr true")
    }

    @Test(
        "has words for how long a code lives",
        arguments: [
            ("en", ["24 hours", "2 hours", "10 minutes", "1 minute", "45 seconds"]),
            ("de", ["24 Stunden", "2 Stunden", "10 Minuten", "1 Minute", "45 Sekunden"]),
            ("es", ["24 horas", "2 horas", "10 minutos", "1 minuto", "45 segundos"]),
            ("fr", ["24 heures", "2 heures", "10 minutes", "1 minute", "45 secondes"]),
            ("pt-BR", ["24 horas", "2 horas", "10 minutos", "1 minuto", "45 segundos"]),
            ("nl", ["24 h", "2 h", "10 min", "1 min", "45 s"]),
        ] as [(String, [String])]
    )
    func life(language: String, words: [String]) throws {
        let set = try TemplateSet(files: [TemplateFile("mfa/sms/\(language).txt", "{{life}}")])
        let found = try #require(set.find(TemplateKind(.mfa, .sms), locale: language))
        let lives: [Duration] = [.seconds(86_397), .seconds(7140), .seconds(598), .seconds(60), .seconds(45)]
        let texts = lives.map { found.rendered(with: MessageValues(brand: Brand(name: "C"), life: $0)).text }
        #expect(texts == words)
    }
}
