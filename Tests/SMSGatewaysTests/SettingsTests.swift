import AuthEvents
import Composition
import Configuration
import Deliveries
import Foundation
import JSON
import TestSupport
import Testing

@Suite("The settings of a gateway for text messages")
struct SettingsTests {
    private let lab: Lab

    init() throws { lab = try Lab() }

    private static let http = "kind = \"http\"\nurl = \"https://sms.example.com/send\"\n"
    private static let body = "body = '{\"to\":\"{{to}}\"}'\n"

    struct Bad: Sendable, CustomTestStringConvertible {
        var lines: String
        /// Counted in the file, whose gateway begins with three lines of its own.
        var line: Int
        var key: String
        var says: String
        var testDescription: String { "\(key) \(says)" }
    }

    static let bad = [
        Bad(
            lines: "kind = \"smtp\"",
            line: 4,
            key: "kind",
            says: "must be http, twilio or sandbox for the channel sms"
        ),
        Bad(lines: "kind = \"sandbox\"", line: 4, key: "kind", says: "enabled = true"),
        Bad(lines: "kind = \"http\"\n" + body, line: 1, key: "url", says: "is required"),
        Bad(lines: "kind = \"http\"\nurl = \"ftp://x\"\n" + body, line: 5, key: "url", says: "https:// or http://"),
        Bad(lines: "kind = \"http\"\nurl = \"https://a b\"\n" + body, line: 5, key: "url", says: "%XX"),
        Bad(lines: http, line: 1, key: "body", says: "is required"),
        Bad(
            lines: http + "body = '{\"to\":\"{{phone}}\"}'",
            line: 6,
            key: "body",
            says: "known are account, callback_url"
        ),
        Bad(lines: http + "body = '{{#to}}'", line: 6, key: "body", says: "1:1: this section is not closed"),
        Bad(lines: http + "body = '{\"to\":{{to}}}'", line: 6, key: "body", says: "must be JSON"),
        Bad(
            lines: http + "content_type = \"form\"\nbody = 'a={{to}} &b=1'",
            line: 7,
            key: "body",
            says: "without blanks"
        ),
        Bad(lines: http + body + "content_type = \"xml\"", line: 7, key: "content_type", says: "json or form"),
        Bad(lines: http + body + "method = \"GET\"", line: 7, key: "method", says: "POST, PUT or PATCH"),
        Bad(lines: http + body + "path = \"send\"", line: 7, key: "path", says: "must begin with /"),
        Bad(lines: http + body + "path = \"/{{x}}\"", line: 5, key: "url", says: "known are"),
        Bad(lines: http + body + "accepted = [\"2x\"]", line: 7, key: "accepted", says: "POINTER=VALUE"),
        Bad(lines: http + body + "accepted = []", line: 7, key: "accepted", says: "at least one"),
        Bad(lines: http + body + "refused = [600]", line: 7, key: "refused", says: "statuses such as"),
        Bad(lines: http + body + "throttled = 429", line: 7, key: "throttled", says: "must be a list"),
        Bad(lines: http + body + "unreachable = [\"/a\"]", line: 7, key: "unreachable", says: "POINTER=VALUE"),
        Bad(lines: http + body + "refused = [\"/a~2=1\"]", line: 7, key: "refused", says: "POINTER=VALUE"),
        Bad(lines: http + body + "reference = \"id\"", line: 7, key: "reference", says: "must be a JSON Pointer"),
        Bad(lines: http + body + "code = \"/a~\"", line: 7, key: "code", says: "must be a JSON Pointer"),
        Bad(lines: http + body + "price = \"/p\"", line: 1, key: "currency", says: "belong together"),
        Bad(lines: http + body + "currency = \"dollars\"", line: 7, key: "currency", says: "such as USD"),
        Bad(
            lines: http + body + "validity = [\"1h\", \"1m\"]",
            line: 7,
            key: "validity",
            says: "shortest and the longest"
        ),
        Bad(lines: http + body + "validity = [\"1h\"]", line: 7, key: "validity", says: "shortest and the longest"),
        Bad(lines: http + body + "authorization = \"digest\"", line: 7, key: "authorization", says: "must be basic"),
        Bad(lines: http + body + "authorization = \"basic\"", line: 1, key: "account", says: "is required"),
        Bad(lines: http + body + "headers = { X = \"{{secret}}\" }", line: 1, key: "secret", says: "names {{secret}}"),
        Bad(lines: http + body + "headers = { X = \"{{y}}\" }", line: 7, key: "headers.X", says: "known are"),
        Bad(lines: http + body + "headers = { Host = \"x\" }", line: 7, key: "headers.Host", says: "follow from"),
        Bad(lines: http + body + "headers = { \"a b\" = \"x\" }", line: 7, key: "headers.a b", says: "name of a field"),
        Bad(lines: http + body + "headers = { X = \"a\\nb\" }", line: 7, key: "headers.X", says: "no line break"),
        Bad(lines: http + body + "starttls = \"none\"", line: 7, key: "starttls", says: "not known here"),
        Bad(lines: "kind = \"twilio\"\naccount = \"AC1\"", line: 1, key: "secret", says: "is required"),
        Bad(lines: "kind = \"twilio\"\nacount = \"AC1\"", line: 1, key: "account", says: "is required"),
    ]

