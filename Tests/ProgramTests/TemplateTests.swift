import Foundation
import JSON
import Spend
import Testing

@Suite("A tenant's templates", .timeLimit(.minutes(12)))
struct TemplateTests {
    private static let settings = InstallationSettings.branded("templates = \"texts\"\nlanguage = \"de\"")

    private static func withTexts(
        _ texts: [String: String],
        _ body: (Installation) async throws -> Void
    ) async throws {
        try await Installation.make(settings) { post in
            for (name, text) in texts { try post.write(text, to: "texts/" + name) }
            try await body(post)
        }
    }

    private static let binding = "\n\n@{{domain}} #{{code}}\n"

    private static let texts = [
        "mfa/sms/en.txt": "{{code}}: own words of {{brand}}" + binding,
        "mfa/sms/de.txt": "{{code}}: eigene Worte von {{brand}}" + binding,
        "recovery/email/en.subject.txt": "Own subject of {{brand}}\n",
        "recovery/email/en.txt": "Own text for {{name}}: {{code}} {{link}}\n",
        "recovery/email/de.subject.txt": "Eigener Betreff von {{brand}}\n",
        "recovery/email/de.txt": "Eigener Text: {{code}} {{link}}\n",
        "recovery/email/de.html": "<p>Eigenes HTML: {{code}} für {{name}} <a href=\"{{link}}\">hier</a></p>\n",
    ]

    @Test("take the place of the built-in texts, in the language of the person, else in the tenant's")
    func languages() async throws {
        try await Self.withTexts(Self.texts) { post in
            _ = try await post.up()
            let texts: [(locale: String?, text: String)] = [
                ("en-GB", "own words of Cruddur"), ("de-AT", "eigene Worte von Cruddur"),
                (nil, "eigene Worte von Cruddur"), ("ja", "eigene Worte von Cruddur"), ("fr", "Cruddur"),
            ]
            for (index, (locale, text)) in texts.enumerated() {
                var data: JSONObject = ["phone": .string(phone(index))]
                data["locale"] = locale.map(JSONValue.string)
                let message = try await post.message(ofOnly: post.accept("mfa", data))
                let code = message["code"]?.string ?? ""
                guard locale != "fr" else {
                    #expect(message["text"]?.string?.contains("Worte") == false)
                    continue
                }
                #expect(message["text"] == .string("\(code): \(text)\n\n@cruddur.com #\(code)"), "\(locale ?? "")")
            }
            let data: JSONObject = [
                "email": "a@example.com", "name": "A & <B>", "link": "https://app.example.com/?a=1&c={{code}}",
            ]
            let german = try await post.message(ofOnly: post.accept("recovery", data))
            let code = german["code"]?.string ?? ""
            #expect(german["subject"] == "Eigener Betreff von Cruddur")
            #expect(german["text"] == .string("Eigener Text: \(code) https://app.example.com/?a=1&c=\(code)\n"))
            #expect(
                german["html"]
                    == .string(
                        "<p>Eigenes HTML: \(code) für A &amp; &lt;B&gt; "
                            + "<a href=\"https://app.example.com/?a=1&amp;c=\(code)\">hier</a></p>\n"
                    )
            )
            var english = data
            english["locale"] = "en"
            let own = try await post.message(ofOnly: post.accept("recovery", english))
            #expect(own["subject"] == "Own subject of Cruddur")
            #expect(own["text"]?.string?.hasPrefix("Own text for A & <B>: ") == true)
            #expect(own["html"]?.string?.contains("Own text for A &amp; &lt;B&gt;: ") == true)
        }
    }

    @Test("with a fault stop every program that reads them with 78, the file, the line and the column")
    func faults() async throws {
        let texts = [
            "mfa/sms/en.txt": "{{code}} for\nyou, {{nobody}}\n", "sign_up/email/en.txt": "{{code}}\n",
        ]
        try await Self.withTexts(texts) { post in
            let commands: [(String, [String])] = [
                ("gatepost-server", []), ("gatepost", ["up"]), ("gatepost", ["template", "lint"]),
                ("gatepost", ["template", "list"]),
            ]
            for (program, words) in commands {
                let run = try await post.run(program, words)
                #expect(run.code == 78, "\(program) \(words): \(run.complaint)")
                #expect(run.complaint.contains("/texts/mfa/sms/en.txt:2:6: "))
                #expect(run.complaint.contains("/texts/sign_up/email/en.txt:1:1: "))
                #expect(run.complaint.contains("en.subject.txt"))
            }
        }
        try await Installation.make(.branded("templates = \"nowhere\"")) { post in
            let run = try await post.run("gatepost-server")
            #expect(run.code == 78)
            #expect(run.complaint.contains("nowhere"))
        }
    }

    @Test("cost at acceptance what the text that is sent costs, in every language and for every purpose")
    func segments() async throws {
        try await Installation.make(.branded()) { post in
            _ = try await post.up()
            let notices = ["password_changed", "new_sign_in", "mfa_changed", "account_locked", "other"]
            var events: [JSONValue] = []
            for locale in ["en", "de", "es", "fr", "pt"] {
                for type in ["sign_up", "confirmation", "recovery", "mfa", "attribute_change", "invitation"] + notices {
                    var data: JSONObject = ["phone": .string(phone(events.count)), "locale": .string(locale)]
                    if notices.contains(type) { data["notice"] = .string(type) }
                    if type == "attribute_change" { data["previous_phone"] = .string(phone(500 + events.count)) }
                    events.append(Installation.envelope(notices.contains(type) ? "notice" : type, data))
                }
            }
            let results = try await post.submitBatch(events).body["results"]?.array ?? []
            let deliveries = results.flatMap { $0["deliveries"]?.array ?? [] }
            #expect(deliveries.count == events.count + 5)
            try await post.rest(of: "sms")
            let items = try await post.call("GET", "/v1/sandbox").body["items"]?.array ?? []
            let texts = Dictionary(items.map { ($0["delivery"]?.string ?? "", $0["text"]?.string ?? "") }) { $1 }
            for delivery in deliveries {
                let text = try #require(texts[delivery["id"]?.string ?? ""])
                let count = SegmentCount(text)
                #expect(delivery["segments"] == .integer(Int64(count.segments)), "\(text)")
                #expect(delivery["encoding"] == .string(count.encoding.name), "\(text)")
                #expect(count.segments == 1, "\(text)")
            }
        }
    }

    @Test("of several segments of UCS-2 are counted, priced and sent as they are, with a code of the application's too")
    func long() async throws {
        let text = String(repeating: "код ", count: 30) + "{{code}} {{name}}" + Self.binding
        try await Self.withTexts(["mfa/sms/ru.txt": text]) { post in
            _ = try await post.up()
            let expiry = JSONValue.string(Date(timeIntervalSinceNow: 240).formatted(.iso8601))
            for (index, own) in ["", "ABCD", String(repeating: "Z", count: 32)].enumerated() {
                var data: JSONObject = ["phone": .string(phone(index)), "locale": "ru", "name": "Ольга"]
                if !own.isEmpty { (data["code"], data["expires_at"]) = (.string(own), expiry) }
                let answer = try await post.accept("mfa", data)
                let sent = try await post.message(ofOnly: answer)["text"]?.string ?? ""
                let count = SegmentCount(sent)
                #expect(count.segments >= 3)
                let delivery = answer["deliveries"]?.array?.first
                #expect(delivery?["segments"] == .integer(Int64(count.segments)))
                #expect(delivery?["encoding"] == "UCS-2")
            }
        }
    }
}
