package import Deliveries
package import Spend
import Store

/// What a carrier says that it is about to hand over.
package struct BeginReport: Sendable {
    /// The carrier's own count of its text, and the price by the table it was given.
    package struct Figure: Sendable {
        package var segments: Int64
        package var encoding: SMSEncoding
        package var amount: Money

        package init(segments: Int64, encoding: SMSEncoding, amount: Money) {
            (self.segments, self.encoding, self.amount) = (segments, encoding, amount)
        }
    }

    /// `nil` for what is no token at all.
    package var token: CarrierToken?
    package var figure: Figure?

    package init(token: CarrierToken?, figure: Figure? = nil) {
        (self.token, self.figure) = (token, figure)
    }
}

extension Settlement {
    /// A gateway's words with what may name a person or be a code struck out.
    var withoutPersons: Settlement {
        var settlement = self
        settlement.detail = detail.map { GatewayWords.strikingOut($0) }
        settlement.gatewayReference = gatewayReference.flatMap { GatewayWords.reference($0) }
        return settlement
    }
}
