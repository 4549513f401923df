import Composition
import Configuration
import Deliveries
import Foundation
import JSON
import TestSupport
import Testing

@Suite("The settings of a question to a gateway")
struct QuestionSettingsTests {
    private let lab: Lab

    init() throws { lab = try Lab() }

    private static let http = """
        kind = "http"
        url = "https://sms.example.com/send"
        body = '{"to":"{{to}}"}'

        """
    /// Its first line is line 7 of the file.
    private static let ask = "ask.path = \"/{{reference}}\"\nask.accepted = [200]\n"

    struct Bad: Sendable, CustomTestStringConvertible {
        var lines: String
        var line: Int?
        /// Behind `ask.`; empty for the table.
        var key: String
        var says: String
        var testDescription: String { "\(key) \(says)" }
    }

    static let bad = [
        Bad(lines: "[gateways.ask]\naccepted = [200]", line: 7, key: "path", says: "is required"),
        Bad(lines: "ask.path = \"/a\"", line: 7, key: "accepted", says: "is required"),
        Bad(lines: "ask.path = \"/a\"\nask.accepted = []", line: 8, key: "accepted", says: "is required"),
        Bad(lines: "ask = {}", line: 7, key: "path", says: "is required"),
        Bad(lines: "ask.path = \"a\"\nask.accepted = [200]", line: 7, key: "path", says: "must begin with /"),
        Bad(lines: "ask.url = \"ftp://x\"\nask.accepted = [200]", line: 7, key: "url", says: "https:// or http://"),
        Bad(lines: "ask.url = \"http://x\"\nask.accepted = [200]", line: 7, key: "url", says: "the login goes along"),
        Bad(lines: "ask.url = \"https://a b\"\nask.accepted = [200]", line: 7, key: "url", says: "%XX"),
        Bad(lines: "ask.path = \"/{{text}}\"\nask.accepted = [200]", line: 7, key: "url", says: "known are account"),
        Bad(lines: ask + "ask.method = \"DELETE\"", line: 9, key: "method", says: "GET or POST"),
        Bad(lines: ask + "ask.body = \"{}\"", line: 9, key: "body", says: "method = \"POST\""),
        Bad(
            lines: ask + "ask.method = \"POST\"\nask.body = '{\"a\":{{to}}}'",
            line: 10,
            key: "body",
            says: "must be JSON"
        ),
        Bad(
            lines: ask + "ask.method = \"POST\"\nask.body = '{{#to}}'",
            line: 10,
            key: "body",
            says: "this section is not closed"
        ),
        Bad(
            lines: ask + "ask.method = \"POST\"\nask.content_type = \"form\"\nask.body = 'a {{to}}'",
            line: 11,
            key: "body",
            says: "without blanks"
        ),
        Bad(lines: ask + "ask.content_type = \"xml\"", line: 9, key: "content_type", says: "json or form"),
        Bad(lines: ask + "ask.unsent = 404", line: 9, key: "unsent", says: "must be a list"),
        Bad(lines: ask + "ask.unknown = [\"4x\"]", line: 9, key: "unknown", says: "POINTER=VALUE"),
        Bad(lines: ask + "ask.refused = [\"/a\"]", line: 9, key: "refused", says: "POINTER=VALUE"),
        Bad(lines: ask + "ask.reference = \"id\"", line: 9, key: "reference", says: "must be a JSON Pointer"),
        Bad(lines: ask + "ask.price = \"/p\"", line: 7, key: "currency", says: "belong together"),
        Bad(lines: ask + "ask.currency = \"dollars\"", line: 9, key: "currency", says: "such as USD"),
        Bad(lines: ask + "ask.authorization = \"digest\"", line: 9, key: "authorization", says: "basic or none"),
        Bad(lines: ask + "ask.authorization = \"basic\"", line: 7, key: "account", says: "is required"),
        Bad(lines: ask + "ask.headers = { X = \"{{secret}}\" }", line: 7, key: "secret", says: "names {{secret}}"),
        Bad(lines: ask + "ask.headers = { X = \"{{from}}\" }", line: 9, key: "headers.X", says: "known are"),
        Bad(
            lines: ask + "headers = { X = \"{{from}}\" }",
            line: 7,
            key: "headers",
            says: "the gateway's field X names what a question does not have"
        ),
        Bad(lines: ask + "ask.throttled = [429]", line: 9, key: "throttled", says: "not known here"),
        Bad(lines: ask + "ask.needs = \"reference\"", line: 9, key: "needs", says: "not known here"),
        Bad(lines: "ask = \"/a\"", line: 7, key: "", says: "must be a table"),
    ]

