import AuthEvents
import Challenges
import Composition
import Testing

@Suite("The lint of a mail")
struct LintMailTests {
    private func findings(
        subject: String = "{{brand}}",
        text: String = "{{code}} {{#link}}{{link}}{{/link}}",
        html: String = "<a href=\"{{link}}\">{{code}}</a>",
        links: [String] = [],
        at folder: String = "mfa/email"
    ) throws -> [String] {
        let set = try TemplateSet(files: [
            TemplateFile("\(folder)/en.subject.txt", subject), TemplateFile("\(folder)/en.txt", text),
            TemplateFile("\(folder)/en.html", html),
        ])
        let tenant = Tenant(name: .default, links: links, brand: Brand(name: "Cruddur"))
        let reports = set.lint(for: tenant) { .standard(for: $0) }
        #expect(reports.count == 1 && reports[0].length == nil && reports[0].forcing == nil)
        let told = reports[0].findings.map { String($0.description.dropFirst(folder.count + 1)) }
        return told.filter { !$0.contains("{{link}} may be empty") }
    }

    @Test("has nothing to say where code and link are shown")
    func fine() throws {
        #expect(try findings() == [])
        #expect(try findings(links: ["https://a.example/"]) == [])
        #expect(try findings(text: "bye", html: "<p>bye</p>", at: "notice/email") == [])
    }

    @Test(
        "wants the code in text and HTML, or at least the link",
        arguments: [
            ("bye", "en.txt:1:1: error: there is no {{code}}, or not always, and no {{link}}"),
            ("{{#name}}{{code}}{{/name}}", "en.txt:1:1: error: there is no {{code}}, or not always, and no {{link}}"),
            ("{{#code}}yes{{/code}}", "en.txt:1:1: error: there is no {{code}}, or not always, and no {{link}}"),
            (
                "{{link}}",
                "en.txt:1:1: warning: there is no {{code}}, or not always; an event without a link then brings nobody further"
            ),
        ]
    )
    func code(text: String, finding: String) throws {
        #expect(try findings(text: text) == [finding])
        let html = finding.replacing("en.txt", with: "en.html")
        #expect(try findings(html: text.replacing("{{link}}", with: "<a href='{{link}}'>x</a>")) == [html])
    }

    @Test("tells of links that are not shown where the tenant has some")
    func link() throws {
        let shown = try findings(html: "{{code}}", links: ["https://a.example/"])
        #expect(shown == ["en.html:1:1: warning: there is no {{link}}; the links of events are not shown"])
        #expect(try findings(html: "{{code}}") == [])
    }

    @Test("tells of a subject that is long or may be empty")
    func subject() throws {
        #expect(try findings(subject: String(repeating: "a", count: 60)) == [])
        let long = try findings(subject: String(repeating: "a", count: 54) + "{{brand}}")
        #expect(
            long == [
                "en.subject.txt:1:1: warning: the subject has 61 characters with sample values; mail programs show about 60"
            ]
        )
        let empty = try findings(subject: "{{#name}}Hello {{name}}{{/name}}")
        #expect(empty == ["en.subject.txt:1:1: error: the subject may be empty"])
    }

    @Test(
        "tells of places in HTML where escaping does not help",
        arguments: [
            (
                "<a href={{link}}>{{code}}</a>",
                "1:9: error: {{link}} stands in an attribute without quotes; put quotes around it"
            ),
            (
                "{{code}}\n<SCRIPT>x('{{name}}')</SCRIPT>",
                "2:12: error: {{name}} stands in a script or style sheet, where no value is safe; take it out"
            ),
            (
                "{{code}}<style>{{brand}}</style>",
                "1:16: error: {{brand}} stands in a script or style sheet, where no value is safe; take it out"
            ),
        ]
    )
    func markup(html: String, finding: String) throws {
        #expect(try findings(html: html).contains("en.html:" + finding))
    }

    @Test("has nothing to say about a place after a script, and between quotes")
    func afterScript() throws {
        #expect(try findings(html: "<style>p{}</style><p class=\"{{brand}}\">{{code}}</p>") == [])
    }
}
