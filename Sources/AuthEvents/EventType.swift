/// What an application says has happened: the CloudEvents `type`.
package enum EventType: String, Sendable, CaseIterable {
    case signUp = "auth.sign_up"
    /// A sign-up that somebody wants its code for again.
    case confirmation = "auth.confirmation"
    case recovery = "auth.recovery"
    case mfa = "auth.mfa"
    case attributeChange = "auth.attribute_change"
    case invitation = "auth.invitation"
    case notice = "auth.notice"

    package var name: String { rawValue }

    package var purpose: Purpose {
        switch self {
        case .signUp, .confirmation: .signUp
        case .recovery: .recovery
        case .mfa: .mfa
        case .attributeChange: .attributeChange
        case .invitation: .invitation
        case .notice: .notice
        }
    }

    /// Whether it takes up the person's newest challenge even where that one has expired.
    package var reopens: Bool { self == .confirmation }

    /// The members that `data` may have; any other is refused by name.
    package var members: [String] {
        switch self {
        case .signUp, .confirmation, .recovery, .mfa, .invitation: EventType.withCode
        case .attributeChange: EventType.withPreviousAddresses
        case .notice: EventType.withNotice
        }
    }

    private static let common = [
        "email", "phone", "channels", "any_of", "locale", "name", "ip", "tenant", "link", "template_data",
    ]
    private static let withCode = common + ["session", "ttl", "code", "expires_at"]
    private static let withPreviousAddresses = withCode + ["previous_email", "previous_phone"]
    private static let withNotice = common + ["notice"]
}