    @Test("are refused with line, key and what is allowed", arguments: bad)
    func refuses(bad: Bad) throws {
        let error = try #require(throws: SettingsError.self) { try lab.settings(bad.lines) }
        #expect(error.line == bad.line)
        #expect(error.key == "gateways.sms-main.\(bad.key)")
        #expect(error.reason.contains(bad.says), "\(error)")
        #expect(error.file.hasSuffix("gatepost.toml"))
    }

    @Test("of every preset can be read as they stand")
    func presets() throws {
        for (kind, text) in HTTPDescription.presets {
            let login = "account = \"a\"\nsecret = \"s\"\n"
            #expect(try lab.settings("kind = \"\(kind)\"\n" + login).http != nil)
            // And copied into a gateway of kind http.
            let copy = try lab.settings("kind = \"http\"\n" + login + text)
            #expect(copy.http != nil)
        }
    }

    @Test("count instead of a preset's, also from the environment")
    func overrides() throws {
        let lines = Lab.twilio + "\nurl = \"http://127.0.0.1:1/\"\nthrottled = [503]\ntimeout = \"3s\""
        let gateway = try lab.settings(lines)
        let http = try #require(gateway.http)
        #expect(
            http.url.rendered(with: ["account": "A"], as: .url).hasPrefix("http://127.0.0.1:1/2010-04-01/Accounts/A/")
        )
        #expect(http.meanings.meaning(ofStatus: 503, body: nil) == .throttled)
        #expect(http.meanings.meaning(ofStatus: 429, body: nil) == .refused)
        #expect(http.headers.map(\.name) == ["Accept"])
        #expect(gateway.terms.timeout == .seconds(3))
        #expect(!gateway.isReadableOnTheWay)
        let elsewhere = try lab.settings(
            lines + "\nheaders = { X-A = \"1\" }",
            environment: ["GATEPOST_GATEWAYS_SMS_MAIN_URL": "http://sms.example.com"]
        )
        #expect(elsewhere.http?.headers.map(\.name) == ["X-A"])
        #expect(elsewhere.url == "http://sms.example.com")
        #expect(elsewhere.isReadableOnTheWay)
    }

    @Test("have the documented standards")
    func standards() throws {
        let gateway = try lab.settings(Lab.plain + "\nurl = \"https://sms.example.com/\"")
        let http = try #require(gateway.http)
        #expect(gateway.terms.timeout == .seconds(10))
        #expect(gateway.terms.channel == .sms)
        #expect(http.method == "POST")
        #expect(http.contentType == .json)
        let expected: [(Int, AnswerMeaning?)] = [
            (200, .accepted), (299, .accepted), (302, nil), (400, .refused), (401, .refused), (429, .throttled),
            (500, nil), (503, nil),
        ]
        for (status, meaning) in expected { #expect(http.meanings.meaning(ofStatus: status, body: nil) == meaning) }
    }

    @Test("the exacter of two entries that fit counts, and of equal ones the one that takes the message")
    func ranks() {
        let meanings = AnswerMeanings([
            .accepted: [.statuses(hundred: 2), .member(["a"], "1")], .throttled: [.status(200)],
            .refused: [.member(["b"], "true"), .statuses(hundred: 2)],
        ])
        #expect(meanings.meaning(ofStatus: 201, body: nil) == .accepted)
        #expect(meanings.meaning(ofStatus: 200, body: nil) == .throttled)
        #expect(meanings.meaning(ofStatus: 200, body: ["b": true]) == .refused)
        #expect(meanings.meaning(ofStatus: 500, body: ["a": 1, "b": true]) == .accepted)
        #expect(meanings.meaning(ofStatus: 500, body: ["a": 2]) == nil)
    }

    @Test("of an installation that has only a sandbox are there by themselves")
    func impliedSandbox() throws {
        let folder = try TemporaryFolder()
        try Data("[sandbox]\nenabled = true\n".utf8).write(to: URL(filePath: folder.file("s.toml")))
        let settings = try Settings(file: folder.file("s.toml"), environment: [:])
        #expect(settings.gateways.map(\.terms.name) == ["sandbox-email", "sandbox-sms"])
        #expect(settings.gateways.map(\.terms.kind) == ["sandbox", "sandbox"])
    }

    /// The blocks of TOML in the page about gateways.
    private func examples() throws -> [String] {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/gateways.md")
        let parts = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```toml\n").dropFirst()
        return parts.compactMap { $0.components(separatedBy: "```").first }
    }

    @Test("that stand as examples in the documentation can be read, and the preset there is the one in the program")
    func documentation() throws {
        let examples = try examples()
        let gateways = examples.filter { $0.hasPrefix("[[gateways]]") }
        #expect(gateways.count == 2)
        for example in gateways {
            let lines = example.split(separator: "\n").filter {
                !$0.hasPrefix("[[") && !$0.hasPrefix("name") && !$0.hasPrefix("channel")
            }
            #expect(try lab.settings(lines.joined(separator: "\n")).http != nil)
        }
        #expect(examples.contains((HTTPDescription.presets["twilio"] ?? "") + "\n"))
    }
}
