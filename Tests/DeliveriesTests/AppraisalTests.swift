import Clocks
import Deliveries
import JSON
import PhoneNumbers
import Spend
import Testing

@Suite("An appraisal")
struct AppraisalTests {
    private let american = "+12015550123"

    private func appraise(
        _ number: String?,
        _ text: String?,
        home: String = "US",
        policy: DestinationPolicy = DestinationPolicy(countries: ["US", "BS"])
    ) throws -> Appraisal {
        try Tariff.destinations(policy).appraise(number: number, text: text, home: home, at: Tariff.now)
    }

    @Test("of a number and a text has all members of the contract, and the price of the dearest gateway of the route")
    func whole() throws {
        let version = try Tariff.destinations(DestinationPolicy()).prices.version
        #expect(
            try appraise("(201) 555-0123", "hello").json == [
                "number": "+12015550123", "valid": true, "country": "US", "type": "fixed_or_mobile", "allowed": true,
                "reason": nil, "detail": nil, "encoding": "GSM-7", "units": 5, "segments": 1, "unit_price": "0.0079",
                "fee": "0.003", "amount": "0.0109", "currency": "USD", "price_version": .string(version),
                "gateway": "main",
            ]
        )
    }

    @Test(
        "counts encoding, units and segments, and multiplies the price",
        arguments: [
            ("", "GSM-7", 0, 1, "0.0109"), (String(repeating: "a", count: 160), "GSM-7", 160, 1, "0.0109"),
            (String(repeating: "a", count: 161), "GSM-7", 161, 2, "0.0218"),
            (String(repeating: "ж", count: 71), "UCS-2", 71, 2, "0.0218"),
        ]
    )
    func segments(text: String, encoding: String, units: Int, segments: Int, amount: String) throws {
        let json = try appraise(american, text).json
        #expect(json["encoding"] == .string(encoding))
        #expect(json["units"] == .integer(Int64(units)))
        #expect(json["segments"] == .integer(Int64(segments)))
        #expect(json["amount"] == .string(amount))
        #expect(
            try appraise(nil, text).json == [
                "encoding": .string(encoding), "units": .integer(Int64(units)), "segments": .integer(Int64(segments)),
            ]
        )
    }

    @Test("of a number alone has its unit price, and null for what only a text tells")
    func numberAlone() throws {
        let json = try appraise(american, nil).json
        #expect(json["unit_price"] == "0.0079")
        for name in ["encoding", "units", "segments", "amount"] { #expect(json[name] == JSONValue.null, "\(name)") }
    }

    @Test(
        "of what is no number says so in a sentence, and invents nothing",
        arguments: ["abc", "12", "+1 201 555 0123 x9"]
    )
    func unreadable(number: String) throws {
        let appraisal = try appraise(number, "hello")
        let json = appraisal.json
        #expect(json["valid"] == false)
        #expect(json["allowed"] == false)
        #expect(json["reason"] == "invalid_number")
        #expect(json["detail"]?.string?.hasSuffix(".") == true)
        #expect(json["segments"] == 1)
        for name in [
            "number", "country", "type", "unit_price", "fee", "amount", "currency", "price_version", "gateway",
        ] {
            #expect(json[name] == JSONValue.null, "\(name)")
        }
    }

    @Test("reads a national number as one of the tenant's country")
    func national() throws {
        #expect(try appraise("(242) 359-1234", nil, home: "BS").json["country"] == "BS")
        #expect(try appraise("07400 123456", nil, home: "GB").json["number"] == "+447400123456")
        #expect(try appraise("07400 123456", nil, home: "US").json["country"] != "GB")
    }

    @Test(
        "of a number that is not written to names the reason and what to change",
        arguments: [
            ("+447400123456", [], "country", "countries.allow"), ("+883510012345678", ["GB"], "country", "no country"),
            ("+442079460123", ["GB"], "number_type", "countries.number_types"),
            ("+4474001234", ["GB"], "country", "no assigned range"),
            ("+491000000", ["DE"], "number_type", "no assigned range"),
            ("+4915123456789", ["DE"], "no_price", "prices.unpriced"),
            ("+12423591234", ["BS"], "price_ceiling", "countries.price_ceiling"),
        ] as [(String, Set<String>, String, String)]
    )
    func refused(number: String, countries: Set<String>, reason: String, advice: String) throws {
        let policy = DestinationPolicy(countries: countries, priceCeiling: Money("0.04 USD"))
        let json = try appraise(number, "hello", policy: policy).json
        #expect(json["allowed"] == false)
        #expect(json["reason"] == .string(reason))
        #expect(json["detail"]?.string?.contains(advice) == true)
        #expect(json["number"] == .string(number))
    }

    @Test("tells the price of a refused number where it is known, and null where it is not")
    func refusedPrice() throws {
        let foreign = try appraise("+12423591234", "hello", policy: DestinationPolicy(countries: ["US"])).json
        #expect(foreign["allowed"] == false)
        #expect(foreign["amount"] == "0.0415")
        #expect(foreign["gateway"] == "main")
        #expect(try appraise("+4915123456789", "hello").json["unit_price"] == JSONValue.null)
    }

    @Test("takes the dearest of the quotes in the currency of the first, the earlier of two alike")
    func dearest() throws {
        func quote(_ gateway: String, _ price: String) throws -> GatewayQuote {
            let money = try #require(Money(price))
            let unit = try #require(UnitPrice(unit: money.micros, fee: 0, currency: money.currency, version: "v"))
            return GatewayQuote(gateway: gateway, price: unit, segments: SegmentCount("a"))
        }
        let quotes = try [
            quote("a", "0.01 USD"), quote("b", "9.00 EUR"), quote("c", "0.02 USD"), quote("d", "0.02 USD"),
        ]
        #expect(GatewayQuote.dearest(of: quotes)?.gateway == "c")
        #expect(GatewayQuote.dearest(of: []) == nil)
    }
}
