/// What became of an attempt, as the carrier reports it.
///
/// The raw value is what the store keeps.
package enum Outcome: Int64, Sendable, CaseIterable {
    /// The gateway took it.
    case accepted = 1
    /// The gateway will never take it.
    case refused = 2
    /// The gateway did not take it now.
    case retry = 3
    /// The gateway wants a pause.
    case throttled = 4
    /// Nobody knows whether the gateway took it.
    case unknown = 5
    /// It surely was not handed over.
    case released = 6

    package init?(name: String) {
        guard let outcome = Outcome.allCases.first(where: { $0.name == name }) else { return nil }
        self = outcome
    }

    package var name: String {
        switch self {
        case .accepted: "accepted"
        case .refused: "refused"
        case .retry: "retry"
        case .throttled: "throttled"
        case .unknown: "unknown"
        case .released: "released"
        }
    }

    /// Whether the gateway surely has not taken it: what was committed for it is free again.
    package var isSurelyUnsent: Bool {
        switch self {
        case .refused, .retry, .throttled, .released: true
        case .accepted, .unknown: false
        }
    }

    /// The `code` of a ``retry`` that met no gateway at all: no connection, greeting, TLS or login.
    package static let unreachableCode = "unreachable"

    /// Whether an attempt that ended so counts against the number of attempts.
    package func counts(code: String?) -> Bool {
        switch self {
        case .throttled, .released: false
        case .retry: code != Outcome.unreachableCode
        case .accepted, .refused, .unknown: true
        }
    }
}
