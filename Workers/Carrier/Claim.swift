package import Clocks
import JSON
package import Spend

/// One delivery that the server leased to this carrier, with the message as it will be sent.
package struct Claim: Sendable, Equatable {
    package struct Message: Sendable, Equatable {
        package var to: String
        package var from: String
        package var subject: String
        package var text: String
        package var html: String?
        /// With its angle brackets; the same over all attempts.
        package var messageID: String
        /// Where the gateway shall report what became of the message.
        package var callbackURL: String?
        /// For sandbox gateways only.
        package var code: String?
    }

    /// What the server expects the message to cost at this gateway.
    package struct Price: Sendable, Equatable {
        /// Millionths of the currency for one segment.
        package var unitPrice: Int64
        /// Millionths of the currency on top of each segment.
        package var fee: Int64
        package var currency: Currency
        package var version: String?
        /// What the server counted.
        package var segments: Int64
        package var encoding: String
    }

    package var token: String
    package var delivery: String
    /// Opaque; the reference by which the gateway knows the message.
    package var attempt: String
    package var gateway: String
    package var purpose: String
    package var tenant: String
    /// When the lease is over unless it was begun; no later than the server's own.
    package var leasedUntil: BootInstant
    /// When the message is too late to be handed over.
    package var sendBefore: BootInstant
    /// When the message is of no use any more to who gets it.
    package var validUntil: BootInstant?
    package var timeout: Duration
    package var message: Message
    package var price: Price?
}

extension Claim {
    /// Reads a claim whose task is to send; `nil` where something of it is missing.
    init?(_ value: JSONValue, arrivedAt arrival: BootInstant) {
        guard let token = value["token"]?.string,
            let delivery = value["delivery"]?.string, let attempt = value["attempt"]?.string,
            let gateway = value["gateway"]?.string, let lease = value["lease_ms"]?.int,
            let sendWithin = value["send_within_ms"]?.int, let timeout = value["timeout_ms"]?.int,
            let message = value["message"], let to = message["to"]?.string, let from = message["from"]?.string,
            let text = message["text"]?.string
        else { return nil }
        (self.token, self.delivery, self.attempt, self.gateway) = (token, delivery, attempt, gateway)
        purpose = value["purpose"]?.string ?? ""
        tenant = value["tenant"]?.string ?? ""
        leasedUntil = arrival + .milliseconds(lease)
        sendBefore = arrival + .milliseconds(sendWithin)
        validUntil = value["valid_for_ms"]?.int.map { arrival + .milliseconds($0) }
        self.timeout = .milliseconds(timeout)
        self.message = Message(
            to: to,
            from: from,
            subject: message["subject"]?.string ?? "",
            text: text,
            html: message["html"]?.string,
            messageID: message["message_id"]?.string ?? "",
            callbackURL: message["callback_url"]?.string,
            code: message["code"]?.string
        )
        price = value["price"].flatMap(Price.init)
    }
}

extension Claim.Price {
    /// Reads the price; `nil` where it is null or lacks anything that a sum needs.
    init?(_ value: JSONValue) {
        guard let unit = value["unit_price"]?.string.flatMap({ Money.micros($0) }),
            let fee = value["fee"]?.string.flatMap({ Money.micros($0) }),
            let currency = value["currency"]?.string.flatMap(Currency.init),
            let segments = value["segments"]?.int, let encoding = value["encoding"]?.string
        else { return nil }
        (unitPrice, self.fee, self.currency) = (unit, fee, currency)
        (self.segments, self.encoding) = (segments, encoding)
        version = value["price_version"]?.string
    }
}
