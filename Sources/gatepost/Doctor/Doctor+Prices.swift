import AuthEvents
import Clocks
import Composition
import Configuration
import Deliveries
import PhoneNumbers
import Spend

extension Doctor {
    /// A price that ends within this time is told of.
    private static let priceHorizon: Duration = .seconds(14 * 86_400)

    /// Whether each gateway that takes SMS has a price for each country that they may go to.
    func priceFindings() -> [Finding] {
        guard settings.gateways.contains(where: { $0.terms.channel == .sms }) else { return [] }
        var findings: [Finding] = []
        let destinations: Destinations
        do throws(SettingsError) {
            destinations = try settings.destinations(at: time.now()) { warning in
                findings.append(.warning("prices", warning, "correct the name in the table, or remove the row"))
            }
        } catch {
            return [.failed("prices", error.description, "correct the price table; the server would not start")]
        }
        let allowed = settings.destinationPolicy.countries
        let countries = (allowed.isEmpty ? Set(settings.tenants.map(\.defaultCountry)) : allowed).sorted()
        for country in countries { findings += priceFindings(of: country, destinations) }
        guard findings.isEmpty else { return findings }
        let list = countries.prefix(8).joined(separator: ", ") + (countries.count > 8 ? ", …" : "")
        return [.ok("prices", "every gateway for SMS has a price for \(list) (prices \(destinations.prices.version))")]
    }

    private func priceFindings(of country: String, _ destinations: Destinations) -> [Finding] {
        guard let number = PhoneNumber.example(of: country) else { return [] }
        guard let route = settings.routing.route(for: .sms, country: country) else {
            return [
                .failed(
                    "prices",
                    "\(country) is allowed and has no route",
                    "add a route, or take it out of countries.allow"
                )
            ]
        }
        let now = time.now()
        func isPriced(_ gateway: String, _ moment: Instant) -> Bool {
            destinations.price(of: number.e164, country: country, at: gateway, now: moment) != nil
        }
        let unpriced = route.gateways.filter { !isPriced($0, now) }
        if unpriced.count == route.gateways.count {
            return [
                .failed(
                    "prices",
                    "no gateway has a price for \(country) that holds today: its events are refused with no_price",
                    "add a row to a price table, or set prices.unpriced"
                )
            ]
        }
        var findings: [Finding] = unpriced.map { gateway in
            .warning(
                "prices",
                "\(gateway) has no price for \(country) that holds today, so nothing goes there",
                "add a row to a price table"
            )
        }
        let soon = now + Doctor.priceHorizon
        for gateway in route.gateways where isPriced(gateway, now) && !isPriced(gateway, soon) {
            findings.append(
                .warning(
                    "prices",
                    "the price of \(gateway) for \(country) ends within 14 days and none follows",
                    "add the row that follows (valid_from)"
                )
            )
        }
        return findings
    }
}
