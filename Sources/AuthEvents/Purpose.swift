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

    /// Whether its messages prove something: all but notices do.
    package var carriesCode: Bool { self != .notice }

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

    /// The channels in the order in which the first with an address is taken, where neither event nor settings name any.
    package var standardChannels: [Channel] {
        self == .mfa ? [.sms, .email] : [.email, .sms]
    }

    /// Whether the channels of one event may stand for one another, so that the code of any of them will do.
    package enum Grouping: Sendable { case never, whereAsked, unlessDeclined }

    package var grouping: Grouping {
        switch self {
        case .mfa: .unlessDeclined
        // Each address is to be proved by itself.
        case .signUp, .attributeChange: .never
        case .recovery, .invitation, .notice: .whereAsked
        }
    }
}
