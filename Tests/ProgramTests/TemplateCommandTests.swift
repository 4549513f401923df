import Foundation
import JSON
import Testing

@Suite("gatepost template", .timeLimit(.minutes(12)))
struct TemplateCommandTests {
    private static let settings = InstallationSettings.branded(
        "templates = \"texts\"",
        tables: ["[[tenants]]\nname = \"shop\"\ndefault_country = \"BS\"", "[prices]\nfiles = [\"tariff.csv\"]"]
    )

    private static func withTexts(
        _ texts: [String: String],
        _ body: (Installation) async throws -> Void
    ) async throws {
        try await Installation.make(settings) { post in
            let header =
                "gateway,country,prefix,mcc,mnc,sender_type,unit_price,currency,fee,valid_from,valid_to,source\n"
            try post.write(header + ",US,,,,,0.0079,USD,0.003,,,\n", to: "tariff.csv")
            for (name, text) in texts { try post.write(text, to: "texts/" + name) }
            try await body(post)
        }
    }

    private static let ending = "\n\n@{{domain}} #{{code}}\n"

    @Test("lint names the character that forces UCS-2, where it stands, what to write, and what a thousand cost")
    func forcing() async throws {
        let text = "{{code}} es el código de {{brand}}. " + String(repeating: "No lo des. ", count: 4) + Self.ending
        try await Self.withTexts(["mfa/sms/es.txt": text]) { post in
            let run = try await post.gatepost("template", "lint")
            #expect(run.code == 0, "\(run.complaint)")
            #expect(run.output.contains("/texts/mfa/sms/es.txt:1:17: warning: “ó” (U+00F3, "))
            #expect(run.output.contains("write “o” to stay in GSM-7"))
            #expect(run.output.contains("21.80 USD"))
            let json = try await post.gatepost("template", "lint", "--json").json
            #expect(json["errors"] == 0)
            let own = json["items"]?.array?.filter { $0["built_in"] == false } ?? []
            #expect(own.count == 1)
            #expect(own.first?["tenant"] == "default")
            #expect(own.first?["language"] == "es")
            #expect(own.first?["forcing"]?["character"] == "ó")
            #expect(own.first?["forcing"]?["code"] == "U+00F3")
            #expect(own.first?["forcing"]?["replacement"] == "o")
            #expect(own.first?["length"]?["encoding"] == "UCS-2")
            #expect(own.first?["length"]?["segments"] == 2)
            #expect(own.first?["length"]?["per_thousand"] == ["amount": "21.80", "currency": "USD"])
            let places = own.first?["findings"]?.array?.map { [$0["line"], $0["column"]] }
            #expect(places?.contains([1, 17]) == true)
            #expect(json["warnings"]?.int ?? 0 >= 2)
        }
    }

    @Test("lint ends with 1 where a text does not do what it is for, and finds nothing in the built-in ones")
    func errors() async throws {
        try await Self.withTexts(["recovery/sms/en.txt": "Ask {{brand}} for your code.\n"]) { post in
            let run = try await post.gatepost("template", "lint")
            #expect(run.code == 1)
            #expect(run.output.contains("/texts/recovery/sms/en.txt:1:1: error: "))
            let json = try await post.gatepost("template", "lint", "--json")
            #expect(json.code == 1)
            #expect(json.json["errors"] == 1)
            let shop = try await post.gatepost("template", "lint", "--tenant", "shop", "--json")
            #expect(shop.code == 0)
            #expect(shop.json["errors"] == 0 && shop.json["warnings"] == 0)
            let texts = shop.json["items"]?.array ?? []
            #expect(texts.allSatisfy { $0["built_in"] == true && $0["tenant"] == "shop" })
            // There is no price in the tenant's country.
            #expect(texts.contains { $0["channel"] == "sms" })
            #expect(texts.allSatisfy { $0["length"]?["per_thousand"]?.isNull != false })
        }
    }