    @Test("are refused with line, key and what is allowed", arguments: bad)
    func refuses(bad: Bad) throws {
        let error = try #require(throws: SettingsError.self) { try lab.settings(Self.http + bad.lines) }
        #expect(error.line == bad.line)
        #expect(error.key == "gateways.sms-main.ask" + (bad.key.isEmpty ? "" : ".\(bad.key)"))
        #expect(error.reason.contains(bad.says), "\(error)")
    }

    @Test("have the documented standards")
    func standards() throws {
        let gateway = try lab.settings(
            Self.http + Self.ask + "headers = { Authorization = \"Bearer {{secret}}\" }\nsecret = \"s\""
        )
        let ask = try #require(gateway.http?.ask)
        #expect(gateway.canBeAsked)
        #expect(ask.method == "GET")
        #expect(ask.url.rendered(with: ["reference": "at_1"], as: .url) == "https://sms.example.com/send/at_1")
        #expect(ask.headers.map(\.name) == ["Authorization"])
        #expect(ask.body == nil)
        #expect(!ask.isBasic)
        #expect(!ask.needsReference)
        let expected: [(Int, QuestionMeaning?)] = [(200, .accepted), (201, nil), (404, nil), (429, nil), (500, nil)]
        for (status, meaning) in expected { #expect(ask.meanings.meaning(ofStatus: status, body: nil) == meaning) }
        #expect(try lab.settings(Self.http).http?.ask == nil)
        #expect(try !lab.settings(Self.http).canBeAsked)
    }

    @Test("count instead of a preset's one by one, also from the environment")
    func overrides() throws {
        let lines = Lab.twilio + "\nask.accepted = [299]\n"
        let gateway = try lab.settings(lines, environment: ["GATEPOST_GATEWAYS_SMS_MAIN_ASK_METHOD": "POST"])
        let ask = try #require(gateway.http?.ask)
        #expect(ask.method == "POST")
        #expect(ask.isBasic && ask.needsReference)
        #expect(ask.meanings.meaning(ofStatus: 299, body: nil) == .accepted)
        #expect(ask.meanings.meaning(ofStatus: 200, body: ["status": "sent"]) == nil)
        #expect(ask.meanings.meaning(ofStatus: 200, body: ["status": "failed"]) == .refused)
        #expect(ask.headers.map(\.name) == ["Accept"])
    }

    @Test("of two entries that fit alike the one that lets nothing be sent again counts")
    func order() {
        let every = Dictionary(
            uniqueKeysWithValues: QuestionMeaning.allCases.map { ($0, [AnswerCondition.status(200)]) }
        )
        var lists = AnswerLists(every)
        var met: [QuestionMeaning] = []
        while let meaning = lists.meaning(ofStatus: 200, body: nil) {
            met.append(meaning)
            lists.conditions[meaning] = nil
        }
        #expect(met == [.accepted, .refused, .unknown, .unsent])
    }

    @Test(
        "are refused where a gateway cannot be asked, or needs none",
        arguments: [
            ("email", "smtp", "url = \"smtp://127.0.0.1:25\"\n", "a mail server cannot be asked"),
            ("email", "sandbox", "", "a look into its folder"), ("sms", "sandbox", "", "a look into its folder"),
        ]
    )
    func unaskable(channel: String, kind: String, more: String, says: String) throws {
        let folder = try TemporaryFolder()
        let text = """
            [sandbox]
            enabled = true

            [[gateways]]
            name = "main"
            channel = "\(channel)"
            kind = "\(kind)"
            \(more)ask = { path = "/a", accepted = [200] }
            """
        try Data(text.utf8).write(to: URL(filePath: folder.file("s.toml")))
        let error = try #require(throws: SettingsError.self) {
            try Settings(file: folder.file("s.toml"), environment: [:])
        }
        #expect(error.key == "gateways.main.ask")
        #expect(error.line == (more.isEmpty ? 8 : 9))
        #expect(error.reason.contains(says), "\(error)")
    }
}
