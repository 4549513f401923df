private import Deliveries
package import JSON
package import Transfer

/// How the trial of a gateway's connection went, in the words of the API.
package enum ProbeResult: String, Sendable {
    case ok, refused, unreachable

    package init(_ handOver: HandOver) {
        switch handOver.outcome {
        case .accepted: self = .ok
        case .refused: self = .refused
        case .retry, .throttled, .unknown, .released: self = .unreachable
        }
    }
}

extension HandOver {
    /// How long name, connection, TLS and login may take of a hand-over's time, and of a probe's.
    package static func connectTimeout(within timeout: Duration) -> Duration { min(timeout, .seconds(10)) }

    /// What a trial means.
    package init(_ trial: ServerTrial) {
        switch trial {
        case .stood: self.init(.accepted)
        case .unreachable(let reason): self.init(.retry, code: Outcome.unreachableCode, detail: reason)
        case .refused(let code, let reason): self.init(.refused, code: code, detail: reason)
        case .invalid:
            self.init(.refused, code: "settings", detail: "the gateway's url, login or certificates cannot be used")
        case .cancelled: self.init(.released)
        }
    }

    /// With what may name an account or a person struck out of the server's words.
    var ofProbe: HandOver {
        var handOver = self
        handOver.detail = detail.map { GatewayWords.strikingOut($0) }
        return handOver
    }

    /// What `--probe` prints of a gateway.
    package func line(of gateway: String, milliseconds: Int64) -> JSONValue {
        let told = ofProbe
        return [
            "gateway": .string(gateway), "result": .string(ProbeResult(self).rawValue),
            "code": told.code.map(JSONValue.string) ?? nil, "detail": told.detail.map(JSONValue.string) ?? nil,
            "ms": .integer(milliseconds),
        ]
    }
}
