/// The way a message takes.
///
/// The raw value is what the store keeps.
package enum Channel: Int64, Sendable, CaseIterable {
    case email = 1
    case sms = 2

    package init?(name: String) {
        guard let channel = Channel.allCases.first(where: { $0.name == name }) else { return nil }
        self = channel
    }

    package var name: String {
        switch self {
        case .email: "email"
        case .sms: "sms"
        }
    }

    /// The member of an event's `data` that holds the address.
    package var addressName: String {
        switch self {
        case .email: "email"
        case .sms: "phone"
        }
    }
}
