private import AuthEvents
package import Clocks
package import PhoneNumbers
package import Spend

/// Which numbers are written to at all.
package struct DestinationPolicy: Sendable, Equatable {
    /// Empty: the tenant's own country only.
    package var countries: Set<String>
    package var numberTypes: Set<PhoneNumberKind>
    /// The most that a segment may cost, carrier fee included.
    package var priceCeiling: Money?

    package init(
        countries: Set<String> = [],
        numberTypes: Set<PhoneNumberKind> = [.mobile, .fixedOrMobile],
        priceCeiling: Money? = nil
    ) {
        (self.countries, self.numberTypes, self.priceCeiling) = (countries, numberTypes, priceCeiling)
    }
}

/// Why a number is not written to.
package struct DestinationRefusal: Error, Sendable, Equatable {
    package enum Reason: String, Sendable, CaseIterable {
        case country
        case numberType = "number_type"
        case noRoute = "no_route"
        case noPrice = "no_price"
        case priceCeiling = "price_ceiling"
    }

    /// Of the number, `nil` where it has none.
    package var country: String?
    package var reason: Reason

    package init(country: String?, reason: Reason) {
        (self.country, self.reason) = (country, reason)
    }
}

/// What one gateway would take for a text.
package struct GatewayQuote: Sendable, Equatable {
    package var gateway: String
    package var price: UnitPrice
    package var segments: SegmentCount

    package init(gateway: String, price: UnitPrice, segments: SegmentCount) {
        (self.gateway, self.price, self.segments) = (gateway, price, segments)
    }

    package var amount: Money { price.amount(segments: segments.segments) }
}

/// Decides where a number's message may go, and what it would cost there.
package struct Destinations: Sendable {
    package let policy: DestinationPolicy
    package let prices: PriceTable
    let routing: RoutingTable

    package init(policy: DestinationPolicy, routing: RoutingTable, prices: PriceTable) {
        (self.policy, self.routing, self.prices) = (policy, routing, prices)
    }

    /// The quotes of the route's gateways that have a price within the ceiling, in order of failover; never empty.
    ///
    /// Satellites and other numbers of no country fail by the country, premium and shared-cost numbers by their type,
    /// unless the policy names them.
    ///
    /// `home`: The tenant's own country.
    package func quotes(
        to number: PhoneNumber,
        _ segments: SegmentCount,
        home: String,
        at now: Instant
    ) throws(DestinationRefusal) -> [GatewayQuote] {
        func refusal(_ reason: DestinationRefusal.Reason) -> DestinationRefusal {
            DestinationRefusal(country: number.region, reason: reason)
        }
        let countries = policy.countries.isEmpty ? [home] : policy.countries
        guard let country = number.region, countries.contains(country) else { throw refusal(.country) }
        guard policy.numberTypes.contains(number.kind) else { throw refusal(.numberType) }
        guard let route = routing.route(for: .sms, country: country) else { throw refusal(.noRoute) }
        let quotes = route.gateways.compactMap { name -> GatewayQuote? in
            price(of: number.e164, country: country, at: name, now: now).map {
                GatewayQuote(gateway: name, price: $0, segments: segments)
            }
        }
        guard !quotes.isEmpty else { throw refusal(.noPrice) }
        let affordable = quotes.filter { isBelowCeiling($0.price) }
        guard !affordable.isEmpty else { throw refusal(.priceCeiling) }
        return affordable
    }

    /// What a segment to a number costs at a gateway.
    package func price(of number: String, country: String?, at gateway: String, now: Instant) -> UnitPrice? {
        guard let terms = routing.terms(of: gateway) else { return nil }
        return prices.price(of: number, country: country, gateway: gateway, kind: terms.kind, at: now)
    }

    func isBelowCeiling(_ price: UnitPrice) -> Bool {
        guard let ceiling = policy.priceCeiling else { return true }
        return price.currency == ceiling.currency && price.unit + price.fee <= ceiling.micros
    }
}
