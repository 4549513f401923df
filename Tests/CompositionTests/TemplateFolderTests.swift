import AuthEvents
import Challenges
import Composition
import TestSupport
import Testing

@Suite("A folder of templates")
struct TemplateFolderTests {
    private static let mail = [
        TemplateFile("sign_up/email/de.subject.txt", "Für {{name}}\n"),
        TemplateFile("sign_up/email/de.txt", "{{code}}\n"),
    ]

    @Test("gives a mail its subject, text and HTML, and an SMS its text")
    func gives() throws {
        let set = try TemplateSet(
            files: TemplateFolderTests.mail + [
                TemplateFile("sign_up/email/de.html", "<b>{{code}}</b>"),
                TemplateFile("notice/new_sign_in/sms/en.txt", "a\n\n"),
                TemplateFile("notice/email/email/en.txt", "b"), TemplateFile("notice/email/email/en.subject.txt", "b"),
            ]
        )
        #expect(set.kinds.map(\.folder) == ["notice/email/email", "notice/new_sign_in/sms", "sign_up/email"])
        let values = MessageValues(brand: Brand(name: "C"), code: Code(digits: "1234"), name: "<Al>")
        let mail = try #require(set.find(TemplateKind(.signUp, .email), locale: "de-AT")).rendered(with: values)
        #expect(mail.subject == "Für <Al>" && mail.text == "1234\n" && mail.html == "<b>1234</b>")
        let sms = set.find(TemplateKind(.notice, notice: NoticeName("new_sign_in"), .sms), locale: nil)
        let text = try #require(sms?.rendered(with: values))
        #expect(text.subject == nil && text.text == "a" && text.html == nil)
        let notice = set.find(TemplateKind(.notice, notice: NoticeName("email"), .email), locale: nil)
        #expect(notice?.rendered(with: values).text == "b")
    }

    @Test("gives a mail without HTML a page with its text")
    func page() throws {
        let set = try TemplateSet(files: TemplateFolderTests.mail)
        let values = MessageValues(brand: Brand(name: "C"), code: Code(digits: "<1&2>"))
        let html = set.find(TemplateKind(.signUp, .email), locale: "de")?.rendered(with: values).html
        #expect(html?.contains("&lt;1&amp;2&gt;\n") == true && html?.contains("lang=\"de\"") == true)
    }

    @Test("may have a byte order mark, CRLF, and line breaks at the end of what is sent as one")
    func forms() throws {
        let text = try TemplateSet(files: [
            TemplateFile("mfa/sms/en.txt", "\u{FEFF}a\r\n\r\n@{{domain}} #{{code}}\r\n\r\n")
        ])
        let values = MessageValues(brand: Brand(name: "C", domain: "c.com"), code: Code(digits: "1234"))
        let found = text.find(TemplateKind(.mfa, .sms), locale: nil)
        #expect(found?.rendered(with: values).text == "a\n\n@c.com #1234")
        #expect(found?.rendered(with: MessageValues(brand: Brand(name: "C"))).text == "a\n\n@ #")
    }

    @Test("has no line breaks at the end of an SMS whose last section is not shown")
    func trailing() throws {
        let source = "a\n\n{{#domain}}@{{domain}} #{{code}}{{/domain}}\n"
        let set = try TemplateSet(files: [TemplateFile("mfa/sms/en.txt", source)])
        let found = set.find(TemplateKind(.mfa, .sms), locale: nil)
        #expect(found?.rendered(with: MessageValues(brand: Brand(name: "C"))).text == "a")
    }

