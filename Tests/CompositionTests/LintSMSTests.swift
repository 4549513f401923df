import AuthEvents
import Challenges
import Composition
import Spend
import Testing

@Suite("The lint of an SMS")
struct LintSMSTests {
    private static let tenant = Tenant(
        name: .default,
        links: ["https://app.example.com/"],
        brand: Brand(name: "Cruddur", domain: "cruddur.com")
    )
    private static let bound = "\n\n@{{domain}} #{{code}}"

    private func report(
        _ text: String,
        at path: String = "mfa/sms/en.txt",
        for tenant: Tenant = tenant
    ) throws -> TemplateReport {
        let reports = try TemplateSet(files: [TemplateFile(path, text)]).lint(for: tenant) { .standard(for: $0) }
        return try #require(reports.first)
    }

    private func findings(_ text: String, for tenant: Tenant = tenant) throws -> [String] {
        try report(text, for: tenant).findings.map { String($0.description.dropFirst("mfa/sms/en.txt:".count)) }
    }

    @Test("has nothing to say about the built-in texts of a plain brand")
    func builtIn() throws {
        let reports = try builtInSet().lint(for: LintSMSTests.tenant) { .standard(for: $0) }
        #expect(reports.count == builtInKinds.count * languages.count)
        for report in reports {
            #expect(report.findings == [] && report.forcing == nil && report.isBuiltIn)
            #expect((report.length != nil) == (report.kind.channel == .sms))
            #expect(report.length.map { $0.worst.segments == 1 && $0.worst == $0.sample } ?? true)
        }
    }

    @Test("counts the sample and the longest that an event may bring")
    func counts() throws {
        let name = try #require(try report("{{code}}{{#name}} {{name}}{{/name}}").length)
        #expect(name.sample == SegmentCount("482913 Maria"))
        // 6 digits, a blank, and 64 letters of two UTF-16 units.
        #expect(name.worst.encoding == .ucs2 && name.worst.units == 135 && name.worst.segments == 3)
        let data = try #require(try report("{{code}} {{data.device}}{{data.x}}").length)
        #expect(data.sample == SegmentCount("482913 Firefox on Linux(x)") && data.worst.units == 7 + 512)
        #expect(try report("{{code}} {{link}}").length?.worst.units == 7 + 2048)
        #expect(try report("{{code}} {{life}}").length?.worst.units == "482913 54 seconds".count)
        let recovery = try report("{{code}} {{life}}", at: "recovery/sms/en.txt")
        #expect(recovery.length?.sample.units == "482913 60 minutes".count)
        let day = try report("{{code}} {{life}}", at: "sign_up/sms/de.txt")
        #expect(day.length?.sample.units == 17 && day.length?.worst.units == "482913 119 Minuten".count)
        #expect(try report("{{notice}}", at: "notice/sms/en.txt").length?.worst.units == 64)
        #expect(try report("{{notice}}", at: "notice/shipped/sms/en.txt").length?.worst.units == 7)
    }

    @Test("takes of what may be left out whichever is longer")
    func optional() throws {
        let text = "{{code}}{{^name}}\(String(repeating: "a", count: 300)){{/name}}{{#name}}b{{/name}}"
        let length = try #require(try report(text).length)
        #expect(length.sample.units == 7 && length.worst.units == 306 && length.worst.segments == 2)
    }

    @Test(
        "names the first character that is not in GSM-7, where it stands, and what to write",
        arguments: [
            (
                "Tu código {{code}}", "1:5: warning: “ó” (U+00F3, LATIN SMALL LETTER O WITH ACUTE)",
                "; write “o” to stay in GSM-7"
            ),
            (
                "a\n{{#name}}é “{{/name}}…", "2:12: warning: ““” (U+201C, LEFT DOUBLE QUOTATION MARK)",
                "; write “\"” to stay in GSM-7; so is 1 other"
            ),
            (
                "Ce\u{A0}code ça ç ê", "1:3: warning: U+00A0 (NO-BREAK SPACE)",
                "; write “ ” to stay in GSM-7; so are 2 others"
            ),
            ("\tx", "1:1: warning: U+0009 (TAB)", "; write “ ” to stay in GSM-7"),
            (
                "cafe\u{301}", "1:4: warning: “e\u{301}” (U+0301, COMBINING ACUTE ACCENT)",
                "; write “é” to stay in GSM-7"
            ),
            ("код", "1:1: warning: “к” (U+043A, CYRILLIC SMALL LETTER KA)", "segment and not 160; so are 2 others"),
            ("👍", "1:1: warning: “👍” (U+1F44D, THUMBS UP SIGN)", "segment and not 160"),
            ("a`b", "1:2: warning: “`” (U+0060, GRAVE ACCENT)", "; write “'” to stay in GSM-7"),
            ("a\u{200B}b", "1:2: warning: U+200B (ZERO WIDTH SPACE)", "segment and not 160"),
        ] as [(String, String, String)]
    )
    func forcing(text: String, start: String, end: String) throws {
        let own = try findings(text).filter { $0.contains("is not in GSM-7") }
        #expect(own.count == 1 && own.first?.hasPrefix(start) == true && own.first?.hasSuffix(end) == true, "\(own)")
        #expect(try report(text).forcing != nil)
    }

