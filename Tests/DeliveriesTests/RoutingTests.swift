import AuthEvents
import Deliveries
import Testing

@Suite("A route")
struct RouteTests {
    /// What is known of the gateways `a`, `b` and `c`: `+` is ok, `-` is down, `?` is down and due for a trial.
    @Test(
        "chooses the first gateway that is ok, and has one before it tried when that is due",
        arguments: [
            ("+++", Choice.gateway("a")), ("+--", .gateway("a")), ("+??", .gateway("a")), ("-++", .gateway("b")),
            ("--+", .gateway("c")), ("?++", .trial("a")), ("-?+", .trial("b")), ("??+", .trial("a")),
            ("-+?", .gateway("b")), ("--?", .trial("c")), ("?--", .trial("a")), ("---", .park("a")),
        ]
    )
    func choose(health: String, choice: Choice) {
        let route = Route(channel: .email, gateways: ["a", "b", "c"])
        let known = Dictionary(uniqueKeysWithValues: zip(route.gateways, health))
        #expect(route.choose { known[$0] == "+" ? nil : known[$0] == "?" } == choice)
    }

    @Test("without gateways chooses none")
    func empty() {
        #expect(Route(channel: .email, gateways: []).choose { _ in nil } == nil)
    }

    @Test("asks no gateway behind the one it chooses")
    func asksInOrder() {
        var asked: [String] = []
        _ = Route(channel: .email, gateways: ["a", "b", "c"]).choose { name in
            asked.append(name)
            return name == "b" ? nil : false
        }
        #expect(asked == ["a", "b"])
    }
}

@Suite("A routing table")
struct RoutingTableTests {
    private static func gateway(_ name: String, _ channel: Channel) -> GatewayTerms {
        GatewayTerms(name: name, channel: channel, kind: "sandbox", timeout: .seconds(10))
    }

    private let gateways = [
        gateway("mail-main", .email), gateway("sms-main", .sms), gateway("mail-backup", .email),
        gateway("sms-backup", .sms),
    ]

    @Test("without routes has one for each channel, with its gateways in their order")
    func implied() {
        let table = RoutingTable(gateways: gateways)
        #expect(table.route(for: .email) == Route(channel: .email, gateways: ["mail-main", "mail-backup"]))
        #expect(table.route(for: .sms) == Route(channel: .sms, gateways: ["sms-main", "sms-backup"]))
    }

    @Test("keeps the routes it was given and implies those of the other channels")
    func mixed() {
        let given = Route(channel: .sms, gateways: ["sms-backup"])
        let table = RoutingTable(gateways: gateways, routes: [given])
        #expect(table.route(for: .sms) == given)
        #expect(table.route(for: .email)?.gateways == ["mail-main", "mail-backup"])
    }

    @Test("takes the first route that matches")
    func firstMatch() {
        let routes = [Route(channel: .sms, gateways: ["sms-backup"]), Route(channel: .sms, gateways: ["sms-main"])]
        #expect(RoutingTable(gateways: gateways, routes: routes).route(for: .sms) == routes[0])
    }

    @Test("has no route for a channel without a gateway")
    func noRoute() {
        #expect(RoutingTable(gateways: [gateways[0]]).route(for: .sms) == nil)
        #expect(RoutingTable(gateways: []).routes.isEmpty)
    }

    @Test("knows its gateways by name")
    func terms() {
        let table = RoutingTable(gateways: gateways)
        #expect(table.terms(of: "sms-backup") == gateways[3])
        #expect(table.terms(of: "nobody") == nil)
    }

    @Test("lends a begun attempt the gateway's timeout and 5 seconds, and a claim 5 seconds")
    func leases() {
        #expect(gateways[0].sendingLease == .seconds(15))
        #expect(GatewayTerms.claimLease == .seconds(5))
    }

    @Test("leads a number by its country, the first route that matches it, and none by a route of other countries")
    func countries() {
        let table = RoutingTable(
            gateways: gateways,
            routes: [
                Route(channel: .sms, countries: ["US", "CA"], gateways: ["sms-backup"]),
                Route(channel: .sms, countries: ["CA", "GB"], gateways: ["sms-main"]),
            ]
        )
        #expect(table.route(for: .sms, country: "US")?.gateways == ["sms-backup"])
        #expect(table.route(for: .sms, country: "CA")?.gateways == ["sms-backup"])
        #expect(table.route(for: .sms, country: "GB")?.gateways == ["sms-main"])
        #expect(table.route(for: .sms, country: "FR") == nil)
        #expect(table.route(for: .sms, country: nil) == nil)
        #expect(table.route(for: .email)?.gateways == ["mail-main", "mail-backup"])
    }
}
