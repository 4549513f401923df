package import AuthEvents

/// Which gateways take what, in order of failover.
package struct Route: Sendable, Equatable {
    package var channel: Channel
    /// Only numbers of these; empty: of any.
    package var countries: Set<String>
    package var gateways: [String]

    package init(channel: Channel, countries: Set<String> = [], gateways: [String]) {
        (self.channel, self.countries, self.gateways) = (channel, countries, gateways)
    }
}

/// All gateways and routes of an installation.
package struct RoutingTable: Sendable, Equatable {
    package let gateways: [GatewayTerms]
    package let routes: [Route]
    /// How many of the routes stand in the settings; they come first.
    private let written: Int

    /// `routes`: The first match wins; a channel without any goes to its gateways in their order.
    package init(gateways: [GatewayTerms], routes: [Route] = []) {
        (self.gateways, written) = (gateways, routes.count)
        let implied = Channel.allCases.compactMap { channel -> Route? in
            guard !routes.contains(where: { $0.channel == channel }) else { return nil }
            let names = gateways.filter { $0.channel == channel }.map(\.name)
            return names.isEmpty ? nil : Route(channel: channel, gateways: names)
        }
        self.routes = routes + implied
    }

    package func terms(of name: String) -> GatewayTerms? {
        gateways.first { $0.name == name }
    }

    /// The gateways in order of failover, or `nil` where no route matches.
    ///
    /// `country`: Of the number, `nil` for a mail or a number of no country.
    package func route(for channel: Channel, country: String? = nil) -> Route? {
        index(for: channel, country: country).map { routes[$0] }
    }

    /// The place of the route in the settings, from 1; `nil` where none matches or it does not stand there.
    package func rule(for channel: Channel, country: String? = nil) -> Int? {
        index(for: channel, country: country).flatMap { $0 < written ? $0 + 1 : nil }
    }

    private func index(for channel: Channel, country: String?) -> Int? {
        routes.firstIndex { route in
            route.channel == channel && (route.countries.isEmpty || country.map(route.countries.contains) ?? false)
        }
    }
}

/// Where a delivery goes next.
package enum Choice: Sendable, Equatable {
    case gateway(String)
    /// To a gateway that is down, as the one delivery that tries it.
    case trial(String)
    /// None is `ok`: it waits, assigned to this one.
    case park(String)
}

extension Route {
    /// Chooses the first gateway that is `ok`; a gateway before it that is down and due for a trial gets this delivery.
    ///
    /// `health`: The trial that is due, asked for each gateway: `nil` when the gateway is `ok`.
    package func choose(trialIsDue health: (String) -> Bool?) -> Choice? {
        for name in gateways {
            guard let isDue = health(name) else { return .gateway(name) }
            if isDue { return .trial(name) }
        }
        return gateways.first.map(Choice.park)
    }
}
