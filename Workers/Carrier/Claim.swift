package import Clocks
import JSON

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
        /// For sandbox gateways only.
        package var code: String?
    }

    package var token: String
    package var delivery: String
    package var attempt: String
    package var gateway: String
    package var purpose: String
    package var tenant: String
    /// When the lease is over unless it was begun; no later than the server's own.
    package var leasedUntil: BootInstant
    /// When the message is too late to be handed over.
    package var sendBefore: BootInstant
    package var timeout: Duration
    package var message: Message
}

extension Claim {
    /// Reads one member of the answer to a claim; times count from the arrival of the answer.
    ///
    /// Returns `nil` for what this carrier does not understand: it is left to its lease.
    init?(_ value: JSONValue, arrivedAt arrival: BootInstant) {
        guard value["task"]?.string == "send", let token = value["token"]?.string,
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
        self.timeout = .milliseconds(timeout)
        self.message = Message(
            to: to,
            from: from,
            subject: message["subject"]?.string ?? "",
            text: text,
            html: message["html"]?.string,
            messageID: message["message_id"]?.string ?? "",
            code: message["code"]?.string
        )
    }
}