    @Test("list shows which texts there are, and which are the tenant's own")
    func list() async throws {
        try await Self.withTexts(["notice/shipped/sms/pt-BR.txt": "{{brand}}: enviado.\n"]) { post in
            let list = try await post.gatepost("template", "list", "--json").json
            let items = list["items"]?.array ?? []
            let shipped: JSONValue = [
                "purpose": "notice", "notice": "shipped", "channel": "sms", "language": "pt-BR", "built_in": false,
            ]
            #expect(Self.own(list) == [shipped])
            #expect(Self.general.subtracting(Self.names(items)).isEmpty)
            let table = try await post.gatepost("template", "list")
            #expect(table.output.contains("own"))
            let shop = try await post.gatepost("template", "list", "--tenant", "shop", "--json").json
            #expect(Self.own(shop).isEmpty)
        }
    }

    private static func own(_ list: JSONValue) -> [JSONValue] {
        list["items"]?.array?.filter { $0["built_in"] == false } ?? []
    }

    private static func names(_ items: [JSONValue]) -> Set<String> {
        Set(
            items.filter { $0["notice"] == .null }.map { item in
                ["purpose", "channel", "language"].map { item[$0]?.string ?? "" }.joined(separator: " ")
            }
        )
    }

    /// What there is of everything in each built-in language.
    private static let general: Set<String> = {
        var names: Set<String> = []
        for purpose in ["sign_up", "recovery", "mfa", "attribute_change", "invitation", "notice"] {
            for language in ["en", "de", "es", "fr", "pt"] {
                names.formUnion(["\(purpose) email \(language)", "\(purpose) sms \(language)"])
            }
        }
        return names
    }()

    @Test("preview shows a message as a person with a locale would get it")
    func preview() async throws {
        try await Self.withTexts(["mfa/sms/de.txt": "{{code}} von {{brand}}" + Self.ending]) { post in
            let sms = try await post.gatepost("template", "preview", "mfa", "sms", "--locale", "de-AT", "--json").json
            #expect(sms["text"] == "482913 von Cruddur\n\n@cruddur.com #482913")
            #expect(sms["language"] == "de" && sms["built_in"] == false)
            #expect(sms["length"]?["segments"] == 1)
            #expect(sms["length"]?["per_thousand"] == ["amount": "10.90", "currency": "USD"])
            #expect(sms["html"] == .null)
            let mail = try await post.gatepost("template", "preview", "recovery", "email", "--locale", "fr", "--json")
            #expect(mail.json["language"] == "fr" && mail.json["built_in"] == true)
            #expect(mail.json["subject"]?.string?.contains("Cruddur") == true)
            #expect(mail.json["html"]?.string?.contains("Maria") == true)
            #expect(mail.json["length"] == .null)
            let notice = try await post.gatepost("template", "preview", "notice", "sms", "--notice", "new_sign_in")
            #expect(notice.code == 0)
            #expect(notice.output.contains("New sign-in to your Cruddur account."))
            #expect(notice.output.contains("built-in, notice/new_sign_in/sms/en"))
        }
    }

    @Test(
        "ends with 2 for wrong words",
        arguments: [
            [], ["burn"], ["preview"], ["preview", "mfa"], ["preview", "nonsense", "sms"],
            ["preview", "mfa", "pigeon"], ["preview", "mfa", "sms", "--notice", "new_sign_in"],
            ["preview", "notice", "sms", "--notice", "New"], ["preview", "mfa", "sms", "--locale", "_"],
            ["lint", "--wrong"],
        ]
    )
    func wrongWords(words: [String]) async throws {
        try await Installation.make(.branded()) { post in
            let run = try await post.run("gatepost", ["template"] + words)
            #expect(run.code == 2)
            #expect(run.output.isEmpty)
        }
    }

    @Test("ends with 1 for a tenant that is not declared, and names it")
    func unknownTenant() async throws {
        try await Installation.make(.branded()) { post in
            for verb in [["list"], ["lint"], ["preview", "mfa", "sms"]] {
                let run = try await post.run("gatepost", ["template"] + verb + ["--tenant", "nobody"])
                #expect(run.code == 1)
                #expect(run.complaint.contains("nobody"))
            }
        }
    }
}
