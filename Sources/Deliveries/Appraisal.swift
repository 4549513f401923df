private import AuthEvents
package import Clocks
package import JSON
package import PhoneNumbers
package import Spend

/// What a message would take: whether its number is written to, its segments, and what it would cost; nothing is sent.
package struct Appraisal: Sendable, Equatable {
    /// What is said of a number.
    package struct Destination: Sendable, Equatable {
        /// `nil` where the text could not be read as a number.
        package var number: PhoneNumber?
        /// Why nothing would be sent: one of ``DestinationRefusal/Reason``, or `invalid_number`; `nil` where it would.
        package var reason: String?
        /// What to change, as a sentence; `nil` where nothing is refused.
        package var detail: String?
        /// Of the gateway that a message would be reserved for; of a refused number too, where it is known.
        package var quote: GatewayQuote?

        package var isAllowed: Bool { reason == nil }
    }

    /// `nil` where no number was asked about.
    package var destination: Destination?
    /// `nil` where no text was asked about.
    package var count: SegmentCount?

    /// What the text would cost at that number.
    package var amount: Money? {
        guard let count else { return nil }
        return destination?.quote?.price.amount(segments: count.segments)
    }
}

extension Appraisal {
    /// The shape `price` of the contract; of a text alone only the text's members.
    ///
    /// Beside them it has `detail`, `fee` (a segment's, as is `unit_price`) and the `gateway` whose price it is.
    package var json: JSONValue {
        var object: JSONObject = [:]
        if let destination {
            let number = destination.number
            object["number"] = .of(number?.e164)
            object["valid"] = .bool(number?.isValid ?? false)
            object["country"] = .of(number?.region)
            object["type"] = .of(number?.kind.rawValue)
            object["allowed"] = .bool(destination.isAllowed)
            object["reason"] = .of(destination.reason)
            object["detail"] = .of(destination.detail)
        }
        if destination != nil || count != nil {
            object["encoding"] = .of(count?.encoding.name)
            object["units"] = count.map { .integer(Int64($0.units)) } ?? .null
            object["segments"] = count.map { .integer(Int64($0.segments)) } ?? .null
        }
        if let destination {
            let price = destination.quote?.price
            object["unit_price"] = .of(price.map { Money.text(micros: $0.unit) })
            object["fee"] = .of(price.map { Money.text(micros: $0.fee) })
            object["amount"] = .of(amount?.amount)
            object["currency"] = .of(price?.currency.description)
            object["price_version"] = .of(price?.version)
            object["gateway"] = .of(destination.quote?.gateway)
        }
        return .object(object)
    }
}

extension Destinations {
    /// Says what acceptance would say of a number and a text; either may be left out.
    ///
    /// A national number is read as one of `home`, the tenant's own country; prices are those of the day of `now`.
    package func appraise(number: String?, text: String?, home: String, at now: Instant) -> Appraisal {
        let count = text.map { SegmentCount($0) }
        guard let number else { return Appraisal(destination: nil, count: count) }
        do throws(PhoneNumberError) {
            let number = try PhoneNumber(number, defaultRegion: home)
            // Which gateway is the dearest does not depend on the number of segments.
            let destination = destination(of: number, count ?? SegmentCount(""), home: home, at: now)
            return Appraisal(destination: destination, count: count)
        } catch {
            let unread = Appraisal.Destination(reason: "invalid_number", detail: error.description)
            return Appraisal(destination: unread, count: count)
        }
    }

    private func destination(
        of number: PhoneNumber,
        _ count: SegmentCount,
        home: String,
        at now: Instant
    ) -> Appraisal.Destination {
        do throws(DestinationRefusal) {
            let quotes = try quotes(to: number, count, home: home, at: now)
            return Appraisal.Destination(number: number, quote: GatewayQuote.dearest(of: quotes))
        } catch {
            return Appraisal.Destination(
                number: number,
                reason: error.reason.rawValue,
                detail: advice(on: error, number, home: home),
                quote: GatewayQuote.dearest(of: quotesWithoutPolicy(to: number, count, at: now))
            )
        }
    }

    /// What the gateways of the route would take, whether or not anything may be sent there.
    private func quotesWithoutPolicy(to number: PhoneNumber, _ count: SegmentCount, at now: Instant) -> [GatewayQuote] {
        let names = routing.route(for: .sms, country: number.region)?.gateways ?? []
        return names.compactMap { name in
            price(of: number.e164, country: number.region, at: name, now: now).map {
                GatewayQuote(gateway: name, price: $0, segments: count)
            }
        }
    }

    /// What to change so that the number would be written to.
    private func advice(on refusal: DestinationRefusal, _ number: PhoneNumber, home: String) -> String {
        switch (refusal.reason, refusal.country) {
        case (.country, nil) where !number.isValid, (.numberType, _) where !number.isValid:
            "The number lies in no assigned range; look it up."
        case (.country, nil):
            "The number belongs to no country, and messages go only to countries that are allowed by name."
        case (.country, let country?) where policy.countries.isEmpty:
            "Only \(home), the tenant's own country, is allowed; name both \(home) and \(country) in `countries.allow`."
        case (.country, let country?):
            "Messages to \(country) are not allowed; add it to `countries.allow` to send there."
        case (.numberType, _):
            "Numbers of the type \(number.kind.rawValue) are not written to; add it to `countries.number_types`."
        case (.noRoute, _):
            "No gateway takes SMS to this country; add one with `channel = \"sms\"`, or a route that names the country."
        case (.noPrice, _):
            "No price table has a price for the number; add a row to a file of `prices.files`, or set `prices.unpriced`."
        case (.priceCeiling, _):
            "No gateway of the route has a price within `countries.price_ceiling`\(ceiling); raise it to send there."
        }
    }

    private var ceiling: String { policy.priceCeiling.map { " (\($0) a segment)" } ?? "" }
}

extension GatewayQuote {
    /// What is reserved for a message: the dearest of those in the currency of the first, the earlier of two alike.
    package static func dearest(of quotes: [GatewayQuote]) -> GatewayQuote? {
        guard let first = quotes.first else { return nil }
        return quotes.filter { $0.price.currency == first.price.currency }
            .reduce(first) { $1.amount.micros > $0.amount.micros ? $1 : $0 }
    }
}

extension JSONValue {
    fileprivate static func of(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}
