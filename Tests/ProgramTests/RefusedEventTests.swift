import Clocks
import Foundation
import JSON
import Testing

@Suite("A refused event", .timeLimit(.minutes(12)))
struct RefusedEventTests {
    private static let prices = """
        gateway,country,prefix,mcc,mnc,sender_type,unit_price,currency,fee,valid_from,valid_to,source
        ,US,1,,,,0.01,USD,,,,
        ,BS,1242,,,,0.35,USD,0.05,,,

        """

    /// A server in the sandbox, on a clock of its own, with something to be refused by.
    private func serving(_ tables: [String] = [], _ body: (Installation, Running) async throws -> Void) async throws {
        var settings = InstallationSettings.limited(
            InstallationSettings.limit("few", "recipient", "2/10m"),
            tables: [
                "[countries]\nallow = [\"US\", \"BS\", \"FR\", \"JP\"]\nprice_ceiling = \"0.20 USD\"",
                "[prices]\nfiles = [\"own.csv\"]",
                "[[budgets]]\nname = \"all\"\nscope = \"all\"\nperiod = \"day\"\nlimit = \"0.03 USD\"",
                "[[routes]]\nchannel = \"sms\"\ncountries = [\"US\", \"BS\", \"JP\"]\ngateways = [\"sandbox-sms\"]",
                "[purposes.invitation]\nresend_waits = [\"60s\"]",
            ] + tables
        )
        settings.hasResendWaits = true
        for purpose in ["sign_up", "recovery", "mfa", "attribute_change"] {
            settings.tables.append("[purposes.\(purpose)]\nresend_waits = []")
        }
        try await Installation.make(settings) { post in
            try post.write(RefusedEventTests.prices, to: "own.csv")
            try await body(post, try await post.onClock())
        }
    }

    private func mail(_ type: String = "sign_up", to address: String) -> JSONValue {
        Installation.envelope(type, ["email": .string(address), "session": .string(UUID().uuidString)])
    }