    @Test(
        "is refused for a file that stands for nothing, by its path",
        arguments: [
            (
                "en.txt",
                "a file stands in a folder of its purpose: sign_up, recovery, mfa, attribute_change, invitation, notice"
            ),
            (
                "README.md",
                "a file stands in a folder of its purpose: sign_up, recovery, mfa, attribute_change, invitation, notice"
            ),
            (
                "login/sms/en.txt",
                "a file stands in a folder of its purpose: sign_up, recovery, mfa, attribute_change, invitation, notice"
            ),
            ("mfa/en.txt", "a file of this purpose stands at mfa/CHANNEL/FILE"),
            ("mfa/a/sms/en.txt", "a file of this purpose stands at mfa/CHANNEL/FILE"),
            (
                "notice/a/b/sms/en.txt",
                "a file of this purpose stands at notice/CHANNEL/FILE or notice/NAME/CHANNEL/FILE"
            ),
            ("mfa/push/en.txt", "the folder of a file is named by its channel: email or sms"),
            ("notice/New/sms/en.txt", "the name of a notice has 1 to 64 of a-z, 0-9 and _"),
            ("mfa/sms/en.html", "no such file is known here; known are LOCALE.txt"),
            ("mfa/sms/en.md", "no such file is known here; known are LOCALE.txt"),
            ("mfa/email/en.txt~", "no such file is known here; known are LOCALE.subject.txt, LOCALE.txt, LOCALE.html"),
            ("mfa/sms/en_GB.txt", "a file is named by its language, a BCP 47 tag such as en or pt-BR"),
            ("mfa/sms/en.subject.txt", "a file is named by its language, a BCP 47 tag such as en or pt-BR"),
            ("mfa/sms/.txt", "a file is named by its language, a BCP 47 tag such as en or pt-BR"),
            ("mfa//en.txt", "the folder of a file is named by its channel: email or sms"),
        ] as [(String, String)]
    )
    func unknown(path: String, reason: String) {
        #expect(problems(TemplateFile(path, "{{code}}")) == ["\(path):1:1: \(reason)"])
    }

    private static let known = "; known are brand, code, data.…, domain, life, link, name"

    @Test(
        "is refused for what is wrong in a file, at its line and column",
        arguments: [
            ("mfa/sms/en.txt", "a {{cod}}", ["1:3: there is no place of this name here\(known)"]),
            ("mfa/sms/en.txt", "{{notice}}", ["1:1: there is no place of this name here\(known)"]),
            ("mfa/sms/en.txt", "{{data.}}", ["1:1: there is no place of this name here\(known)"]),
            ("mfa/sms/en.txt", "{{data.a b}}", ["1:1: there is no place of this name here\(known)"]),
            ("mfa/sms/en.txt", "{{data.order_id-2.b}}", []),
            (
                "notice/sms/en.txt", "ok\n {{code}}{{life}}{{notice}}",
                [
                    "2:2: there is no place of this name here; known are brand, data.…, domain, link, name, notice",
                    "2:10: there is no place of this name here; known are brand, data.…, domain, link, name, notice",
                ]
            ),
            ("mfa/sms/en.txt", "{{#name}}\n{{code}}", ["1:1: this section is not closed"]),
            ("mfa/sms/en.txt", "{{code}}\n{{/name}}", ["2:1: this closes a section that is not open"]),
            (
                "mfa/sms/en.txt", "\u{FEFF}{{x\n{{#name}}{{y}}\r\n{{#link}}{{/name}}",
                [
                    "1:1: this {{ has no }}", "2:10: there is no place of this name here\(known)",
                    "3:1: this section is not closed",
                ]
            ),
            ("mfa/sms/en.txt", "", ["1:1: the file is empty"]),
            ("mfa/sms/en.txt", " \n\r\n", ["1:1: the file is empty"]),
            ("mfa/sms/en.txt", "a\nb\u{0}", ["2:2: the control character U+0000 has no place in a text"]),
            ("mfa/sms/en.txt", "a\rb", ["1:2: the control character U+000D has no place in a text"]),
            ("mfa/sms/en.txt", "a\tb", []),
            (
                "mfa/email/en.subject.txt", "a\nb",
                ["1:1: there is no mfa/email/en.txt; a mail has a subject and a text", "2:1: a subject has one line"]
            ),
            (
                "mfa/email/en.txt", "{{code}}",
                ["1:1: there is no mfa/email/en.subject.txt; a mail has a subject and a text"]
            ),
            (
                "mfa/email/en.html", "{{code}}",
                [
                    "1:1: there is no mfa/email/en.subject.txt; a mail has a subject and a text",
                    "1:1: there is no mfa/email/en.txt; a mail has a subject and a text",
                ]
            ),
            ("mfa/sms/en.txt", String(repeating: "a", count: 65_536), []),
            (
                "mfa/sms/en.txt", String(repeating: "a", count: 65_537),
                ["1:1: the file has 65537 bytes; a template has at most 65536"]
            ),
        ] as [(String, String, [String])]
    )
    func faults(path: String, text: String, expected: [String]) {
        #expect(problems(TemplateFile(path, text)) == expected.map { "\(path):\($0)" })
    }

