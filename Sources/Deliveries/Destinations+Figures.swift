private import AuthEvents
package import Clocks
package import PhoneNumbers
import Spend

extension Destinations {
    /// What a number that is refused was judged by.
    package func figures(of number: PhoneNumber, home: String, at now: Instant) -> DestinationFigures {
        DestinationFigures(
            numberType: number.kind,
            countries: policy.countries.isEmpty ? [home] : policy.countries.sorted(),
            isHomeOnly: policy.countries.isEmpty,
            numberTypes: policy.numberTypes.sorted { $0.rawValue < $1.rawValue },
            ceiling: policy.priceCeiling,
            prices: gateways(for: number).map { name in
                let price = price(of: number.e164, country: number.region, at: name, now: now)
                return DestinationFigures.Price(gateway: name, segment: price?.amount(segments: 1))
            }
        )
    }

    /// The gateways of a number's route that cost more than the ceiling allows.
    package func tooDear(for number: PhoneNumber, at now: Instant) -> [String] {
        guard policy.priceCeiling != nil else { return [] }
        return gateways(for: number).filter { name in
            price(of: number.e164, country: number.region, at: name, now: now).map { !isBelowCeiling($0) } ?? false
        }
    }

    private func gateways(for number: PhoneNumber) -> [String] {
        routing.route(for: .sms, country: number.region)?.gateways ?? []
    }
}
