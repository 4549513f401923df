package import Clocks
import JSON

/// What a server gives a carrier to do.
package enum CarrierTask: Sendable, Equatable {
    /// To send a message, after a begin.
    case send(Claim)
    /// To ask a gateway what became of an attempt.
    case ask(Question)
    /// To try the connection to a gateway; nothing is sent.
    case probe(Probe)
}

/// An attempt whose outcome nobody knows: its gateway may.
package struct Question: Sendable, Equatable {
    package var token: String
    package var delivery: String
    /// Opaque; the reference by which the gateway knows the message.
    package var attempt: String
    package var gateway: String
    /// When the server takes it that nobody asks.
    package var leasedUntil: BootInstant
    package var timeout: Duration
    /// The gateway's own name for the message, where it has told one.
    package var gatewayReference: String?
    /// The recipient.
    package var to: String

    package init(
        token: String,
        delivery: String,
        attempt: String,
        gateway: String,
        leasedUntil: BootInstant,
        timeout: Duration,
        gatewayReference: String? = nil,
        to: String
    ) {
        (self.token, self.delivery, self.attempt, self.gateway) = (token, delivery, attempt, gateway)
        (self.leasedUntil, self.timeout) = (leasedUntil, timeout)
        (self.gatewayReference, self.to) = (gatewayReference, to)
    }
}

/// A gateway whose connection is to be tried.
package struct Probe: Sendable, Equatable {
    package var token: String
    package var gateway: String
    package var leasedUntil: BootInstant
    package var timeout: Duration

    package init(token: String, gateway: String, leasedUntil: BootInstant, timeout: Duration) {
        (self.token, self.gateway) = (token, gateway)
        (self.leasedUntil, self.timeout) = (leasedUntil, timeout)
    }
}

extension CarrierTask {
    var token: String {
        switch self {
        case .send(let claim): claim.token
        case .ask(let question): question.token
        case .probe(let probe): probe.token
        }
    }

    /// Reads one member of the answer to a claim; times count from the arrival of the answer.
    ///
    /// Returns `nil` for what this carrier does not understand: it is left to its lease.
    init?(_ value: JSONValue, arrivedAt arrival: BootInstant) {
        switch value["task"]?.string {
        case "send":
            guard let claim = Claim(value, arrivedAt: arrival) else { return nil }
            self = .send(claim)
        case "ask":
            guard let question = Question(value, arrivedAt: arrival) else { return nil }
            self = .ask(question)
        case "probe":
            guard let probe = Probe(value, arrivedAt: arrival) else { return nil }
            self = .probe(probe)
        default: return nil
        }
    }
}

extension Question {
    fileprivate init?(_ value: JSONValue, arrivedAt arrival: BootInstant) {
        guard let token = value["token"]?.string, let delivery = value["delivery"]?.string,
            let attempt = value["attempt"]?.string, let gateway = value["gateway"]?.string,
            let lease = value["lease_ms"]?.int, let timeout = value["timeout_ms"]?.int,
            let to = value["message"]?["to"]?.string
        else { return nil }
        self.init(
            token: token,
            delivery: delivery,
            attempt: attempt,
            gateway: gateway,
            leasedUntil: arrival + .milliseconds(lease),
            timeout: .milliseconds(timeout),
            gatewayReference: value["gateway_reference"]?.string,
            to: to
        )
    }
}

extension Probe {
    fileprivate init?(_ value: JSONValue, arrivedAt arrival: BootInstant) {
        guard let token = value["token"]?.string, let gateway = value["gateway"]?.string,
            let lease = value["lease_ms"]?.int, let timeout = value["timeout_ms"]?.int
        else { return nil }
        self.init(
            token: token,
            gateway: gateway,
            leasedUntil: arrival + .milliseconds(lease),
            timeout: .milliseconds(timeout)
        )
    }
}
