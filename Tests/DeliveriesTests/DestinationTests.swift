import AuthEvents
import Clocks
import Deliveries
import PhoneNumbers
import Spend
import Testing

/// Gateways, routes and prices for tests of destinations.
enum Tariff {
    private static let header =
        "gateway,country,prefix,mcc,mnc,sender_type,unit_price,currency,fee,valid_from,valid_to,source"

    /// 2026-11-21T10:10:00Z.
    static let now = Instant(milliseconds: 1_795_255_800_000)

    private static func gateway(_ name: String, _ kind: String) -> GatewayTerms {
        GatewayTerms(name: name, channel: .sms, kind: kind, timeout: .seconds(10))
    }

    /// Two gateways, `main` and `backup`, and a price for `US`, `BS` and `GB` each; German numbers have none.
    static func destinations(
        _ policy: DestinationPolicy,
        routes: [Route] = [],
        rows: [String] = [
            "main,US,,,,,0.0079,USD,0.003,,,", "backup,US,,,,,0.0090,USD,,,,", "main,BS,,,,,0.0415,USD,,,,",
            "backup,GB,,,,,0.04,EUR,,,,",
        ]
    ) throws -> Destinations {
        Destinations(
            policy: policy,
            routing: RoutingTable(gateways: [gateway("main", "twilio"), gateway("backup", "http")], routes: routes),
            prices: PriceTable(rows: try readPriceFile(([header] + rows).joined(separator: "\n"), file: "p.csv"))
        )
    }
}

@Suite("Destinations")
struct DestinationTests {
    private func refusal(_ number: String, _ destinations: Destinations, home: String = "US") throws
        -> DestinationRefusal?
    {
        let number = try PhoneNumber(number)
        do throws(DestinationRefusal) {
            _ = try destinations.quotes(to: number, SegmentCount("hello"), home: home, at: Tariff.now)
            return nil
        } catch {
            return error
        }
    }

    private static let american = "+12015550123"
    private static let bahamian = "+12423591234"
    private static let british = "+447400123456"

    @Test(
        "lets through only countries that are allowed by name, or the tenant's own where none is",
        arguments: [
            ([], "US", american, nil), ([], "US", bahamian, "country"), ([], "BS", bahamian, nil),
            ([], "BS", american, "country"), (["US", "BS"], "US", bahamian, nil), (["BS"], "US", american, "country"),
            (["US"], "BS", bahamian, "country"), (["US"], "US", "+883510012345678", "country"),
        ] as [([String], String, String, String?)]
    )
    func countries(allowed: [String], home: String, number: String, reason: String?) throws {
        let destinations = try Tariff.destinations(DestinationPolicy(countries: Set(allowed)))
        #expect(try refusal(number, destinations, home: home)?.reason.rawValue == reason)
    }

    @Test(
        "lets through only the types of numbers that are named",
        arguments: [
            ("+447400123456", [], nil), ("+442079460123", [], "number_type"), ("+449012345678", [], "number_type"),
            ("+442079460123", [.fixedLine], nil), ("+447400123456", [.fixedLine], "number_type"),
            ("+4474001234", [], "country"),
        ] as [(String, Set<PhoneNumberKind>, String?)]
    )
    func types(number: String, types: Set<PhoneNumberKind>, reason: String?) throws {
        var policy = DestinationPolicy(countries: ["GB"])
        if !types.isEmpty { policy.numberTypes = types }
        let refusal = try refusal(number, Tariff.destinations(policy))
        #expect(refusal?.reason.rawValue == reason)
        #expect(refusal == nil || refusal?.country == (reason == "country" ? nil : "GB"))
    }

    @Test("needs a route for the country and a price at a gateway of it, and says which is not there")
    func routeAndPrice() throws {
        let policy = DestinationPolicy(countries: ["US", "GB", "DE"])
        let routes = [
            Route(channel: .sms, countries: ["US"], gateways: ["main", "backup"]),
            Route(channel: .sms, countries: ["GB"], gateways: ["main"]),
        ]
        let routed = try Tariff.destinations(policy, routes: routes)
        #expect(try refusal(Self.american, routed) == nil)
        #expect(try refusal(Self.british, routed) == DestinationRefusal(country: "GB", reason: .noPrice))
        #expect(try refusal("+4915123456789", routed) == DestinationRefusal(country: "DE", reason: .noRoute))
        let free = try Tariff.destinations(policy)
        #expect(try refusal("+4915123456789", free) == DestinationRefusal(country: "DE", reason: .noPrice))
    }

    @Test(
        "passes over gateways whose price with its fee is above the ceiling, and those of another currency",
        arguments: [
            ("0.0109 USD", ["main", "backup"]), ("0.0108 USD", ["backup"]), ("0.0090 USD", ["backup"]),
            ("0.0089 USD", []), ("1.00 EUR", []),
        ]
    )
    func ceiling(ceiling: String, gateways: [String]) throws {
        let policy = DestinationPolicy(countries: ["US"], priceCeiling: Money(ceiling))
        let destinations = try Tariff.destinations(policy)
        let number = try PhoneNumber(Self.american)
        let quotes = try? destinations.quotes(to: number, SegmentCount("hello"), home: "US", at: Tariff.now)
        #expect(quotes?.map(\.gateway) ?? [] == gateways)
        if gateways.isEmpty { #expect(try refusal(Self.american, destinations)?.reason == .priceCeiling) }
    }

    @Test("quotes segments × (unit price + fee), in order of failover")
    func quotes() throws {
        let destinations = try Tariff.destinations(DestinationPolicy(countries: ["US"]))
        let text = SegmentCount(String(repeating: "a", count: 161))
        let quotes = try destinations.quotes(to: PhoneNumber(Self.american), text, home: "US", at: Tariff.now)
        #expect(quotes.map(\.gateway) == ["main", "backup"])
        #expect(quotes.map { "\($0.amount)" } == ["0.0218 USD", "0.018 USD"])
        #expect(quotes.allSatisfy { $0.price.version == destinations.prices.version })
    }
}
