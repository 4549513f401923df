package import PhoneNumbers
package import Spend

/// What the settings say of a number that is not written to, and of the gateways that might have taken it.
package struct DestinationFigures: Sendable, Equatable {
    /// What a segment would cost at a gateway; `nil` where no table says.
    package struct Price: Sendable, Equatable {
        package var gateway: String
        package var segment: Money?

        package init(gateway: String, segment: Money?) {
            (self.gateway, self.segment) = (gateway, segment)
        }
    }

    package var numberType: PhoneNumberKind
    /// Sorted; the tenant's own country where none is named.
    package var countries: [String]
    package var isHomeOnly: Bool
    /// Sorted.
    package var numberTypes: [PhoneNumberKind]
    package var ceiling: Money?
    /// Those of the number's route, in order of failover.
    package var prices: [Price]

    package init(
        numberType: PhoneNumberKind,
        countries: [String],
        isHomeOnly: Bool,
        numberTypes: [PhoneNumberKind],
        ceiling: Money?,
        prices: [Price]
    ) {
        (self.numberType, self.countries, self.isHomeOnly) = (numberType, countries, isHomeOnly)
        (self.numberTypes, self.ceiling, self.prices) = (numberTypes, ceiling, prices)
    }
}
