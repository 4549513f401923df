import JSON
import Testing

@Suite("A number", .timeLimit(.minutes(12)))
struct SMSDestinationTests {
    private static let settings: TextSettings = {
        var settings = TextSettings()
        settings.countries = """
            allow = ["US", "GB", "BS", "FR", "CA"]
            price_ceiling = "0.05 USD"
            """
        settings.prices += [",GB,44,,,,0.0405,USD,,,,", ",FR,,,,,0.0707,USD,,,,", ",CA,,,,,0.0079,USD,,,,"]
        settings.tables = [
            "[[routes]]\nchannel = \"sms\"\ncountries = [\"US\", \"GB\", \"BS\", \"FR\"]\ngateways = [\"sms\"]",
            "[[tenants]]\nname = \"isles\"\ndefault_country = \"GB\"",
        ]
        return settings
    }()

    private static let refused: [(number: String, reason: String, country: String?)] = [
        ("+4915123456789", "country", "DE"),
        ("+881612345678", "country", nil),
        ("+870773111632", "country", nil),
        ("+19002345678", "number_type", "US"),
        ("+449098790000", "number_type", "GB"),
        ("+448431234567", "number_type", "GB"),
        ("+442071838750", "number_type", "GB"),
        ("+18002345678", "number_type", "US"),
        ("+12423591234", "no_price", "BS"),
        ("+33612345678", "price_ceiling", "FR"),
        ("+16045550123", "no_route", "CA"),
    ]

    @Test(
        "that may not be written to is refused with its country, why, and the channels that are left; nothing is spent"
    )
    func refused() async throws {
        try await Installation.texting(SMSDestinationTests.settings) { post, peer in
            _ = try await post.server()
            for (number, reason, country) in SMSDestinationTests.refused {
                for (data, left) in [([:], []), (["email": "a@example.com", "channels": ["sms"]], ["email"])]
                    as [(JSONObject, JSONValue)]
                {
                    let answer = try await post.submit(Installation.text(to: number, data))
                    #expect(answer.status == 422)
                    #expect(answer.problem == "destination-refused")
                    #expect(answer.body["reason"] == .string(reason), "\(number): \(answer.body)")
                    #expect(answer.body["country"] == (country.map(JSONValue.string) ?? .null), "\(number)")
                    #expect(answer.body["other_channels"] == left)
                    #expect(answer.body["detail"]?.string?.contains(number.suffix(7)) == false)
                }
            }
            #expect(try await post.texts("ready") == 0)
            #expect(try await post.settledLedger(peer).stories.isEmpty)
        }
    }

    @Test("that is national is read with the tenant's country")
    func national() async throws {
        try await Installation.texting(SMSDestinationTests.settings) { post, peer in
            _ = try await post.server()
            _ = try await post.textWorker()
            for (text, tenant, number) in [
                ("(201) 555-0123", "default", "+12015550123"), ("07400 123456", "isles", "+447400123456"),
                ("00 1 201 555 0124", "isles", "+12015550124"),
            ] {
                let one = try await post.text(to: text, ["tenant": .string(tenant)])
                try await post.reached("accepted", one)
                #expect(peer.taken(number).count == 1, "\(text)")
            }
        }
    }
}