    @Test(
        "is refused for what is not UTF-8, at its line and column",
        arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80]] as [[UInt8]]
    )
    func notUTF8(bytes: [UInt8]) {
        let file = TemplateFile(path: "mfa/sms/en.txt", contents: [UInt8]("\u{FEFF}é\r\né".utf8) + bytes + [0x61])
        #expect(problems(file) == ["mfa/sms/en.txt:2:2: this is not UTF-8"])
    }

    @Test("is refused for the same language twice")
    func twice() {
        let files = [TemplateFile("mfa/sms/en-GB.txt", "a"), TemplateFile("mfa/sms/en-gb.txt", "a")]
        #expect(
            problems(files[1], files[0]) == [
                "mfa/sms/en-gb.txt:1:1: this is mfa/sms/en-GB.txt again, but for capital letters"
            ]
        )
    }

    @Test("is refused with all that is wrong, in the order of the files, up to 20 places")
    func all() {
        let two = problems(
            TemplateFile("mfa/sms/fr.txt", "{{b}}"),
            TemplateFile("x", ""),
            TemplateFile("mfa/sms/de.txt", "{{a}}\n{{a}}"),
            TemplateFile("mfa/email/de.txt", "{{c}}")
        )
        #expect(
            two.map { $0.split(separator: " ")[0] } == [
                "mfa/email/de.txt:1:1:", "mfa/email/de.txt:1:1:", "mfa/sms/de.txt:1:1:", "mfa/sms/de.txt:2:1:",
                "mfa/sms/fr.txt:1:1:", "x:1:1:",
            ]
        )
        #expect(problems(TemplateFile("mfa/sms/de.txt", String(repeating: "{{a}}", count: 50))).count == 20)
    }

    @Test("is read from disk with its folders and links, without hidden files")
    func fromDisk() throws {
        let folder = try TemporaryFolder()
        try folder.write("mfa/sms/en.txt", "a")
        try folder.write("notice/new_sign_in/sms/de.txt", "b")
        try folder.write(".git/config", "no")
        try folder.write("mfa/.DS_Store", "no")
        try folder.link("mfa/sms/fr.txt", to: "en.txt")
        try folder.link("recovery", to: "mfa")
        let files = try readTemplateFolder(folder.path).sorted { $0.path < $1.path }
        let expected = [
            TemplateFile("mfa/sms/en.txt", "a"), TemplateFile("mfa/sms/fr.txt", "a"),
            TemplateFile("notice/new_sign_in/sms/de.txt", "b"), TemplateFile("recovery/sms/en.txt", "a"),
            TemplateFile("recovery/sms/fr.txt", "a"),
        ]
        #expect(files == expected)
    }

    @Test("is not read where it is none, or no file is one")
    func notRead() throws {
        let folder = try TemporaryFolder()
        let none = folder.file("none")
        #expect {
            try TemplateSet(folder: none)
        } throws: {
            "\($0)" == "\(none):1:1: the folder cannot be read"
        }
        try folder.link("mfa", to: ".")
        #expect { try readTemplateFolder(folder.path) } throws: { "\($0)".contains("the folder is too deep") }
        try folder.remove("mfa")
        try folder.pipe("mfa.txt")
        try folder.link("gone.txt", to: "nowhere")
        #expect { try readTemplateFolder(folder.path) } throws: { error in
            "\(error)"
                == ["gone.txt", "mfa.txt"].map {
                    "\($0):1:1: this cannot be read; check that it is a file, and its mode"
                }
                .joined(separator: "\n")
        }
    }

    @Test("is taken from disk, or refused with the paths of its files")
    func taken() throws {
        let folder = try TemporaryFolder()
        try folder.write("mfa/sms/nl.txt", "{{code}}")
        let set = try TemplateSet(folder: folder.path, defaultLanguage: try #require(LanguageTag("nl")))
        #expect(set.find(TemplateKind(.mfa, .sms), locale: "fi")?.language.description == "nl")
        try folder.write("mfa/sms/de.txt", "a\n{{cod}}")
        #expect {
            try TemplateSet(folder: folder.path)
        } throws: {
            "\($0)".hasPrefix("\(folder.path)/mfa/sms/de.txt:2:1: there is no place")
        }
    }

    @Test("is read no further than a byte beyond the largest file")
    func tooLarge() throws {
        let folder = try TemporaryFolder()
        try folder.write("mfa/sms/en.txt", String(repeating: "a", count: 200_000))
        #expect(try readTemplateFolder(folder.path).map(\.contents.count) == [TemplateSet.largestFile + 1])
    }
}