    @Test(
        "knows a plain letter in GSM-7 for each of these",
        arguments: Array("áâãçćčďêëěğíîïıłńóôõőřśşšťúûůýžÁÀÂÃÍÓÔÕÚŁŻ’‘“”„–—…œ\u{A0}\u{202F}\u{212B}")
    )
    func replacement(character: Character) throws {
        let plain = try #require(ForcingCharacter(character)?.replacement)
        #expect(SegmentCount(plain).encoding == .gsm7)
    }

    @Test(
        "has no complaint about the letters of GSM-7",
        arguments: Array("@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà^{}\\[~]|€")
    )
    func inGSM7(character: Character) {
        #expect(ForcingCharacter(character) == nil)
    }

    @Test("tells of a brand's and an event's letters at their place")
    func values() throws {
        let polish = Tenant(name: .default, brand: Brand(name: "Łódź"))
        let brand = try findings("{{code}}\n{{brand}} {{brand}}", for: polish)
        #expect(brand.count == 1)
        #expect(
            brand.first?.hasPrefix(
                "2:1: warning: the brand's name has “Ł” (U+0141, LATIN CAPITAL LETTER L WITH STROKE)"
            ) == true
        )
        let event = try findings("{{code}}{{#name}} {{name}}{{/name}}\(LintSMSTests.bound)")
        #expect(
            event == [
                "1:1: warning: this takes 1 segment with sample values, and up to 3 with the longest values; each is paid for",
                "1:19: warning: {{name}} may bring a character that is not in GSM-7, and then the whole text is sent in UCS-2, "
                    + "70 characters a segment and not 160",
            ]
        )
    }

    @Test(
        "wants the code, and the line that binds it to the site, last and whole",
        arguments: [
            ("{{code}}\(bound)", []), ("{{code}}\(bound) @frame.example.com", []),
            ("{{code}}{{#domain}}\(bound){{/domain}}", []),
            ("hello", ["1:1: error: the text has no {{code}}, or not always; without it the message is of no use"]),
            (
                "{{#life}}{{code}}{{/life}}",
                ["1:1: warning: there is no last line @{{domain}} #{{code}}, so that phones offer the code on any site"]
            ),
            (
                "{{code}}\n@{{domain}} #{{code}}",
                ["2:2: warning: an empty line should stand before @{{domain}} #{{code}}, which is for machines"]
            ),
            (
                "a\(bound)\nbye",
                [
                    "3:2: error: the line that binds the code to the site must be the last one and read @{{domain}} #{{code}}"
                ]
            ),
            (
                "a\n\n@{{domain}}#{{code}}",
                [
                    "3:2: error: the line that binds the code to the site must be the last one and read @{{domain}} #{{code}}"
                ]
            ),
            (
                "a\n\n@other.com #{{code}}",
                [
                    "1:1: error: the line that binds the code to the site must be the last one and read @{{domain}} #{{code}}"
                ]
            ),
            ("a\n\n@cruddur.com #{{code}}", []),
            (
                "a\(bound)5",
                [
                    "3:2: error: the line that binds the code to the site must be the last one and read @{{domain}} #{{code}}"
                ]
            ),
        ] as [(String, [String])]
    )
    func code(text: String, expected: [String]) throws {
        #expect(try findings(text) == expected)
    }

    @Test("sees a code that only some get, and a domain that the tenant has not")
    func gaps() throws {
        let some = try findings("{{#data.a}}{{code}}{{/data.a}}")
        #expect(
            some.contains("1:1: error: the text has no {{code}}, or not always; without it the message is of no use")
        )
        let domain = try findings(
            "{{code}}\n\n@{{domain}} #{{code}}",
            for: Tenant(name: .default, brand: Brand(name: "C"))
        )
        #expect(
            domain == [
                "3:2: warning: {{domain}} may be empty here; put what needs it between {{#domain}} and {{/domain}}"
            ]
        )
        #expect(
            try findings("{{code}}{{#name}}{{data.a}}{{/name}}\(LintSMSTests.bound)").contains {
                $0.hasPrefix("1:18: warning: {{data.a}} may be empty here")
            }
        )
    }

    @Test("asks no code of a notice, and tells of one that has no text in the default language")
    func notices() throws {
        let reports = try TemplateSet(files: [
            TemplateFile("notice/shipped/sms/de.txt", "a"), TemplateFile("notice/sms/de.txt", "b"),
        ]).lint(for: LintSMSTests.tenant) { .standard(for: $0) }
        #expect(
            reports.flatMap(\.findings).map(\.description) == [
                "notice/shipped/sms/de.txt:1:1: warning: there is no text of the notice shipped in en or English, so that whoever "
                    + "reads another language gets the general notice"
            ]
        )
    }
}
