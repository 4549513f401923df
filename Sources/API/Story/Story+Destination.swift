import Clocks
import Deliveries
import JSON
import PhoneNumbers
import Spend

// Why a number is not written to, with what the settings say.
extension Story {
    /// So many countries are named in a sentence; all of them stand beside it.
    private static let namedCountries = 10

    mutating func tell(_ cause: DestinationRefusal, _ figures: DestinationFigures, at now: Instant) {
        var facts: JSONObject = [
            "country": cause.country.map(JSONValue.string) ?? nil,
            "number_type": .string(figures.numberType.rawValue), "reason": .string(cause.reason.rawValue),
        ]
        let country = cause.country ?? "no country"
        let gateways = figures.prices.map(\.gateway)
        switch cause.reason {
        case .country:
            facts["allowed"] = .array(figures.countries.map(JSONValue.string))
            facts["allowed_count"] = .integer(Int64(figures.countries.count))
            tell(.destination, at: now, "The number is one of \(country); \(Story.allowed(figures)).", facts)
        case .numberType:
            let types = figures.numberTypes.map(\.rawValue)
            facts["allowed"] = .array(types.map(JSONValue.string))
            tell(
                .destination,
                at: now,
                "The number is of the type \(figures.numberType.rawValue); written to are \(Story.list(types)).",
                facts
            )
        case .noRoute:
            tell(.route, at: now, "No route leads to \(country).", facts)
        case .noPrice:
            facts["gateways"] = .array(gateways.map(JSONValue.string))
            tell(.price, at: now, "None of its route has a price for the number: \(Story.list(gateways)).", facts)
        case .priceCeiling:
            let ceiling = figures.ceiling
            facts["ceiling"] = ceiling.map { .string($0.amount) } ?? .null
            facts["currency"] = ceiling.map { .string("\($0.currency)") } ?? .null
            facts["prices"] = .array(
                figures.prices.map { price in
                    [
                        "gateway": .string(price.gateway),
                        "segment_price": price.segment.map { .string($0.amount) } ?? nil,
                        "currency": price.segment.map { .string("\($0.currency)") } ?? nil,
                    ]
                }
            )
            let prices = figures.prices.map { "\($0.segment.map { "\($0)" } ?? "nothing known") at \($0.gateway)" }
            tell(
                .price,
                at: now,
                "A segment costs \(Story.list(prices)); at most \(ceiling.map { "\($0)" } ?? "nothing") is allowed.",
                facts
            )
        }
    }

    private static func allowed(_ figures: DestinationFigures) -> String {
        guard !figures.isHomeOnly else { return "only \(list(figures.countries)), the tenant's own, is written to" }
        let count = Int64(figures.countries.count)
        let names = figures.countries.count <= namedCountries ? ": \(list(figures.countries))" : ""
        return "countries.allow has \(count == 1 ? "1 country" : "\(count) countries")\(names)"
    }
}
