/// Why a person is written to.
///
/// The raw value is what the store keeps.
package enum Purpose: Int64, Sendable, CaseIterable {
    case signUp = 1
    case recovery = 2
    case mfa = 3
    case attributeChange = 4
    case invitation = 5
    case notice = 6

    package init?(name: String) {
        guard let purpose = Purpose.allCases.first(where: { $0.name == name }) else { return nil }
        self = purpose
    }

    package var name: String {
        switch self {
        case .signUp: "sign_up"
        case .recovery: "recovery"
        case .mfa: "mfa"
        case .attributeChange: "attribute_change"
        case .invitation: "invitation"
        case .notice: "notice"
        }
    }

    /// The order in which waiting deliveries are handed out, 0 first: who waits before a screen goes before who does not.
    package var priority: Int64 {
        switch self {
        case .mfa: 0
        case .recovery: 1
        case .signUp, .attributeChange: 2
        case .invitation: 3
        case .notice: 4
        }
    }

    package static let priorities: ClosedRange<Int64> = 0...4
}