    @Test("tells the limit, the wait or the budget that it met, with the numbers of that moment")
    func numbers() async throws {
        try await serving { post, _ in
            for _ in 1...2 { #expect(try await post.submit(mail(to: "a@example.com")).status == 202) }
            let (limited, story) = try await post.refusal(mail(to: "a@example.com"))
            #expect(limited.problem == "rate-limited" && story.steps == ["event", "limit", "refused"])
            let limit = try story.first("limit")
            #expect((limit["limit"], limit["counted_by"], limit["rate"]) == ("few", "recipient", "2/10m"))
            #expect((limit["used"], limit["left"], limit["burst"]) == (2, 0, 2))
            let wait = try #require(limit["retry_after_ms"]?.int)
            let seconds = try #require(limited.body["retry_after"]?.int)
            #expect((wait + 999) / 1000 == seconds)
            #expect(try story.first("refused")["retry_after"] == .integer(seconds))

            #expect(try await post.submit(mail("invitation", to: "b@example.com")).status == 202)
            let resend = try await post.refusal(mail("invitation", to: "b@example.com")).story.first("resend")
            #expect((resend["limit"], resend["sent"], resend["wait_ms"]) == ("resend", 1, 60_000))

            for number in 1...3 { #expect(try await post.submit(Installation.text(to: phone(number))).status == 202) }
            let (over, told) = try await post.refusal(Installation.text(to: phone(4)))
            #expect(over.problem == "over-budget")
            let budget = try told.first("budget")
            #expect((budget["budget"], budget["period"], budget["counted_by"]) == ("all", "day", "all"))
            #expect((budget["used"], budget["reserved"], budget["committed"]) == ("0.03", "0.03", "0.00"))
            #expect((budget["amount"], budget["limit"], budget["currency"]) == ("0.01", "0.03", "USD"))
            #expect(budget["resets_at"] == over.body["resets_at"])
        }
    }

    @Test("tells which rule of the settings a number met, and a hold or a suppression without its value")
    func rules() async throws {
        try await serving { post, _ in
            let country = try await post.refusal(Installation.text(to: "+447400123456")).story.first("destination")
            #expect((country["country"], country["reason"], country["allowed_count"]) == ("GB", "country", 4))
            #expect(country["allowed"] == ["BS", "FR", "JP", "US"])
            let type = try await post.refusal(Installation.text(to: "+18005550123")).story.first("destination")
            #expect((type["number_type"], type["reason"]) == ("toll_free", "number_type"))
            #expect(type["allowed"] == ["fixed_or_mobile", "mobile"])
            let route = try await post.refusal(Installation.text(to: "+33612345678")).story.first("route")
            #expect((route["country"], route["reason"]) == ("FR", "no_route"))
            let price = try await post.refusal(Installation.text(to: "+819012345678")).story.first("price")
            #expect((price["reason"], price["gateways"]) == ("no_price", ["sandbox-sms"]))
            let ceiling = try await post.refusal(Installation.text(to: "+12423591234")).story.first("price")
            #expect((ceiling["reason"], ceiling["ceiling"], ceiling["currency"]) == ("price_ceiling", "0.20", "USD"))
            let found: JSONValue = [["gateway": "sandbox-sms", "segment_price": "0.40", "currency": "USD"]]
            #expect(ceiling["prices"] == found)

            let hold: JSONValue = ["scope": "prefix", "value": "+1201200", "reason": "pumping"]
            #expect(try await post.call("POST", "/v1/holds", hold).status == 201)
            let (problem, story) = try await post.refusal(Installation.text(to: phone(1)))
            let held = try story.first("checks")
            #expect((held["held"], held["scope"], held["until"]) == (true, "prefix", problem.body["until"]))
            #expect(!"\(story)".contains("1201200"))
            let suppression: JSONValue = ["email": "a@example.com", "reason": "bounced"]
            #expect(try await post.call("POST", "/v1/suppressions", suppression).status == 201)
            let suppressed = try await post.refusal(mail(to: "a@example.com")).story
            #expect(try suppressed.first("checks")["suppressed"] == true)
            #expect(!"\(suppressed)".contains("example.com"))
        }
    }

    @Test("has an id of its own in a batch and as a channel of a group, and one that may not ask at all has none")
    func ids() async throws {
        try await serving { post, _ in
            let faults: [JSONValue] = [
                mail(to: "nobody"), Installation.envelope("nonsense", ["email": "a@example.com"]),
                Installation.text(to: "+447400123456"), Installation.envelope("sign_up", ["secret-name": 1]),
            ]
            let batch = try await post.submitBatch(faults + [mail(to: "a@example.com")]).body["results"]?.array ?? []
            let ids = batch.compactMap { $0["problem"]?["instance"]?.string }
            #expect(Set(ids).count == 4 && batch.last?["status"] == "accepted")
            let places: [(pointer: String?, type: String?)] = [
                ("/data/email", "auth.sign_up"), ("/type", nil), (nil, "auth.mfa"), ("/data/*", "auth.sign_up"),
            ]
            for (id, place) in zip(ids, places) {
                let story = try await post.story(id)
                #expect(story.compactMap { $0["pointer"]?.string } == [place.pointer].compactMap(\.self))
                #expect(try story.first("event")["type"]?.string == place.type)
                #expect(!"\(story)".contains("nobody") && !"\(story)".contains("secret-name"))
            }
            let bytes = try await post.send("POST", "/v1/events", [0x7b], type: "application/cloudevents+json")
            #expect(bytes.problem == "malformed")
            #expect(try await post.story(bytes.body["instance"]?.string ?? "").first("fault")["offset"]?.int == 1)

            let data: JSONObject = [
                "email": "b@example.com", "phone": "+447400123456", "channels": ["email", "sms"],
            ]
            let event = Installation.envelope("mfa", data)
            for status in [202, 200] {
                let group = try await post.submit(event)
                #expect(group.status == status)
                let part = try #require(group.body["refused"]?.array?.first?["problem"]?["instance"]?.string)
                let told = try await post.story(part)
                #expect(try told.first("event")["channel"] == "sms")
                #expect(try told.first("destination")["country"] == "GB")
            }
            let undeclared = try await post.submit(Installation.event("x", to: "a@example.com", ["tenant": "nobody"]))
            #expect(undeclared.problem == "forbidden" && undeclared.body["instance"] == nil)
        }
    }

    @Test("is kept for a day by its id, over a kill and a restart, for its tenant alone")
    func kept() async throws {
        try await serving { post, server in
            let shop = Installation.event("1", to: "nobody", ["tenant": "shop"])
            let id = try #require(try await post.submit(shop).body["instance"]?.string)
            let story = try await post.story(id)
            // At once it is known in memory; what the last look has written outlives a kill.
            try await eventually("a refusal on disk") { try post.refusals() == 1 }
            server.kill()
            await server.exitCode()
            let again = try await post.onClock()
            #expect(try await post.story(id) == story)
            let late = try #require(try await post.submit(shop).body["instance"]?.string)
            again.terminate()
            await again.exitCode()
            let last = try await post.onClock()
            #expect(try await post.story(late).steps == story.steps)
            let url = try await post.url(of: last)
            var answers: [Installation.Answer] = []
            for tenant in ["shop", "default"] {
                let token = try await post.token("read", tenant: tenant)
                let headers = [(name: "Authorization", value: "Bearer " + token)]
                answers.append(try await post.call("GET", "/v1/deliveries/\(id)/explain", headers: headers, at: url))
            }
            #expect(answers.map(\.status) == [200, 404])
            #expect(answers[0].body["delivery"] == .null)
            let never = try await post.call("GET", "/v1/deliveries/ref_00000000000000000000000000000000/explain")
            #expect(never.status == 404 && never.body == answers[1].body)
            try post.setClock(ahead: .seconds(86_400))
            #expect(try await post.call("GET", "/v1/deliveries/\(id)/explain").body == never.body)
            try await eventually("no refusals on disk") { try post.refusals() == 0 }
        }
    }

    @Test("makes room for later ones, so that a flood fills no disk, and delays nobody who is accepted")
    func flood() async throws {
        try await serving(["[explain]\nrefused = 100\nrefused_for = \"1h\""]) { post, _ in
            var ids: [String] = []
            for _ in 1...3 {
                let batch = try await post.submitBatch((1...60).map { _ in mail(to: "nobody") }).body["results"]?.array
                ids += (batch ?? []).compactMap { $0["problem"]?["instance"]?.string }
            }
            #expect(ids.count == 180)
            #expect(try await post.submit(mail(to: "a@example.com")).status == 202)
            try await eventually("a hundred refusals on disk") { try post.refusals() == 100 }
            #expect(try await post.story(ids[179]).steps == ["event", "fault", "refused"])
            try await eventually("the oldest gone") {
                try await post.call("GET", "/v1/deliveries/\(ids.sorted()[0])/explain").status == 404
            }
        }
    }
}
